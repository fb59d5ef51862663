"""The contract of lastgood written a second time, naively, to be held against the library.

1. The model itself (`semver`, `facts`, `registry`, `rules`, `strategies`) imports no `lastgood`.
2. Nothing is indexed or handed on: every registry folds its events from the first one.
3. Where the contract leaves an answer open, the model leaves it open too: a refusal names every
   error that would be right, and a reason that the contract does not word is `None`.

Only `compare`, `exhaustive` and `campaign` know the library; they hold it against the model.
"""
