"""Whole years on the real errands, in memory, with everything that can go wrong: `python -m tests.simulator --seed 7`.

A seed chooses a world and its troubles; what happened is written down by the street itself, and judged by a checker
that knows nothing of the errands. The same seed lives the same year; one that fails is made smaller.
"""
