"""The check of stores: right stores in memory, and wrong ones as people write them."""
