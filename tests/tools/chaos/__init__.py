"""Controllers on real stores, with servers that are killed, and everything else that goes wrong."""
