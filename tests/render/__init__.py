"""Tests of the pictures, and the pictures that are kept to compare with."""
