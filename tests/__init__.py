"""The tests of lastgood."""
