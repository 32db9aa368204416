"""One small network per Keras layer and form; built with Keras 2 or Keras 3.

Each entry is a function of the module (`keras` or `tf_keras`) that gives a
model whose weights are still to be drawn.
"""

import numpy


def chain(shape, *names_and_options):
    """A Sequential model of the layers, each a class name with its options."""

    def build(keras):
        layers = [keras.layers.InputLayer(shape)]
        for name, options in names_and_options:
            layers.append(getattr(keras.layers, name)(**options))
        return keras.Sequential(layers)

    return build


def adapted(keras):
    """A normalization that read its statistics from data, and counted them."""
    layer = keras.layers.Normalization(axis=-1)
    # Means and variances that differ from channel to channel.
    cells = numpy.arange(120, dtype=numpy.float32).reshape(2, 4, 5, 3)
    layer.adapt(numpy.sin(cells) * numpy.float32([1, 2, 3]) + numpy.float32([0, 1, -1]))
    return keras.Sequential([keras.layers.InputLayer((4, 5, 3)), layer])


def merge(name, **options):
    """Two branches from one input, which the layer brings together."""

    def build(keras):
        layers = keras.layers
        source = layers.Input((4, 5, 3))
        left = layers.Conv2D(2, 1)(source)
        right = layers.Conv2D(2, 3, padding="same")(source)
        merged = getattr(layers, name)(**options)([left, right])
        return keras.Model(source, layers.Flatten()(merged))

    return build


def flat_branches(keras):
    """Flattened planes laid end to end, with a plain vector between them."""
    layers = keras.layers
    source = layers.Input((4, 5, 3))
    left = layers.Flatten()(layers.Conv2D(2, 3)(source))
    middle = layers.GlobalAveragePooling2D()(source)
    right = layers.Flatten()(layers.MaxPooling2D(2)(source))
    joined = layers.Concatenate()([left, middle, right])
    return keras.Model(source, layers.Dense(4)(joined))


def nested(keras):
    layers = keras.layers
    inner = keras.Sequential(
        [layers.InputLayer((4, 5, 3)), layers.Conv2D(4, 3), layers.BatchNormalization()],
        name="inner",
    )
    half = layers.Input((2, 3, 4))
    tail = keras.Model(
        half, layers.Dense(5)(layers.Flatten()(layers.ReLU()(half))), name="tail"
    )
    source = layers.Input((4, 5, 3))
    return keras.Model(source, tail(inner(source)))


def shared(keras):
    """One layer called twice: its weights serve both calls."""
    layers = keras.layers
    source = layers.Input((6,))
    layer = layers.Dense(6, activation="relu")
    return keras.Model(source, layers.Add()([layer(source), layer(layer(source))]))


def two_ends(keras):
    layers = keras.layers
    first, second = layers.Input((4,)), layers.Input((3,))
    joined = layers.Concatenate()([first, second])
    return keras.Model([first, second], [layers.Dense(2)(joined), layers.Dense(3)(first)])


