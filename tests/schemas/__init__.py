"""The JSON schemas that the package ships, held against what is written and what is read."""
