"""The library compared with the independent model of its contract, `tests.tools.model`."""
