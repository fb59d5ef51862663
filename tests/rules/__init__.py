"""The tests of the rules: one module for how rules are asked, and one for each rule."""
