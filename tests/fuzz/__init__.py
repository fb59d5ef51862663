"""A few inputs for each target of `tests.tools.fuzz`."""
