"""The table by operator, the list of refusals, the totals and the JSON document."""

import collections
import dataclasses

from onnx_node_tests import operators

KINDS = ("passed", "refused", "failed")


def table(verdicts):
    """Forward cases by operator, and beside them those that are counted apart."""
    rows = collections.defaultdict(collections.Counter)
    for verdict in verdicts:
        rows[verdict.operator][(verdict.special is None, verdict.kind)] += 1
    yield f"{'operator':<34} {'passed':>7} {'refused':>8} {'failed':>7}   other: " + "/".join(KINDS)
    for operator, counts in sorted(rows.items()):
        forward = [counts[(True, kind)] for kind in KINDS]
        other = [counts[(False, kind)] for kind in KINDS]
        mark = "*" if operator in operators.REQUIRED else " "
        tail = "/".join(str(count) for count in other) if any(other) else ""
        yield (f"{operator:<33}{mark} {forward[0]:>7} {forward[1]:>8} {forward[2]:>7}   {tail}"
               .rstrip())


def details(verdicts):
    for kind in ("refused", "failed"):
        chosen = [verdict for verdict in verdicts if verdict.kind == kind]
        if chosen:
            yield f"\n{kind}:"
        for verdict in sorted(chosen, key=lambda verdict: (verdict.operator, verdict.name)):
            special = f" ({verdict.special})" if verdict.special else ""
            code = f"{verdict.code} " if verdict.code else ""
            variant = f" [{verdict.variant}]" if kind == "failed" else ""
            yield f"  {verdict.name}{special}: {code}{verdict.reason}{variant}"


def totals(verdicts):
    forward = collections.Counter(
        verdict.kind for verdict in verdicts if verdict.special is None)
    required = collections.Counter(
        verdict.kind for verdict in verdicts
        if verdict.special is None and verdict.operator in operators.REQUIRED)
    special = collections.defaultdict(collections.Counter)
    for verdict in verdicts:
        if verdict.special:
            special[verdict.special][verdict.kind] += 1
    return {
        "cases": len(verdicts),
        "forward": ordered(forward),
        "required": ordered(required),
        "special": {reason: ordered(counts) for reason, counts in sorted(special.items())},
    }


def ordered(counts):
    return {kind: counts[kind] for kind in KINDS}


def total_lines(verdicts):
    sums = totals(verdicts)
    parts = [("float32 forward", sums["forward"]), ("of required operators", sums["required"])]
    parts += sums["special"].items()
    yield ""
    for label, counts in parts:
        shown = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
        yield f"{label}: {shown}"


def problems(verdicts):
    """What makes the run bad, one line each."""
    seen = set()
    for verdict in verdicts:
        if verdict.kind == "failed":
            yield f"{verdict.name} failed: {verdict.reason}"
        if verdict.special or verdict.operator not in operators.REQUIRED:
            continue
        if verdict.kind == "refused":
            seen.add(verdict.name)
            if verdict.name not in operators.EXCEPTIONS:
                yield f"{verdict.name} must not be refused: {verdict.code} {verdict.reason}"
    names = {verdict.name for verdict in verdicts}
    for name in sorted((operators.EXCEPTIONS.keys() & names) - seen):
        yield f"{name} is listed as an exception and is not refused"


def document(verdicts):
    return {
        "schema": "synapack.verify.onnx-node-tests/1",
        "cases": [dataclasses.asdict(verdict) for verdict in verdicts],
        "problems": list(problems(verdicts)),
        **totals(verdicts),
    }
