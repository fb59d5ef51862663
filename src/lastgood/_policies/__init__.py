"""Strategies and rules as plain data: writing them, and reading them."""
