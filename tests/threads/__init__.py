"""A short run of each part of `tests.tools.threads`."""
