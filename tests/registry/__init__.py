"""The registry by the rules of its contract, command by command and question by question."""
