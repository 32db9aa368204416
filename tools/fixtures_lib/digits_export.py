"""Exports a trained network through both of PyTorch's ONNX exporters."""

import io

import onnx
import torch

from . import common

INPUT_NAMES = ["images"]
OUTPUT_NAMES = ["logits"]
EXAMPLE_SHAPE = (2, 1, 8, 8)


def export_torchscript(model, **options):
    """The older exporter, at opset 17."""
    buffer = io.BytesIO()
    torch.onnx.export(
        model,
        (torch.zeros(EXAMPLE_SHAPE),),
        buffer,
        dynamo=False,
        opset_version=17,
        input_names=INPUT_NAMES,
        output_names=OUTPUT_NAMES,
        dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}},
        **options,
    )
    return onnx.load_from_string(buffer.getvalue())


def export_dynamo(model):
    """The newer exporter, at opset 18."""
    program = torch.onnx.export(
        model,
        (torch.zeros(EXAMPLE_SHAPE),),
        dynamo=True,
        opset_version=18,
        input_names=INPUT_NAMES,
        output_names=OUTPUT_NAMES,
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        verbose=False,
    )
    return program.model_proto


def strip(message):
    """Clears notes in every part of the model; they hold paths and traces."""
    for field in ("doc_string", "metadata_props"):
        if field in message.DESCRIPTOR.fields_by_name:
            message.ClearField(field)
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        if hasattr(value, "ListFields"):
            strip(value)
        else:
            for element in value:
                strip(element)


def export_all(name, model):
    exports = {"torchscript17": export_torchscript(model)}
    # The transformer in one form alone: all fixtures together are bounded.
    if name != "vit":
        exports["dynamo18"] = export_dynamo(model)
    if name == "cnn-average":
        # PRESERVE leaves out the exporter's merging of BatchNormalization
        # into convolutions; the model itself remains in evaluation mode.
        exports["unfolded17"] = export_torchscript(
            model,
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
        )
    for form, exported in exports.items():
        strip(exported)
        onnx.checker.check_model(exported, full_check=True)
        common.write_model(exported, common.DIGITS / f"{name}.{form}.onnx")
