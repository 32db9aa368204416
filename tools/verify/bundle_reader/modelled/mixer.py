"""Probabilities from six contexts, mixed in the domain of their logits; integers by them."""

KNOTS = (
    21, 36, 59, 98, 162, 266, 438, 720, 1178, 1921, 3108, 4971, 7812, 11955, 17625, 24742, 32768,
    40793, 47910, 53580, 57723, 60564, 62427, 63614, 64357, 64815, 65097, 65269, 65373, 65437,
    65476, 65499, 65514,
)
LARGEST_LOGIT = 2047
INPUTS = 6
LARGEST_COUNT = 127
LARGEST_WEIGHT = 1 << 20
EVEN = 1 << 15


def probability_of(logit):
    place = max(-LARGEST_LOGIT, min(LARGEST_LOGIT, logit)) + 2048
    index, rest = divmod(place, 128)
    return KNOTS[index] * (128 - rest) + KNOTS[index + 1] * rest + 64 >> 7


def inverse():
    """For each j of 4096 the least logit whose probability is 16·j or more, else the largest."""
    logits, logit = [], -LARGEST_LOGIT
    for step in range(4096):
        while logit < LARGEST_LOGIT and probability_of(logit) < 16 * step:
            logit += 1
        logits.append(logit)
    return logits


LOGITS = inverse()
RATES = [(1 << 17) // (2 * count + 3) for count in range(LARGEST_COUNT + 1)]


class IntegerModel:
    """Codes integers of at most `widest` binary digits, bit by bit, in six contexts."""

    def __init__(self, widest):
        self.widest = widest
        # (input, context, node): probability and count.
        self.seen = {}
        self.weights = [[1 << 14] * INPUTS for _ in range(4 * widest - 2)]

    def bit(self, coder, contexts, node, bit):
        keys = [(i, contexts[i], node) for i in range(INPUTS)]
        seen = [self.seen.get(key, (EVEN, 0)) for key in keys]
        logits = [LOGITS[probability >> 4] for probability, _ in seen]
        weights = self.weights[node]
        mixed = probability_of(sum(w * s for w, s in zip(weights, logits)) >> 16)
        bit = coder.code(bit, mixed)
        error = (bit << 16) - mixed
        for i in range(INPUTS):
            weight = weights[i] + (3 * logits[i] * error + (1 << 16) >> 17)
            weights[i] = max(-LARGEST_WEIGHT, min(LARGEST_WEIGHT, weight))
            probability, count = seen[i]
            step = (65535 * bit - probability) * RATES[count] >> 16
            self.seen[keys[i]] = (probability + step, min(count + 1, LARGEST_COUNT))
        return bit

    def code(self, coder, contexts, value):
        magnitude = abs(value)
        if not self.bit(coder, contexts, 0, magnitude != 0):
            return 0
        negative = self.bit(coder, contexts, 1, value < 0)
        digits, length = magnitude.bit_length(), 1
        while length < self.widest and self.bit(coder, contexts, 1 + length, digits > length):
            length += 1
        first = self.widest + 1 + 3 * (length - 2)
        result = 1
        for depth in range(length - 1):
            bit = bool(magnitude >> (length - 2 - depth) & 1)
            if depth == 0:
                bit = self.bit(coder, contexts, first, bit)
            elif depth == 1:
                bit = self.bit(coder, contexts, first + 1 + (result & 1), bit)
            else:
                bit = coder.code(bit, EVEN)
            result = result << 1 | bit
        return -result if negative else result


def digits(value):
    return abs(value).bit_length()


def grade(value, limit):
    size = min(digits(value), limit)
    return limit - size if value < 0 else limit + size


def wrapped(value, bits):
    """Two's complement of so many bits."""
    return (value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


def clamp(value, least, most):
    return max(least, min(most, value))
