"""Strategies as people get them wrong, in a module for each law that they break."""
