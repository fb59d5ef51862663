"""The tests of the testing kit: it catches what is wrong, and nothing that is right."""
