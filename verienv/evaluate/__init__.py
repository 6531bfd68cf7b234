"""Evaluating a model: ask it every problem several times, score what it says, and tell how sure the figures are.

    problems = evaluate.problems(["sat"], "0:3", count=20)
    evaluate.run(problems, policy, "runs/mine", samples=4)          # killed and called again, it goes on
    results = evaluate.results("runs/mine")

A policy is any callable from chat messages to a text or a `Said`.
"""

from verienv.evaluate.ask import Outcome, run
from verienv.evaluate.chosen import problems
from verienv.evaluate.policy import Policy, Said
from verienv.evaluate.tally import Group, Results, results

__all__ = ["Group", "Outcome", "Policy", "Results", "Said", "problems", "results", "run"]
