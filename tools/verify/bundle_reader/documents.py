"""Canonical JSON: the recipe and the report."""

import json
import math

FORM, CANONICAL = "SYN0607", "SYN0610"
LEVELS = 64
# Up to here every whole number is an f64.
EXACT = 2**53
SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
CONTROLS = ((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x202E))


def read_document(container, name):
    section = container.by_name[name]
    try:
        text = section.raw.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=unique_keys, parse_constant=refuse_constant,
            parse_float=finite, parse_int=whole,
        )
        written = canonical(value).encode("utf-8")
    except UnicodeError as error:
        section.fail(FORM, "it is not UTF-8", getattr(error, "start", 0))
    except json.JSONDecodeError as error:
        section.fail(FORM, f"it is not JSON: {error.msg}", error.pos)
    except (ValueError, RecursionError) as error:
        section.fail(FORM, f"it is not canonical JSON: {error}")
    if written != section.raw:
        pairs = enumerate(zip(written, section.raw))
        place = next((at for at, (a, b) in pairs if a != b), min(len(written), len(section.raw)))
        section.fail(CANONICAL, "it is not in canonical form", place)
    return value


def unique_keys(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def refuse_constant(text):
    raise ValueError(f"{text} is not a number of JSON")


def finite(text):
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not finite")
    return value


def canonical(value, level=0):
    if isinstance(value, (dict, list)) and level >= LEVELS:
        raise ValueError("more than 64 levels")
    if isinstance(value, dict):
        members = (f"{quoted(key)}:{canonical(value[key], level + 1)}" for key in sorted(value))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, level + 1) for item in value) + "]"
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number(value)


def whole(text):
    value = int(text)
    # Beyond 64 bits a number is an f64, whatever its digits.
    return value if -(2**63) <= value < 2**63 else finite(text)


def number(value):
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    text = repr(value)
    if "e" in text or abs(value) <= EXACT:
        return text
    # Python goes over to exponents only at 1e16.
    digits = text.removesuffix(".0").lstrip("-")
    fraction = digits[1:].rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[0]}{'.' if fraction else ''}{fraction}e+{len(digits) - 1:02}"


def quoted(text):
    return '"' + "".join(escaped(character) for character in text) + '"'


def escaped(character):
    if character in SHORT_ESCAPES:
        return SHORT_ESCAPES[character]
    if any(first <= ord(character) <= last for first, last in CONTROLS):
        return f"\\u{ord(character):04x}"
    return character
