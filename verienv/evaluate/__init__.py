"""Evaluating a model: ask it every problem several times, score what it says, and tell how sure the figures are."""
