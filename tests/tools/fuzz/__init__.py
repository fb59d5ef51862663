"""Fuzzing of whatever reads what comes from outside: `python -m tests.tools.fuzz TARGET`.

The targets are plain functions of bytes, so that the test run can call them too. Only the command
needs atheris, which is in the dependency group `fuzz`.
"""