def dropped(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.InputLayer((4, 4, 2)),
            layers.SpatialDropout2D(0.1),
            layers.Conv2D(3, 2),
            layers.GaussianNoise(0.1),
            layers.Dropout(0.5),
            layers.GaussianDropout(0.2),
            layers.ActivityRegularization(0.1),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


PLANE = (5, 6, 3)
LINE = (7, 3)

LAYERS = {
    "dense": chain((6,), ("Dense", {"units": 4, "activation": "relu"})),
    "dense-without-bias": chain((6,), ("Dense", {"units": 4, "use_bias": False})),
    "dense-over-planes": chain(PLANE, ("Dense", {"units": 4})),
    "dense-over-rows": chain((5, 4), ("Dense", {"units": 3}), ("Flatten", {})),
    "flatten-rows": chain((5, 4), ("Flatten", {}), ("Dense", {"units": 3})),
    "flatten-planes": chain(
        PLANE, ("Conv2D", {"filters": 4, "kernel_size": 3}), ("Flatten", {}),
        ("Activation", {"activation": "relu"}), ("BatchNormalization", {}),
        ("Dense", {"units": 3}),
    ),
    "flatten-last": chain(PLANE, ("MaxPooling2D", {"pool_size": 2}), ("Flatten", {})),
    "conv2d-valid": chain(PLANE, ("Conv2D", {"filters": 4, "kernel_size": (2, 3)})),
    "conv2d-same-stride-2": chain(
        PLANE, ("Conv2D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"})
    ),
    "conv2d-same-even": chain(
        PLANE, ("Conv2D", {"filters": 4, "kernel_size": 4, "padding": "same"})
    ),
    "conv2d-groups": chain(
        (5, 6, 4), ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2})
    ),
    "conv2d-dilated": chain(
        PLANE,
        ("Conv2D", {"filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "same"}),
    ),
    "conv1d": chain(LINE, ("Conv1D", {"filters": 4, "kernel_size": 3, "activation": "relu"})),
    "conv1d-same-stride-2": chain(
        LINE, ("Conv1D", {"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"}),
        ("Flatten", {}), ("Dense", {"units": 2}),
    ),
    "conv1d-causal": chain(
        LINE,
        ("Conv1D", {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"}),
    ),
    "conv3d": chain(
        (4, 5, 6, 2),
        ("Conv3D", {"filters": 3, "kernel_size": (2, 3, 2), "strides": 2, "padding": "same"}),
    ),
    "depthwise-conv2d": chain(
        PLANE,
        ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"}),
    ),
    "depthwise-conv2d-stride-2": chain(
        PLANE, ("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "padding": "same"})
    ),
    "separable-conv2d": chain(
        PLANE,
        ("SeparableConv2D", {"filters": 4, "kernel_size": 3, "depth_multiplier": 2}),
    ),
    "separable-conv1d": chain(
        LINE, ("SeparableConv1D", {"filters": 4, "kernel_size": 3, "padding": "same"})
    ),
    "batch-normalization": chain(PLANE, ("BatchNormalization", {"epsilon": 0.01})),
    "batch-normalization-bare": chain(
        (6,), ("BatchNormalization", {"scale": False, "center": False})
    ),
    "layer-normalization": chain((6,), ("LayerNormalization", {})),
    "layer-normalization-planes": chain(PLANE, ("LayerNormalization", {"axis": -1})),
    "max-pooling2d": chain(PLANE, ("MaxPooling2D", {"pool_size": (2, 3)})),
    "max-pooling2d-same": chain(
        PLANE, ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"})
    ),
    "average-pooling2d": chain(PLANE, ("AveragePooling2D", {"pool_size": 2})),
    "average-pooling2d-same": chain(
        PLANE, ("AveragePooling2D", {"pool_size": 3, "strides": 2, "padding": "same"})
    ),
    "max-pooling1d": chain(LINE, ("MaxPooling1D", {"pool_size": 2})),
    "average-pooling1d-same": chain(
        LINE, ("AveragePooling1D", {"pool_size": 2, "padding": "same"})
    ),
    "global-average-pooling2d": chain(PLANE, ("GlobalAveragePooling2D", {})),
    "global-max-pooling2d": chain(PLANE, ("GlobalMaxPooling2D", {"keepdims": True})),
    "global-average-pooling1d": chain(
        LINE, ("Conv1D", {"filters": 2, "kernel_size": 2}), ("GlobalAveragePooling1D", {})
    ),
    "global-max-pooling1d": chain(
        LINE, ("Conv1D", {"filters": 2, "kernel_size": 2}), ("GlobalMaxPooling1D", {})
    ),
    "reshape-to-plane": chain(
        (24,), ("Reshape", {"target_shape": (4, 3, 2)}),
        ("Conv2D", {"filters": 2, "kernel_size": 2}),
    ),
    "reshape-plane": chain(PLANE, ("Reshape", {"target_shape": (3, -1, 2)})),
    "reshape-back": chain(
        PLANE, ("Flatten", {}), ("Reshape", {"target_shape": PLANE}),
        ("Conv2D", {"filters": 2, "kernel_size": 2}),
    ),
    "permute": chain(PLANE, ("Permute", {"dims": (3, 1, 2)}), ("Flatten", {})),
    "zero-padding2d": chain(PLANE, ("ZeroPadding2D", {"padding": ((1, 2), (0, 3))})),
    "zero-padding1d": chain(
        LINE, ("ZeroPadding1D", {"padding": (2, 1)}),
        ("Conv1D", {"filters": 2, "kernel_size": 2}),
    ),
    "cropping2d": chain(PLANE, ("Cropping2D", {"cropping": ((1, 0), (2, 1))})),
    "up-sampling2d": chain(PLANE, ("UpSampling2D", {"size": (2, 3)})),
    "re-lu": chain(
        (8,),
        ("ReLU", {"max_value": 1.5, "negative_slope": 0.25, "threshold": 0.5}),
    ),
    "re-lu-6": chain((8,), ("ReLU", {"max_value": 6.0})),
    "re-lu-shifted": chain((8,), ("ReLU", {"threshold": 0.5})),
    "leaky-re-lu": chain((8,), ("LeakyReLU", {})),
    "p-re-lu": chain(PLANE, ("PReLU", {"shared_axes": [1, 2]})),
    "p-re-lu-each": chain(PLANE, ("PReLU", {})),
    "elu": chain((8,), ("ELU", {"alpha": 0.5})),
    "softmax": chain((8,), ("Softmax", {})),
    "softmax-planes": chain(PLANE, ("Softmax", {"axis": 1})),
    "rescaling": chain(PLANE, ("Rescaling", {"scale": 0.5, "offset": -1.0})),
    "normalization": chain(
        PLANE,
        ("Normalization", {"mean": [0.1, 0.2, 0.3], "variance": [1.0, 2.0, 0.5]}),
    ),
    "normalization-adapted": adapted,
    "add": merge("Add"),
    "subtract": merge("Subtract"),
    "multiply": merge("Multiply"),
    "average": merge("Average"),
    "maximum": merge("Maximum"),
    "minimum": merge("Minimum"),
    "concatenate": merge("Concatenate"),
    "concatenate-rows": merge("Concatenate", axis=1),
    "flat-branches": flat_branches,
    "nested": nested,
    "shared": shared,
    "two-ends": two_ends,
    "dropped": dropped,
}  # fmt: skip

ACTIVATIONS = (
    "elu", "exponential", "gelu", "hard_sigmoid", "linear", "mish", "relu", "selu",
    "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh",
)  # fmt: skip
NEWER_ACTIVATIONS = ("celu", "hard_swish", "leaky_relu", "log_softmax", "relu6", "tanh_shrink")

for _name in ACTIVATIONS + NEWER_ACTIVATIONS:
    LAYERS[f"activation-{_name}"] = chain((8,), ("Activation", {"activation": _name}))

# What both generations of Keras write in each of their forms.
EVERYWHERE = (
    "flatten-planes", "separable-conv2d", "p-re-lu", "nested", "shared", "normalization",
    "normalization-adapted",
)  # fmt: skip

# Archives that stay byte for byte as Keras writes them.
AS_WRITTEN = ("dense", "nested")
