"""The contract of lastgood written a second time, naively, to compare the library with.

1. The model itself imports no `lastgood`: `semver`, `facts`, `effects`, `times`, `refusals`,
   `plans`, `registry`, `durations`, `rules`, `advice`, `decisions`, `strategies`, `retention`.
2. Nothing is indexed or handed on: every registry folds its events from the first one.
3. Where the contract leaves an answer open, the model leaves it open too: a refusal names every
   error that would be right, and a reason that the contract does not word is `None`.

Only the others know the library. `worlds` gives both sides the same names, `compare` and `answers`
compare them, `exhaustive` and `campaign` (with its `walks`, `choices` and `steps`) tell histories,
and `faults` (with its `slips`) shows that a campaign would notice.
"""
