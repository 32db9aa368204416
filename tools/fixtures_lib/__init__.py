"""The parts of tools/make_fixtures.py."""
