"""Diagrams with hostile texts, and what Mermaid's own parser makes of them."""
