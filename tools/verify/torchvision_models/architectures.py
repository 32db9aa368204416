"""Torchvision's classification architectures with random weights that a converter can be held to.

Of torchvision only the Python files are installed (see tools/verify/torchvision-models), so the
two compiled operators that its import insists on are declared here and never called.
"""

import zlib

import torch

_LIBRARY = torch.library.Library("torchvision", "DEF")
_LIBRARY.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
_LIBRARY.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402  (needs the declarations above)

STANDARD_SIZE = 224
STANDARD_SIZES = {"inception_v3": 299, "swin_v2_t": 256, "swin_v2_s": 256, "swin_v2_b": 256}

# Architectures that take any image size and are exported and run in a few seconds.
SMALL = {
    "mnasnet0_5": 64,
    "mobilenet_v3_small": 64,
    "resnet18": 64,
    "shufflenet_v2_x0_5": 64,
    "squeezenet1_1": 64,
}


def names():
    """All classification architectures, in alphabetical order."""
    return sorted(torchvision.models.list_models(module=torchvision.models))


def image_size(name):
    return STANDARD_SIZES.get(name, STANDARD_SIZE)


def images(name, size, count):
    """`count` images of normal noise, the same for a name and size on every run."""
    generator = torch.Generator().manual_seed(zlib.crc32(f"{name} {size}".encode()))
    return torch.randn((count, 3, size, size), generator=generator)


def build(name, size):
    """The architecture with seeded weights and plausible, uneven normalization statistics.

    Fresh statistics are 0 and 1, which would let a wrong folding pass unseen; statistics drawn
    at random make deep networks overflow. So two noise images are sent through in training mode
    and every statistic and every scale is then moved by up to a tenth.
    """
    torch.manual_seed(zlib.crc32(name.encode()))
    model = torchvision.models.get_model(name, weights=None)
    normalizations = [
        module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)
    ]
    if normalizations:
        for module in normalizations:
            module.reset_running_stats()
            module.momentum = 1.0
        model.train()
        with torch.no_grad():
            model(images(name + " statistics", size, 2))
            for module in normalizations:
                _unsettle(module)
    with torch.no_grad():
        for parameter in model.parameters():
            _wake(parameter)
    return model.eval()


def _wake(parameter):
    """Moves a parameter that starts as one number, because that number hides what it multiplies.

    A head of zeros gives zeros whatever comes before it, a scale of 1e-6 hides a whole block, and a
    normalization of ones and zeros is the same with its scale and shift exchanged.
    """
    first = parameter.flatten()[0]
    if not bool((parameter == first).all()):
        return
    if parameter.dim() > 1 and float(first) == 0:
        parameter.normal_(0, 0.02)
    elif 0 < float(first) < 0.01:
        parameter.uniform_(0.1, 0.5)
    else:
        parameter.add_(torch.empty_like(parameter).uniform_(-0.1, 0.1))


def _unsettle(module):
    module.running_var.add_(0.01)
    for values in (module.running_var, module.weight):
        values.mul_(torch.empty_like(values).uniform_(0.9, 1.1))
    deviation = module.running_var.sqrt()
    module.running_mean.add_(deviation * torch.empty_like(deviation).uniform_(-0.1, 0.1))
    module.bias.add_(torch.empty_like(module.bias).uniform_(-0.1, 0.1))
