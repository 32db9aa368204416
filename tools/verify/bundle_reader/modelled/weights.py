"""The model of weights."""

from .mixer import IntegerModel, clamp, grade

WIDEST = 15


class Statistics:
    """The weights so far of one output or one input channel."""

    def __init__(self):
        self.count = self.nonzero = self.sum = 0

    def take(self, weight):
        self.count += 1
        self.nonzero += weight != 0
        self.sum += abs(weight)

    def density(self):
        return 16 * (2 * self.nonzero + 1) // (2 * self.count + 2)

    def mean(self, scale):
        return min(31, (2 * self.sum + 2) // (self.nonzero + 1) >> scale)


def code_weights(coder, maps, shapes):
    model = IntegerModel(WIDEST)
    for values, (shape, bits) in zip(maps, shapes):
        code_map(model, coder, values, [*shape, 1, 1][:4], max(0, bits - 5))


def code_map(model, coder, values, shape, scale):
    outputs, channels, height, width = shape
    area = height * width
    inputs = [Statistics() for _ in range(channels)]
    index = 0
    for _ in range(outputs):
        output = Statistics()
        for channel in range(channels):
            for place in range(area):
                contexts = contexts_of(
                    values, index, divmod(place, width), width, output, inputs[channel], scale
                )
                values[index] = model.code(coder, contexts, values[index])
                output.take(values[index])
                inputs[channel].take(values[index])
                index += 1


def contexts_of(values, index, place, width, output, source, scale):
    row, column = place

    def weight(distance, inside):
        return values[index - distance] if inside else 0

    left, above = weight(1, column > 0), weight(width, row > 0)
    corner = weight(width + 1, row > 0 and column > 0)
    right = weight(width - 1, row > 0 and column < width - 1)
    trend = clamp(left + above >> scale, -7, 7) + 7
    mean_out, mean_in = output.mean(scale), source.mean(scale)
    return (
        trend * 32 + mean_out,
        mean_in * 16 + source.density(),
        source.density() * 16 + output.density(),
        mean_out * 32 + mean_in,
        triple(left, above, corner),
        triple(weight(1, index > 0), weight(2, index > 1), right),
    )


def triple(first, second, third):
    return (grade(first, 5) * 11 + grade(second, 5)) * 11 + grade(third, 5)
