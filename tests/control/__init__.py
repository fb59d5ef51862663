"""Tests of the loop: what its conversations want, and how they end."""
