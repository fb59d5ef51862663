"""Mutation testing: does a test fail when the library is changed?

Three commands, which need the dependency group `mutation`. Each copies the tree to a new folder and
changes only the copy. Started again with the same folder, the first two go on where they stopped.

    python -m tests.tools.mutation functions FOLDER     mutmut: the bodies of functions
    python -m tests.tools.mutation decorated FOLDER     cosmic-ray: properties, decorators, numbers
    python -m tests.tools.mutation tables FOLDER        our own: texts, tables, fields

The environment variable `ONLY` names what to try, separated by spaces: `lastgood.rules.budget.`
for the first command, `rules/budget.py` for the last one. `equivalent.md` lists the mutants that
survive because they change nothing.
"""
