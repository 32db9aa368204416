"""Running the conformance vectors and comparing every record."""

from .machine import Machine

FIELDS = ("spikes", "payload", "checksum")


def replay(bundle):
    """The differences as lines; none where the machine gives what the vectors state."""
    machine = Machine(bundle.program, bundle.weights, bundle.parameters, bundle.clock)
    differences = []
    for index, vector in enumerate(bundle.vectors):
        scores, records = machine.run(vector["inputs"])
        differences += compare(bundle, index, vector, records)
        if scores != vector["scores"]:
            differences.append(f"vector {index}: scores {scores}, stated {vector['scores']}")
    return differences


def compare(bundle, index, vector, records):
    for number, stated in enumerate(vector["populations"]):
        name = bundle.program.populations[number].name
        for place, (found, expected) in enumerate(zip(records[number], stated, strict=True)):
            tick = bundle.clock.begins[number] + place
            for field, a, b in zip(FIELDS, found, expected):
                if a != b:
                    yield f"vector {index}, `{name}`, tick {tick}: {field} {a}, stated {b}"
