"""verl: the rows of `verienv generate --format verl-parquet`, and the function that scores them.

reward.custom_reward_function.path=pkg://verienv.adapters.verl
reward.custom_reward_function.name=compute_score
+reward.custom_reward_function.reward_kwargs.reward=saturn-7b          # optional: what to pay for
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verienv.adapters import specs
from verienv.adapters.specs import Weights


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,
    *,
    reward: Weights | str | None = None,
    **kwargs: object,
) -> dict[str, float]:
    """The reward as `score`, full marks as `acc`, `readable`, and `term/<name>`; the same keys for every row.

    `ground_truth` is the row's spec. `reward`: term → weight, or a recipe's name; by default the score. A term in a
    task's own table is called "task:term", 0 in the rows of others. Raises UsageError for what is no spec, and
    ContractError where a task itself fails: verl has no way to leave one attempt out.
    """
    paid = specs.rewards(reward)
    earned = paid(ground_truth, solution_str)
    return {
        "score": earned.value,
        "acc": float(earned.score.right),
        "readable": float(earned.score.readable),
        **{f"term/{name}": value for name, value in paid.columns(ground_truth, earned).items()},
    }
