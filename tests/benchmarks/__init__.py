"""The tests of `tests.tools.benchmarks`: its tables can be made, and are those of the page."""
