"""When a population is awake, may send, and takes its bias."""


class Clock:
    """The ticks of every population, from the schedule."""

    def __init__(self, program):
        ticks = program.timesteps
        lags = {"WAVEFRONT": 0, "TICK": 1, "STAGGERED": program.delay, "ACCUMULATE": ticks}
        lag = lags[program.schedule]
        self.travel = 1 if program.schedule == "TICK" else 0
        self.ticks = ticks
        self.opens, self.bias_from, self.begins, self.ends = [], [], [], []
        sources = [set() for _ in program.populations]
        for connection in program.connections:
            sources[connection.target].add(connection.source)
        for index, population in enumerate(program.populations):
            self.add(sources[index], lag, population.firing is None)

    def add(self, sources, lag, integrates):
        opened = [self.opens[source - 1] for source in sources if source]
        arrivals = [tick + self.travel for tick in opened]
        from_input = [0] if 0 in sources else []
        opens = max([0] + [tick + lag for tick in opened])
        bias_from = max([0] + arrivals)
        self.opens.append(opens)
        self.bias_from.append(bias_from)
        self.begins.append(min([bias_from] + from_input + arrivals))
        if integrates:
            self.ends.append(max([bias_from] + from_input + arrivals) + self.ticks)
        else:
            self.ends.append(opens + self.ticks)

    def is_awake(self, population, tick):
        return self.begins[population] <= tick < self.ends[population]

    def is_open(self, population, tick):
        return 0 <= tick - self.opens[population] < self.ticks

    def has_bias(self, population, tick):
        return 0 <= tick - self.bias_from[population] < self.ticks
