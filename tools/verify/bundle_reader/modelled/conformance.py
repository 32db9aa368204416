"""The models of conformance vectors: palettes, inputs, scores and records."""

import bisect

from .mixer import EVEN, INPUTS, IntegerModel, clamp, digits, grade, wrapped

PALETTES = 4
INPUT_DIGITS, RECORD_DIGITS = 18, 64
CHECKSUM_BITS = 32
RECORD_BYTES = 20


class Form:
    """What the program fixes: the planes of its input, payloads, scores and records."""

    def __init__(self, shape, inputs, payloads, scores, ticks):
        self.channels = shape[0] if len(shape) > 1 else 1
        self.height = shape[1] if len(shape) > 2 else 1
        self.width = shape[-1]
        self.cells = self.channels * self.height * self.width
        self.palettes = self.channels if self.channels <= PALETTES else 1
        self.inputs, self.payloads, self.scores, self.ticks = inputs, payloads, scores, ticks
        records = sum(8 + RECORD_BYTES * count for count in ticks)
        self.bytes_of_vector = 8 + 4 * inputs + 8 + 8 * scores + records


class Vectors(list):
    """`count` vectors of zeros, to be filled by a decoder."""

    def __init__(self, form, count):
        super().__init__(
            {
                "inputs": [0] * form.inputs,
                "scores": [0] * form.scores,
                "populations": [[[0, 0, 0] for _ in range(ticks)] for ticks in form.ticks],
            }
            for _ in range(count)
        )
        self.palettes = [[] for _ in range(form.palettes)]


def whole(value):
    """A number of 64 bits."""
    return wrapped(value, RECORD_DIGITS)


def code_vectors(coder, vectors, form):
    gaps = IntegerModel(INPUT_DIGITS)
    for palette in vectors.palettes:
        palette[:] = code_palette(coder, gaps, palette, form.payloads)
    inputs = InputModel(form)
    records = RecordModel()
    for vector in vectors:
        for start in range(0, form.inputs, form.cells):
            inputs.code(coder, vector["inputs"], start, vectors.palettes)
        records.code(coder, vector)


def code_palette(coder, model, palette, payloads):
    least, most = payloads
    contexts = [0] * INPUTS
    count = model.code(coder, contexts, len(palette))
    if not 1 <= count <= most - least + 1:
        raise ValueError(f"a palette of {count} payloads")
    result, last = [], least - 1
    for index in range(count):
        given = palette[index] - last - 1 if index < len(palette) else 0
        gap = model.code(coder, contexts, given)
        last += gap + 1
        if gap < 0 or last > most:
            raise ValueError("a palette leaves the range of payloads")
        contexts[0], contexts[1] = 1 + min(gap, 63), digits(gap)
        result.append(last)
    return result


class InputModel:
    def __init__(self, form):
        self.model = IntegerModel(INPUT_DIGITS)
        self.form = form
        self.places = [0] * form.cells

    def code(self, coder, inputs, start, palettes):
        """One tick of inputs."""
        form, cell = self.form, 0
        for channel in range(form.channels):
            palette = palettes[min(channel, len(palettes) - 1)]
            for row in range(form.height):
                for column in range(form.width):
                    contexts, prediction = self.contexts(channel, row, column)
                    place = bisect.bisect_left(palette, inputs[start + cell])
                    coded = self.model.code(coder, contexts, place - prediction)
                    self.places[cell] = clamp(prediction + coded, 0, len(palette) - 1)
                    inputs[start + cell] = palette[self.places[cell]]
                    cell += 1

    def contexts(self, channel, row, column):
        left, above, corner, right, far = self.neighbours(channel, row, column)
        prediction, rest = median(left, above, corner), 0
        if channel:
            cell = ((channel - 1) * self.form.height + row) * self.form.width + column
            rest = self.places[cell] - median(*self.neighbours(channel - 1, row, column)[:3])
            prediction += rest
        activity = abs(left - corner) + abs(above - corner) + abs(above - right)
        size, plane = min(digits(activity), 15), min(channel, 3)
        contexts = (
            size * 4 + plane,
            grade(rest, 8) * 16 + size,
            grade(left - corner, 8) * 17 + grade(above - corner, 8),
            grade(far - left, 8) * 17 + grade(above - right, 8),
            clamp(prediction >> 2, 0, 63) * 4 + plane,
            (clamp(left - prediction, -15, 15) + 15) * 31
            + clamp(above - prediction, -15, 15) + 15,
        )
        return contexts, prediction

    def neighbours(self, channel, row, column):
        width = self.form.width
        start = (channel * self.form.height + row) * width + column

        def place(up, back):
            return self.places[start - up * width - back]

        left = place(0, 1) if column else place(1, 0) if row else 0
        above = place(1, 0) if row else left
        corner = place(1, 1) if row and column else above
        right = place(1, -1) if row and column < width - 1 else above
        return left, above, corner, right, place(0, 2) if column > 1 else left


def median(left, above, corner):
    return clamp(left + above - corner, min(left, above), max(left, above))


class RecordModel:
    def __init__(self):
        self.scores = IntegerModel(RECORD_DIGITS)
        self.spikes = IntegerModel(RECORD_DIGITS)
        self.excess = IntegerModel(RECORD_DIGITS)
        self.before = None

    def code(self, coder, vector):
        scores = vector["scores"]
        for index, score in enumerate(scores):
            last = digits(scores[index - 1]) if index else 0
            other = digits(self.before["scores"][index]) if self.before else 0
            contexts = (last, min(index, 64), other, 0, 0, 0)
            scores[index] = whole(self.scores.code(coder, contexts, score))
        above = []
        for population, records in enumerate(vector["populations"]):
            self.code_records(coder, records, above, population)
            above = records
        self.before = vector

    def code_records(self, coder, records, above, population):
        other = self.before["populations"][population] if self.before else None
        last = last_excess = 0
        for tick, record in enumerate(records):
            previous = records[tick - 1][0] if tick else 0
            contexts = (
                grade(last, 20),
                min(population, 63) * 2 + (tick == 0),
                min(tick, 7) * 65 + digits(previous),
                digits(previous),
                41 + grade(difference(other, tick), 20) if other is not None else 20,
                grade(difference(above, tick), 20),
            )
            last = whole(self.spikes.code(coder, contexts, whole(record[0] - previous)))
            extra = whole(record[1] - record[0] - last_excess)
            extra = self.excess.code(coder, (0,) * INPUTS, extra)
            last_excess = whole(last_excess + extra)
            record[0] = whole(previous + last)
            record[1] = whole(record[0] + last_excess)
            record[2] = plain(coder, record[2])


def difference(records, tick):
    if tick >= len(records):
        return 0
    return whole(records[tick][0] - (records[tick - 1][0] if tick else 0))


def plain(coder, word):
    """Bits from the highest on, each as likely set as clear."""
    result = 0
    for shift in reversed(range(CHECKSUM_BITS)):
        result = result << 1 | coder.code(bool(word >> shift & 1), EVEN)
    return result
