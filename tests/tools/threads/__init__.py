"""Registries shared by threads: `python -m tests.tools.threads --seconds 60 --seed 1`."""
