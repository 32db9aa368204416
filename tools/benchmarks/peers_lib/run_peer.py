"""Runs one peer in its own environment and prints its figures as JSON.

    run_peer.py spikingjelly|sinabs|onnxruntime MODEL CALIBRATION IMAGES LABELS T THREADS BATCH COUNT
"""

import json
import sys
import time

import numpy

MEAN = numpy.array([0.485, 0.456, 0.406], "float32")
STD = numpy.array([0.229, 0.224, 0.225], "float32")


def load(path, count):
    """uint8 NHWC images as the network's inputs."""
    images = numpy.load(path)[:count].astype("float32") / 255
    return numpy.ascontiguousarray(((images - MEAN) / STD).transpose(0, 3, 1, 2))


def batches(images, size):
    return [images[i : i + size] for i in range(0, len(images), size)]


def spikingjelly(model, calibration, ticks, batch):
    import torch
    from peers_lib.network import Network
    from spikingjelly.activation_based import ann2snn, functional

    loader = [(torch.from_numpy(b), 0) for b in batches(calibration, batch)]
    if hasattr(ann2snn, "RateCodingRecipe"):
        recipe = ann2snn.RateCodingRecipe(loader, mode="99.9%")
        convert = ann2snn.Converter(recipe).convert
    else:
        convert = ann2snn.Converter(mode="99.9%", dataloader=loader)
    network = convert(Network(model).eval())

    def run(images):
        functional.reset_net(network)
        x = torch.from_numpy(images)
        return sum(network(x) for _ in range(ticks)).numpy()

    return run


def sinabs(model, calibration, ticks, batch):
    import torch
    from peers_lib.network import Network
    from sinabs.from_torch import from_model

    network = from_model(Network(model).eval(), batch_size=batch, add_spiking_output=False)

    def run(images):
        network.reset_states()
        x = torch.from_numpy(images).repeat_interleave(ticks, 0)
        return network(x).unflatten(0, (len(images), ticks)).sum(1).numpy()

    return run


def onnxruntime(model, calibration, ticks, batch):
    import onnxruntime as runtime

    options = runtime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda images: session.run(None, {name: images})[0]


def main():
    peer, model, calibration, images, labels, *numbers = sys.argv[1:]
    ticks, threads, batch, count = map(int, numbers)
    global THREADS
    THREADS = threads
    if peer != "onnxruntime":
        import torch

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
    start = time.perf_counter()
    run = globals()[peer](model, load(calibration, 512), ticks, batch)
    converted = time.perf_counter() - start
    parts = batches(load(images, count), batch)
    run(parts[0])
    times = []
    for _ in range(2):
        start = time.perf_counter()
        outputs = numpy.concatenate([run(part) for part in parts])
        times.append(time.perf_counter() - start)
    right = (outputs.argmax(1) == numpy.load(labels)[: len(outputs)]).mean()
    print(
        json.dumps(
            {"conversion": converted, "speed": len(outputs) / min(times), "accuracy": right}
        )
    )


if __name__ == "__main__":
    main()
