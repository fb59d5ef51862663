"""The loop on all interleavings: a store, a world, and all that can happen between them."""
