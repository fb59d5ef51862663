"""API servers of Kubernetes for the operator: one in memory, and the real one for custom resources.

1. Both stand behind the same gate, which counts what was refused, and can let somebody else in
   right before a conditional patch, or lose an answer.
2. Both run in threads and processes of their own, so that a test is plain code that asks them.
"""
