"""What went wrong in the field, restated for our registry: one test per report, then each kind.

A test that restates a report names it in its docstring. The stories are told in the words of
``story``; nothing here knows more of the library than its public face. What the reports of one kind
have in common is tested on random stories too (``chance``): a retry never steps back twice, an
observation judges nobody, a barrier is never crossed, a plan is carried out where it was made,
failed contents never come back, and a wrong clock misleads nobody.
"""
