"""What lastgood costs: `python -m tests.benchmarks` measures it and prints tables of ratios.

The rules of these modules:

1. Nothing is asserted about time. A number is printed, and a person judges it.
2. What is compared is measured in one run, turn by turn, and the median counts (`timing`).
3. Before anything is compared, all have given the same answer.
4. Ratios are what carries over to another machine; times are there to give them a scale.
"""
