"""How the host makes payloads of a sample's numbers (schemas/bundle.md, part 3)."""

import numpy


def payloads(program, values):
    """[samples, ticks or 1, neurons] of values [samples, neurons] in single precision."""
    port = program.input
    ticks = port.ticks or program.timesteps
    if port.poisson:
        return poisson(port.poisson, values, ticks)
    coding = port.constant_current
    most = (1 << coding.bits - coding.negative) - 1
    levels = numpy.rint(values / numpy.float32(coding.scale))
    return numpy.clip(levels, -most if coding.negative else 0, most).astype(numpy.int64)[:, None]


def poisson(coding, values, ticks):
    """Spikes with probability |x| / scale: SplitMix64's finalizer over seed, tick and neuron."""
    share = numpy.minimum(numpy.abs(values) / numpy.float32(coding.scale), numpy.float32(1))
    level = numpy.rint(share * numpy.float32(65536)).astype(numpy.uint64)
    sign = numpy.sign(values).astype(numpy.int64)
    if not coding.negative:
        sign = numpy.maximum(sign, 0)
    neurons = numpy.arange(values.shape[1], dtype=numpy.uint64)
    frames = []
    for tick in range(ticks):
        drawn = draw(numpy.uint64(coding.seed), numpy.uint64(tick), neurons)
        frames.append(numpy.where(drawn < level, sign, 0))
    return numpy.stack(frames, axis=1)


def draw(seed, tick, neurons):
    with numpy.errstate(over="ignore"):
        z = seed + ((tick << numpy.uint64(40) ^ neurons) + numpy.uint64(1)) * numpy.uint64(
            0x9E3779B97F4A7C15)
        z = (z ^ z >> numpy.uint64(30)) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ z >> numpy.uint64(27)) * numpy.uint64(0x94D049BB133111EB)
    return (z ^ z >> numpy.uint64(31)) >> numpy.uint64(48)
