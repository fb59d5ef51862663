"""Mutation testing: does a test fail when the library is changed?

Three commands, which need the dependency group `mutation`. Each makes a copy of the tree in a new
folder and changes only that; started again with the same folder, it goes on where it was.

    python -m tests.mutation functions FOLDER     mutmut: whatever functions do
    python -m tests.mutation decorated FOLDER     cosmic-ray: properties, decorators, numbers
    python -m tests.mutation tables FOLDER        our own: texts, tables, fields

Why survivors are no gaps is written down in `equivalent.md`.
"""
