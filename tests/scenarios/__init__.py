"""What went wrong in the field, restated for our registry: one test per report.

Each test says in its docstring which report it restates. The stories are told in the words of
``story``; nothing here knows more of the library than its public face.
"""
