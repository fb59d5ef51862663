"""What other tools print, read as registries: the examples in ``docs/examples/histories``."""
