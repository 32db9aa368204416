"""Every built-in chip file against schemas/chip.schema.json."""

import json
import pathlib
import subprocess

import jsonschema
import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def compare(command, layers, random):
    schema = json.loads((REPOSITORY / "schemas" / "chip.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    listed = json.loads(subprocess.run(
        [command, "chips", "--json"], check=True, capture_output=True, text=True).stdout)
    differences = []
    for entry in listed:
        text = subprocess.run([command, "chips", entry["name"], "--source"], check=True,
                              capture_output=True, text=True).stdout
        for error in validator.iter_errors(yaml.safe_load(text)):
            differences.append(f"{entry['name']}: {error.json_path}: {error.message}")
    return len(listed), differences
