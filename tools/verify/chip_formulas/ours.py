"""What `synapack chips ID --counts` says of a layer."""

import json
import subprocess


class Chip:
    """One chip of the command under test."""

    def __init__(self, command, name):
        self.command = command
        self.name = name

    def amounts(self, **counts):
        """Two dictionaries: resource -> amount, limit -> whether it is kept."""
        text = ",".join(f"{name}={value}" for name, value in counts.items())
        result = subprocess.run(
            [self.command, "chips", self.name, "--json", "--counts", text],
            check=True, capture_output=True, text=True)
        chip = json.loads(result.stdout)
        return ({entry["name"]: entry["amount"] for entry in chip["resources"]},
                {entry["name"]: entry["allowed"] for entry in chip["limits"]})

    def cores(self):
        """The kinds of cores: a list of {name, count, capacities, accepts}."""
        result = subprocess.run([self.command, "chips", self.name, "--json"],
                                check=True, capture_output=True, text=True)
        return json.loads(result.stdout)

    def neurons(self):
        """What the chip file says of neurons."""
        result = subprocess.run([self.command, "chips", self.name, "--source"],
                                check=True, capture_output=True, text=True)
        # Only some of the environments have it.
        import yaml
        return yaml.safe_load(result.stdout)["neurons"]
