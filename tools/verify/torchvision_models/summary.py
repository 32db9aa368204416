"""The table, the totals and the JSON document of a run over torchvision's architectures."""

import collections
import dataclasses

TARGET = 0.9


def cell(verdict):
    if verdict.kind == "within":
        fixed = ", batch 1" if verdict.batch == "fixed" else ""
        return f"within ({verdict.deviation:.1e}{fixed})"
    code = f"[{verdict.code}] " if verdict.code else ""
    return f"{verdict.kind}: {code}{verdict.reason}"


def row(verdict):
    return f"{verdict.architecture:<22} {verdict.exporter:<12} {cell(verdict)}"


def totals(verdicts):
    """Counts, and the share within the tolerance of what an exporter could write at all."""
    counts = collections.Counter(verdict.kind for verdict in verdicts)
    exported = len(verdicts) - counts["unexported"]
    share = counts["within"] / exported if exported else 0.0
    kinds = ("within", "refused", "failed", "unexported")
    return {"counts": {kind: counts[kind] for kind in kinds}, "share": share, "target": TARGET}


def lines(verdicts):
    sums = totals(verdicts)
    counts = ", ".join(f"{count} {kind}" for kind, count in sums["counts"].items())
    yield f"{counts}; {sums['share']:.1%} of what was exported is within, target {TARGET:.0%}"
    reasons = collections.Counter(
        (verdict.kind, verdict.code, verdict.reason)
        for verdict in verdicts
        if verdict.kind in ("refused", "failed"))
    for (kind, code, reason), count in sorted(reasons.items(), key=lambda item: -item[1]):
        yield f"  {count:>4} {kind} {code} {reason}"


def document(verdicts):
    return {
        "schema": "synapack.verify.torchvision/1",
        "cases": [dataclasses.asdict(verdict) for verdict in verdicts],
        **totals(verdicts),
    }


def is_good(verdicts):
    sums = totals(verdicts)
    return sums["counts"]["failed"] == 0 and sums["share"] >= TARGET
