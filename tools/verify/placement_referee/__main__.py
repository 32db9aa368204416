"""Compares our cost model's ranking of placements with SANA-FE's."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

from bundle_reader.bundle import Bundle

from . import model, replay

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHIP = pathlib.Path(__file__).parent / "chip.yaml"
COSTS = model.Costs(1.7, 3.5, 2.1, 5.3)
NETWORKS = ("cnn-average.torchscript17.onnx", "cnn-residual.torchscript17.onnx")
LEAST = 0.95


def parse_arguments():
    parser = argparse.ArgumentParser(prog="placement-referee", description=__doc__)
    parser.add_argument("--command", default=ROOT / ".build" / "release" / "synapack")
    parser.add_argument("--placements", type=int, default=24, help="of each network")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def placed(command, network, folder):
    """The placement of a digits network, and the cost that the command reports."""
    digits = ROOT / "fixtures" / "digits"
    converted, bundle = folder / "converted.synapack", folder / "placed.synapack"
    subprocess.run(
        [command, "convert", digits / network, "--calibration", digits / "calibration_x.npy",
         "--preprocess", "scale=1/255", "--timesteps", str(replay.TICKS), "--quiet",
         "--output", converted], check=True)
    document = subprocess.run(
        [command, "place", converted, "--chip", CHIP, "--output", bundle, "--json"],
        check=True, stdout=subprocess.PIPE).stdout
    reader = Bundle(bundle.read_bytes())
    return model.of_bundle(reader.document()["placement"]), json.loads(document)


def ranks(values):
    """Ranks from 0, equal values sharing their mean rank."""
    values = numpy.asarray(values)
    smaller = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return smaller + (equal - 1) / 2


def spearman(left, right):
    return float(numpy.corrcoef(ranks(left), ranks(right))[0, 1])


def hops(result):
    """Σ hops of the messages that SANA-FE sent."""
    return sum(message["hops"] for tick in result["message_trace"] for message in tick
               if not message["placeholder"])


def whole(routes):
    """The routes with whole events, as they are replayed."""
    return model.Routes(routes.columns, routes.cores, tuple(
        (core, to, round(weight)) for core, to, weight in routes.routes))


def compare(network, command, count, seed):
    """Prints the rows of one network; the two rank correlations, or None where figures differ."""
    with tempfile.TemporaryDirectory() as folder:
        routes, document = placed(command, network, pathlib.Path(folder))
    energy, _ = routes.cost(COSTS)
    if abs(energy - document["energy"]) > 1e-9 * energy:
        print(f"{network}: the command says {document['energy']}, the formula {energy}")
        return None
    rows = []
    for index, variant in enumerate(model.variants(whole(routes), count, seed)):
        # Traces take most of the time, and one that is traced is like another.
        traced = index in (0, count - 1)
        result = replay.run(variant, traced)
        ours = sum(weight * variant.distance(core, to)
                   for core, destinations, weight in variant.routes for to in destinations)
        if traced and hops(result) != ours:
            print(f"{network}: {hops(result)} hops in SANA-FE, {ours} in our model")
            return None
        energy, latency = variant.cost(COSTS)
        rows.append((energy, energy * latency, result["energy"]["total"], result["sim_time"]))
    print(f"\n{network}: {len(routes.routes)} routes on {document['coresUsed']} cores\n")
    print("| placement | energy, our model | SANA-FE energy, µJ | SANA-FE time, µs |")
    print("|---|---|---|---|")
    for index, (energy, _, joules, seconds) in enumerate(rows):
        print(f"| {index} | {energy:,.0f} | {1e6 * joules:.4f} | {1e6 * seconds:.2f} |")
    own, product, joules, seconds = zip(*rows)
    return (spearman(own, joules),
            spearman(product, [a * b for a, b in zip(joules, seconds)]), spearman(own, seconds))


def main():
    arguments = parse_arguments()
    failed = False
    lines = []
    for network in NETWORKS:
        found = compare(network, arguments.command, arguments.placements, arguments.seed)
        failed = failed or found is None or found[0] < LEAST or found[1] < LEAST
        if found:
            lines.append(f"{network}: Spearman over {arguments.placements} placements: energy "
                         f"{found[0]:.4f}, energy × latency {found[1]:.4f}, time {found[2]:.4f}")
    print("\n" + "\n".join(lines))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
