"""Runs exported programs as `recording` does, and maps them: what is exported must fit the chip."""

from . import recording


def record(place, output):
    difference = recording.record(place, output)
    if difference is None:
        recording.network(place / output).compile(place / "network.fbz")
    return difference


if __name__ == "__main__":
    recording.main(record)
