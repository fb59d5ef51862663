"""The tests of `tests.tools.mutation`: what it changes, and what it says of a test."""
