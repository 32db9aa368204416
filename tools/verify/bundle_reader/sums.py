"""The bound on the input of a neuron in one tick."""

from . import geometry

CODE = "SYN0403"
LIMIT = 1 << 62


def check_sums(container, manifest, weights):
    """For each output of the maps into one population the sum of what could arrive in one tick."""
    section = container.by_name["manifest"]
    program = manifest.program
    sums = [[0] * geometry.planes(item.shape)[0] for item in program.populations]
    for connection, values in zip(program.connections, weights):
        area = 1
        for relay in connection.relays:
            area *= relay.kernel_y * relay.kernel_x
        reach = largest_payload(program, connection.source) * area
        outputs = sums[connection.target]
        row = len(values) // len(outputs)
        for output in range(len(outputs)):
            weight = sum(abs(value) for value in values[output * row : (output + 1) * row])
            outputs[output] += weight * reach
            if outputs[output] >= LIMIT:
                section.fail(CODE, "the input of a neuron could leave 62 bits", connection.at)


def largest_payload(program, source):
    if source:
        firing = program.populations[source - 1].firing
        return max(-firing.lowest_payload, firing.highest_payload) if firing else 0
    return input_range(program.input)[1]


def input_range(port):
    """The least and the largest payload of the input."""
    encoding = port.constant_current or port.events or port.poisson
    bits = 1 + encoding.negative if port.poisson else encoding.bits
    most = (1 << (bits - encoding.negative)) - 1
    return (-most if encoding.negative else 0), most
