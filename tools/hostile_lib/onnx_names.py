"""ONNX models whose names would act on whoever prints them: terminals, CI systems, web pages."""

from . import onnx_parts as onnx
from .case import Case

FAMILY = "onnx-names"
FILE = "model.onnx"

NAMES = (
    ("window-title", "sets the terminal's title", "\x1b]0;owned\x07"),
    ("clear-screen", "clears the terminal", "\x1b[2J\x1b[H"),
    ("single-byte-control", "a control sequence of one character", "\x9b31m"),
    ("workflow-error", "a command of GitHub on a line of its own", "a\n::error file=x::pwn"),
    ("workflow-stop", "switches commands of GitHub off", "\n::stop-commands::pwn\n"),
    ("workflow-mask", "masks a word in a log", "\r\n  ::add-mask::error"),
    ("section-end", "ends a section of XML", "]]></failure><script>alert(1)</script>"),
    ("html", "a script", "<img src=x onerror=alert(1)>"),
    ("reversed", "turns the direction of text around", "\u202egpj.exe"),
    ("isolated", "an isolate that never ends", "\u2066abc"),
    ("line-separator", "a line separator of Unicode", "a\u2028::error::pwn"),
    ("backspaces", "overwrites what stands before it", "evil\b\b\b\bgood"),
    ("percent", "a line break in the escapes of GitHub", "%0A::error::pwn"),
    ("markdown", "the cells of a table", "a | b | [x](http://example.com)"),
    ("quotes", "quotes and backslashes", "\"'`\\\"$(id)"),
    ("format", "directives of printf", "%s%n%@%x"),
    ("very-long", "100,000 characters", "A" * 100_000),
    ("combining", "10,000 accents on one letter", "e" + "\u0301" * 10_000),
)


PLACES = {
    "operator": "the name of an unknown operator",
    "node": "the name of a bad node",
    "shown": "the name of a good node",
}


def relu_model(operator="Relu", node_name="relu", source="x", domain=""):
    return onnx.model(onnx.graph(
        [onnx.node(operator, [source], ["y"], node_name, domain)],
        outputs=[onnx.value_info("y", ["batch", 4])]))


def cases():
    for name, reason, text in NAMES:
        for place, content in (
            ("operator", relu_model(operator=text)),
            ("node", relu_model(node_name=text, source="nowhere")),
            ("shown", relu_model(node_name=text)),
        ):
            yield Case(f"{FAMILY}/{place}-{name}", f"{PLACES[place]}: {reason}", {FILE: content})
    for name, reason, text in NAMES[:6]:
        yield Case(f"{FAMILY}/tensor-{name}", f"the name of a bad weight: {reason}", {
            FILE: onnx.model(onnx.graph([onnx.linear_node()], [
                onnx.tensor("weight", [3, 4], onnx.WEIGHT),
                onnx.tensor(text, [9], b"abc")]))})
