"""Frameworks and serialisers that registries, events and plans pass through.

They are in the dependency group ``neighbours``. Where it is not installed, these tests are skipped,
and say so.
"""
