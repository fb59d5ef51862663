"""The tools of the tests: what is run by hand, or by tests, and tests nothing by itself."""
