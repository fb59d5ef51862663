"""Registries shared by threads: `python -m tests.threads --seconds 60 --seed 1`."""
