"""The check of stores: what a store is, what it must keep, and how it is tried."""
