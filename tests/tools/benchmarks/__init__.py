"""What lastgood costs: `python -m tests.tools.benchmarks` measures it and prints tables of ratios.

The rules of these modules:

1. Nothing is asserted about time. A number is printed, and a person judges it.
2. Things that are compared are measured in one run, turn by turn, and the median counts (`timing`).
3. Before anything is compared, all of them have given the same answer.
4. Ratios are what another machine has in common with this one; times give them a scale.
5. An aim stays as it was set. If it is missed, the table shows by how much.
"""
