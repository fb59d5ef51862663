"""The JSON schemas that the package ships, and mutated documents for them."""
