"""Policies as plain data: strategies and rules out and in."""
