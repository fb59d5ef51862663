"""The values that users hold: versions, events, candidates, plans, and every reason."""
