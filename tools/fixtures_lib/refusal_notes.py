"""Why an importer must refuse each model under fixtures/onnx/refused/."""

REASONS = {}
