"""The tests of the rules: how rules are asked, and a module for the facts that each follows."""
