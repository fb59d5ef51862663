"""The registry: a shared ledger of events, what follows from them, and what can be asked."""
