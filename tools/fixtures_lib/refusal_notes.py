"""Why an importer must refuse each model under fixtures/onnx/refused/."""

REASONS = {
    "unsupported-operators": (
        "the nodes lstm_first (LSTM) and nonzero_second (NonZero) are not "
        "supported; an error should name both"
    ),
    "custom-domain-operator": (
        "the operator FancyRelu of the domain com.example is unknown"
    ),
    "weights-not-a-number": "the initializer weight holds a NaN",
    "weights-infinite": "the initializer weight holds an infinity",
    "dims-product-overflow": (
        "the initializer weight states the dims [2^33, 2^33]; their product, "
        "2^66, does not fit 64 bits, and raw_data holds 16 bytes"
    ),
    "dims-product-wraps-to-zero": (
        "the initializer weight states the dims [2^32, 2^32]; their product, "
        "2^64, is 0 when it wraps, which is what raw_data holds"
    ),
    "dims-negative": "the initializer weight states the dims [-4, -6]",
    "dims-more-than-bytes": (
        "the initializer weight states 24 elements and holds 20 of float32"
    ),
    "dims-fewer-than-bytes": (
        "the initializer weight states 24 elements and holds 28 of float32"
    ),
    "external-path-parent": (
        "the initializer weight lies at ../../../../etc/passwd, outside the "
        "model's directory"
    ),
    "external-path-absolute": (
        "the initializer weight lies at the absolute path /etc/passwd"
    ),
    "graph-cycle": "the nodes relu_first and relu_second use each other's output",
    "input-undefined": "the node relu_first reads the value nowhere, which none makes",
    "duplicate-output-names": (
        "the nodes relu_first and relu_second both make the value y"
    ),
    "duplicate-initializer-names": "two initializers are named weight",
    "nested-messages": (
        "100,000 messages nest within each other (AttributeProto.g, "
        "GraphProto.node, NodeProto.attribute and again)"
    ),
    "empty-initializers": "200,000 initializers have neither name nor data",
}
