"""The handwritten-digits fixtures: images, trained models, logits."""

import numpy
import safetensors.torch
from sklearn.datasets import load_digits

from . import common, digits_export, digits_models, digits_training

TEST_COUNT = 500
CALIBRATION_COUNT = 256
MODEL_SCALE = 16  # models take pixel / 16

# The least test accuracy at which a model is good enough to be a fixture.
REQUIRED_ACCURACY = {
    "mlp": 0.97,
    "cnn-average": 0.98,
    "cnn-residual": 0.98,
    "vit": 0.97,
}

# Weights alone are of use where an architecture description names them.
DESCRIBED = ("mlp", "cnn-average", "cnn-residual")


def split_digits():
    """Returns (training x, training y), calibration x, (test x, test y).

    The calibration images are drawn from the training images: they are what
    a user has at hand when converting a model, and they carry no labels.
    """
    source = load_digits()
    pixels = source.images.astype(numpy.uint8)[:, None, :, :]
    labels = source.target.astype(numpy.int64)
    generator = numpy.random.default_rng(common.SEED)
    order = generator.permutation(len(pixels))
    test, training = order[:TEST_COUNT], order[TEST_COUNT:]
    calibration = generator.choice(training, CALIBRATION_COUNT, replace=False)
    return (
        (pixels[training], labels[training]),
        pixels[calibration],
        (pixels[test], labels[test]),
    )


def as_model_input(pixels):
    return pixels.astype(numpy.float32) / numpy.float32(MODEL_SCALE)


def write_logits(name, test_x, test_y):
    """Checks that all exports of a model agree, and keeps their logits."""
    x = as_model_input(test_x)
    reference = common.run_onnxruntime(
        common.DIGITS / f"{name}.torchscript17.onnx", x
    )
    for path in sorted(common.DIGITS.glob(f"{name}.*.onnx")):
        difference = numpy.abs(common.run_onnxruntime(path, x) - reference).max()
        if difference > 1e-5:
            raise SystemExit(f"{path.name} differs by {difference}")
    accuracy = float((reference.argmax(axis=1) == test_y).mean())
    if accuracy < REQUIRED_ACCURACY[name]:
        raise SystemExit(f"{name}: test accuracy {accuracy} is too low")
    common.save_array(common.DIGITS / f"{name}.logits.npy", reference)
    print(f"{name}: test accuracy {accuracy:.4f}")


def generate():
    common.empty_directory(common.DIGITS)
    (training_x, training_y), calibration_x, (test_x, test_y) = split_digits()
    common.save_array(common.DIGITS / "calibration_x.npy", calibration_x)
    common.save_array(common.DIGITS / "test_x.npy", test_x)
    common.save_array(common.DIGITS / "test_y.npy", test_y)
    for name, model_class in digits_models.MODELS.items():
        model = digits_training.train(
            model_class, as_model_input(training_x), training_y
        )
        digits_export.export_all(name, model)
        if name in DESCRIBED:
            weights = safetensors.torch.save(model.state_dict())
            (common.DIGITS / f"{name}.safetensors").write_bytes(weights)
        write_logits(name, test_x, test_y)
