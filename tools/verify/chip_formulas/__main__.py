"""Runs the comparison of one vendor: python -m chip_formulas VENDOR --layers N --command C."""

import argparse
import importlib
import random
import sys

MODULES = {"nengo-loihi": "loihi", "sinabs": "speck", "paibox": "paicore", "akida": "akida_chips",
           "rockpool": "xylo", "xylosim": "xylo_spikes", "spynnaker": "spinnaker",
           "schema": "schema"}


def main():
    parser = argparse.ArgumentParser(prog="chip_formulas")
    parser.add_argument("vendor", choices=MODULES)
    parser.add_argument("--layers", type=int, default=60)
    parser.add_argument("--command", required=True)
    arguments = parser.parse_args()
    module = importlib.import_module(f"chip_formulas.{MODULES[arguments.vendor]}")
    compared, differences = module.compare(
        arguments.command, arguments.layers, random.Random(20260828))
    for difference in differences:
        print(f"{arguments.vendor}: {difference}")
    print(f"{arguments.vendor}: {compared} compared, {len(differences)} differences")
    sys.exit(1 if differences or not compared else 0)


main()
