"""The networks for the 8×8 digits. All of them end in logits."""

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


class Attention(nn.Module):
    """Softmax attention with a projection each for queries, keys and values."""

    def __init__(self, tokens, width, heads):
        super().__init__()
        self.split = (-1, tokens, heads, width // heads)
        self.joined = (-1, tokens, width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def heads(self, projected):
        return projected.reshape(self.split).transpose(1, 2)

    def forward(self, x):
        query, key, value = (
            self.heads(project(x)) for project in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5
        mixed = torch.softmax(scores, dim=-1) @ value
        return self.output(mixed.transpose(1, 2).reshape(self.joined))


class Block(nn.Module):
    """Attention and a perceptron, each behind its normalization and added."""

    def __init__(self, tokens, width, heads):
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(tokens, width, heads)
        self.perceptron_norm = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.perceptron(self.perceptron_norm(x))


class VisionTransformer(nn.Module):
    """Two blocks over 16 patches of 2×2 pixels, and the mean of the tokens."""

    def __init__(self, width=32, heads=4):
        super().__init__()
        tokens = 16
        self.patches = nn.Conv2d(1, width, 2, stride=2)
        self.positions = nn.Parameter(0.02 * torch.randn(1, tokens, width))
        self.blocks = nn.Sequential(*(Block(tokens, width, heads) for _ in range(2)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 10)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2) + self.positions
        return self.head(self.norm(self.blocks(x)).mean(dim=1))


MODELS = {
    "mlp": multilayer_perceptron,
    "cnn-average": average_pooling_network,
    "cnn-residual": ResidualNetwork,
    "vit": VisionTransformer,
}
