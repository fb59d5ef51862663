"""Tests about the package itself: its exports, types, imports, purity and documentation."""
