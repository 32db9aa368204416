"""Architecture descriptions in YAML that explode, recurse or ask for the impossible."""

import struct

from . import safetensors_parts as parts
from .case import Case
from .safetensors_parts import entry

FAMILY = "architecture"
FILE = "layers.yaml"
WEIGHTS = "model.safetensors"
ARGUMENTS = ("inspect", WEIGHTS, "--architecture", FILE)
HUGE = 1 << 62

LINEAR = parts.good_file()
CONVOLUTION = parts.file(
    {"conv.weight": entry("F32", [2, 2, 3, 3], 0, 144), "conv.bias": entry("F32", [2], 144, 152)},
    struct.pack("<38f", *[0.5] * 38))


def described(layers, head="", input_shape="[4]", name="name: hostile"):
    return f"{name}\ninput: {input_shape}\n{head}layers:\n{layers}"


def texts():
    good = described("  - linear: fc\n")
    yield "alias-bomb", "nine levels of anchors, ten aliases each: 10^9 values", (
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
            for before, name in zip("abcdefgh", "bcdefghi")) + good)
    yield "anchor", "an anchor", good.replace("linear: fc", "linear: &name fc")
    yield "alias-to-itself", "a list that contains itself", "name: &a [*a]\n" + good
    yield "merge-key", "keys taken over from elsewhere", good.replace(
        "  - linear: fc", "  - <<: {linear: fc}")
    yield "tag-python", "a tag that another reader would run", good.replace(
        "linear: fc", "linear: !!python/object/apply:os.system [id]")
    yield "tag-binary", "a binary value", good.replace("fc", "!!binary aGVsbG8=")
    yield "depth-lists", "10,000 lists within each other", good + "  - " + "[" * 10_000 + (
        "]" * 10_000 + "\n")
    yield "depth-blocks", "2,000 mappings within each other", good + "".join(
        " " * (index + 2) + "a:\n" for index in range(2000))
    yield "depth-dashes", "1,000 lists on one line", good + "  " + "- " * 1000 + "x\n"
    yield "large", "half a megabyte of comments", good + "# comment\n" * 52_000
    yield "long-word", "a word of 100,000 characters", good.replace("fc", "f" * 100_000)
    yield "many-layers", "20,000 layers", good + "  - relu\n" * 20_000
    yield "duplicate-key", "two lists of layers", good + "layers: []\n"
    yield "duplicate-option", "an option twice", described(
        "  - max-pool: 2\n    stride: 1\n    stride: 2\n", input_shape="[2, 6, 6]")
    yield "two-documents", "two documents in one file", good + "---\n" + good
    yield "not-yaml", "no YAML", "name: [unclosed\n"
    yield "tab", "a tab in the place of blanks", good.replace("  - linear", "\t- linear")
    yield "empty", "no text", ""
    yield "only-comment", "a comment alone", "# nothing\n"
    yield "list", "a list in the place of a description", "- name: hostile\n"
    yield "scalar", "a word in the place of a description", "hostile\n"
    yield "byte-order-mark", "a byte-order mark before the description", (
        "\ufeff" + good)
    yield "zero", "a zero byte", good.replace("fc", "f\0c")
    yield "control", "a control character in a name", good.replace("fc", '"\\e[2Jfc"')
    yield "new-line-in-name", "a name of two lines", good.replace(
        "fc", '"fc\\n::error::pwn"')
    yield "good", "the description without anything wrong", good


