"""The three networks for the 8×8 digits. All of them end in logits."""

import torch
from torch import nn


def multilayer_perceptron():
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(64, 128),
        nn.ReLU(),
        nn.Linear(128, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


def convolution_block(inputs, outputs):
    return [
        nn.Conv2d(inputs, outputs, 3, padding=1),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    ]


def average_pooling_network():
    return nn.Sequential(
        *convolution_block(1, 16),
        *convolution_block(16, 32),
        nn.AvgPool2d(2),
        *convolution_block(32, 48),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(48 * 2 * 2, 10),
    )


class ResidualNetwork(nn.Module):
    """Max pooling, a residual add, and a depthwise separable convolution."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(*convolution_block(1, 16), *convolution_block(16, 32))
        self.residual = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.residual_norm = nn.BatchNorm2d(32)
        self.pool = nn.MaxPool2d(2)
        self.depthwise = nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False)
        self.depthwise_norm = nn.BatchNorm2d(32)
        self.pointwise = nn.Conv2d(32, 64, 1, bias=False)
        self.pointwise_norm = nn.BatchNorm2d(64)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(64, 10)

    def forward(self, images):
        stem = self.stem(images)
        residual = self.residual_norm(self.residual(stem))
        pooled = self.pool(torch.relu(residual + stem))
        depthwise = torch.relu(self.depthwise_norm(self.depthwise(pooled)))
        pointwise = torch.relu(self.pointwise_norm(self.pointwise(depthwise)))
        return self.head(torch.flatten(self.average(pointwise), 1))


MODELS = {
    "mlp": multilayer_perceptron,
    "cnn-average": average_pooling_network,
    "cnn-residual": ResidualNetwork,
}
