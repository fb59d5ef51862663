"""The JSON schemas that the package ships, checked against what is written and what is read."""