def keys():
    yield "no-name", "a description without a name", described("  - linear: fc\n", name="# no")
    yield "no-input", "a description without an input", "name: a\nlayers:\n  - linear: fc\n"
    yield "no-layers", "a description without layers", "name: a\ninput: [4]\n"
    yield "layers-empty", "no layers", "name: a\ninput: [4]\nlayers: []\n"
    yield "layers-word", "a word in the place of layers stands for one that uses no weights", (
        "name: a\ninput: [4]\nlayers: relu\n")
    yield "key-unknown", "a key that descriptions do not have", described(
        "  - linear: fc\n", "hook: run\n")
    yield "layer-unknown", "a layer that does not exist", described("  - lambda: x\n")
    yield "layer-option-unknown", "an option that the layer does not have", described(
        "  - linear: fc\n    activation: relu\n")
    yield "layer-without-word", "a layer that is a list", described("  - [linear, fc]\n")
    yield "layer-empty", "a layer without anything", described("  -\n")
    for name, shape in (("negative", "[-4]"), ("zero", "[0]"), ("float", "[4.0]"),
                        ("huge", f"[{HUGE}]"), ("2-64", f"[{1 << 64}]"), ("text", "[four]"),
                        ("rank-5", "[1, 1, 1, 1, 4]"), ("scalar", "{}"), ("none", "[]"),
                        ("nested", "[[4]]"), ("star-alone", '["*", "*"]')):
        yield f"input-{name}", f"an input of {shape}", described("  - linear: fc\n",
                                                                 input_shape=shape)
    yield "input-product-huge", "a sample of 2^60 values", described(
        "  - relu\n", input_shape="[1048576, 1048576, 1048576]")


def blocks():
    yield "block-itself", "a block that contains itself", described(
        "  - block: a\n", "define:\n  a:\n    layers:\n      - block: a\n")
    yield "blocks-each-other", "two blocks that contain each other", described(
        "  - block: a\n", "define:\n  a: {layers: [{block: b}]}\n  b: {layers: [{block: a}]}\n")
    ten = ", ".join(["{block: NEXT}"] * 10)
    chain = "".join(f"  b{level}: {{layers: [{ten.replace('NEXT', f'b{level + 1}')}]}}\n"
                    for level in range(6))
    yield "blocks-multiply", "six levels of blocks, ten times each: a million layers", described(
        "  - block: b0\n", f"define:\n{chain}  b6: {{layers: [relu]}}\n")
    yield "block-unknown", "a block that nobody defines", described("  - block: nowhere\n")
    yield "block-empty", "a block without layers", described(
        "  - block: a\n", "define:\n  a: {layers: []}\n")
    yield "placeholder-unknown", "a placeholder without a value", described('  - linear: "{x}"\n')
    yield "placeholder-open", "a placeholder that never ends", described('  - linear: "{x"\n')
    yield "placeholder-itself", "a value that is its own placeholder", described(
        '  - linear: "{x}"\n', 'with: {x: "{x}"}\n')
    yield "placeholder-doubles", "a value of 1,000 bytes, 200 times", described(
        f'  - linear: "{"{x}" * 200}"\n', f"with: {{x: {'y' * 1000}}}\n")
    yield "repeat-without-each", "a repetition without a name", described("  - repeat: a\n")
    yield "repeat-numbers-many", "a repetition of 20,000 numbers", described(
        '  - repeat: a\n    each: "{n}"\n    numbers: [' + ",".join(map(str, range(20_000)))
        + "]\n", "define:\n  a: {layers: [relu]}\n")
    yield "repeat-nothing", "a repetition for tensors that do not exist", described(
        '  - repeat: a\n    each: "x.{n}"\n', "define:\n  a: {layers: [relu]}\n")
    yield "repeat-same", "a repetition of one name is endless", described(
        '  - repeat: a\n    each: "fc{n}"\n    numbers: []\n',
        "define:\n  a: {layers: [relu]}\n")


