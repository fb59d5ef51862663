"""The tests of the strategies: one module for the base, and one for each strategy."""
