"""Documents that are damaged are refused, with the place of the damage."""