def values():
    def convolution(option):
        return described(f"  - convolution: conv\n    {option}\n", input_shape="[2, 6, 6]")

    for name, option in (
        ("stride-0", "stride: 0"), ("stride-negative", "stride: -1"),
        ("stride-huge", f"stride: {HUGE}"), ("stride-2-64", f"stride: {1 << 64}"),
        ("stride-float", "stride: 1.5"), ("stride-three", "stride: [1, 1, 1]"),
        ("stride-text", "stride: fast"), ("padding-huge", f"padding: {HUGE}"),
        ("padding-large", "padding: 1000000"), ("padding-negative", "padding: -9"),
        ("padding-word", "padding: mirror"), ("dilation-0", "dilation: 0"),
        ("dilation-huge", f"dilation: {HUGE}"), ("groups-0", "groups: 0"),
        ("groups-3", "groups: 3"), ("groups-huge", f"groups: {HUGE}"),
        ("bias-missing", "bias: nowhere"), ("weight-missing", "weight: nowhere"),
        ("weight-is-bias", "weight: conv.bias"),
    ):
        yield f"convolution-{name}", f"a convolution with {option}", convolution(option)
    for name, layer, shape in (
        ("pool-0", "max-pool: 0", "[2, 6, 6]"), ("pool-huge", f"max-pool: {HUGE}", "[2, 6, 6]"),
        ("pool-larger", "average-pool: 9", "[2, 6, 6]"),
        ("pool-flat", "max-pool: 2", "[4]"),
        ("clip-crossed", "clip: [6, 0]", "[4]"), ("clip-not-a-number", "clip: [0, .nan]", "[4]"),
        ("reshape-huge", f"reshape: [{HUGE}, 4]", "[4]"),
        ("reshape-guess-two", "reshape: [-1, -1]", "[4]"),
        ("reshape-zero", "reshape: [0, 4]", "[4]"),
        ("add-nothing", "add: []", "[4]"), ("add-unknown", "add: [nowhere]", "[4]"),
        ("concat-axis", "{concat: [input, input], axis: 9}", "[4]"),
        ("leaky-infinite", "leaky-relu: .inf", "[4]"),
        ("softmax-option", "{softmax: , axis: 99}", "[4]"),
    ):
        yield layer_case(name, layer, shape)
    wires = "".join(f"  - concat: [v{index}, v{index}]\n    axis: 0\n    name: v{index + 1}\n"
                    for index in range(60))
    yield "concat-doubles", "60 layers that each double the values", described(
        "  - relu:\n    name: v0\n" + wires)
    yield "linear-of-image", "a linear layer on an image", described(
        "  - linear: fc\n", input_shape="[2, 6, 6]")
    yield "linear-other-size", "a linear layer for another number of inputs", described(
        "  - linear: fc\n", input_shape="[5]")
    yield "linear-twice", "one weight in two layers", described("  - linear: fc\n  - linear: fc\n")
    yield "weights-spare", "layers that leave the weights unused", described("  - relu\n")


def layer_case(name, layer, shape):
    return name, f"a layer `{layer}`", described(f"  - {layer}\n", input_shape=shape)


def choices():
    for name, reason, choice in (
        ("choice-unknown", "a ready description that does not exist", "resnext"),
        ("choice-path", "a path that is no description", "/etc/passwd"),
        ("choice-absent", "a file that does not exist", "absent.yaml"),
        ("choice-parameter", "a parameter that the description does not have", f"{FILE}:x=1"),
        ("choice-parameter-cut", "a parameter without a value", f"{FILE}:x"),
        ("choice-empty", "no name", ""),
        ("choice-other", "a ready description for other tensors", "resnet"),
    ):
        yield Case(f"{FAMILY}/{name}", reason, {
            WEIGHTS: LINEAR, FILE: described("  - linear: fc\n").encode()},
            ("inspect", WEIGHTS, "--architecture", choice))
    yield Case(f"{FAMILY}/choice-none", "tensors that fit no ready description",
               {WEIGHTS: parts.file({"w": entry("F32", [15], 0, 60)})})


def cases():
    found = [Case(f"{FAMILY}/{name}", reason, {
        FILE: text.encode(), WEIGHTS: CONVOLUTION if name.startswith("convolution-") else LINEAR},
        ARGUMENTS)
        for name, reason, text in (*texts(), *keys(), *blocks(), *values())]
    found.append(Case(f"{FAMILY}/not-utf-8", "a description that is no UTF-8", {
        FILE: described("  - linear: fc\n").encode().replace(b"fc", b"f\xff"), WEIGHTS: LINEAR},
        ARGUMENTS))
    return [*found, *choices()]
