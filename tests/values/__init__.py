"""The frozen values that a registry hands out and takes in."""
