"""Retention: what may be deleted."""
