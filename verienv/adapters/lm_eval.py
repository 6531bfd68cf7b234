"""lm-evaluation-harness: what the YAML files of `verienv export lm-eval` call.

    verienv export lm-eval -o tasks
    lm_eval --include_path tasks --tasks verienv_sat --apply_chat_template --model local-chat-completions …

Text tasks of one reply: the harness shows no pictures to most models and plays no games.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verienv import dataset as datasets
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer
from verienv.errors import UsageError
from verienv.evaluate import estimate


def dataset(
    source: str, levels: str | int | None = None, count: int = 100, seed: int = 0, split: str = "test", **ignored: Any
) -> dict[str, Any]:
    """The rows under `test`, whatever their split. Raises UsageError for tasks that show pictures."""
    try:
        from datasets import Dataset
    except ImportError as absent:
        raise MissingPeer("datasets", "lm-eval>=0.4.13") from absent
    chosen = [levels] if isinstance(levels, int) else levels
    plan = datasets.plan(source, chosen, count=count, seed=seed, split=split, oracle=False)
    rows = []
    for row in datasets.rows(plan):
        if row.images:
            raise UsageError(f"{row.address} shows pictures, which lm-eval cannot")
        rows.append({"text": row.messages[0]["content"], "spec": row.spec, "address": row.address})
    return {"test": Dataset.from_list(rows)}


def process_results(doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, float]:
    """The strict score, full marks and readability, means over the repeats; `pass` is full marks in any of them."""
    replies = results[0] if results and isinstance(results[0], list) else results
    scores = [specs.score(doc["spec"], reply) for reply in replies]
    count, right = len(scores), sum(score.right for score in scores)
    return {
        "score": sum(score.value for score in scores) / count,
        "right": right / count,
        "readable": sum(score.readable for score in scores) / count,
        "pass": estimate.pass_at(count, right, count),
    }
