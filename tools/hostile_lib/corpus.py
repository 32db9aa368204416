"""All families of the corpus. A new family is one module and its line here."""

from . import (
    architecture_descriptions,
    bundles,
    chip_files,
    hdf5_files,
    keras_models,
    modelled_bundles,
    nir_files,
    numpy_arrays,
    onnx_external,
    onnx_graphs,
    onnx_names,
    onnx_operators,
    onnx_tensors,
    onnx_wire,
    safetensors_headers,
    safetensors_index,
    tflite_models,
    zip_archives,
)

FAMILIES = (
    onnx_wire,
    onnx_external,
    onnx_tensors,
    onnx_graphs,
    onnx_operators,
    onnx_names,
    safetensors_headers,
    safetensors_index,
    numpy_arrays,
    tflite_models,
    zip_archives,
    architecture_descriptions,
    hdf5_files,
    keras_models,
    nir_files,
    chip_files,
    bundles,
    modelled_bundles,
)


def cases():
    found = [case for family in FAMILIES for case in family.cases()]
    names = [case.name for case in found]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise ValueError(f"cases of one name: {', '.join(sorted(doubled))}")
    return found


def write(folder, found):
    folder.mkdir(parents=True)
    for case in found:
        case.write(folder)
