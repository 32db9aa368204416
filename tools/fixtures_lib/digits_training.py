"""Trains one digits network, reproducibly and on one thread."""

import numpy
import torch

from . import common

EPOCHS = 80
BATCH_SIZE = 32
PEAK_LEARNING_RATE = 4e-3


def shifted(images, generator):
    """Moves each image by at most one pixel along each axis; zeros enter."""
    padded = numpy.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    height, width = images.shape[2:]
    result = numpy.empty_like(images)
    offsets = generator.integers(0, 3, size=(len(images), 2))
    for number, (top, left) in enumerate(offsets):
        result[number] = padded[number, :, top : top + height, left : left + width]
    return result


def train(model_class, x, y):
    """Trains for a fixed number of epochs: nothing is chosen on test images."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(common.SEED)
    generator = numpy.random.default_rng(common.SEED)
    model = model_class().train()
    # Smoothed labels keep the logits, and so the activations, moderate.
    loss_function = torch.nn.CrossEntropyLoss(label_smoothing=0.05)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    batches = len(x) // BATCH_SIZE
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_LEARNING_RATE, total_steps=EPOCHS * batches
    )
    for _ in range(EPOCHS):
        order = generator.permutation(len(x))[: batches * BATCH_SIZE]
        for chosen in order.reshape(batches, BATCH_SIZE):
            logits = model(torch.from_numpy(shifted(x[chosen], generator)))
            loss = loss_function(logits, torch.from_numpy(y[chosen]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model.eval()
