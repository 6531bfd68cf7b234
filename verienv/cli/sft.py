"""`verienv sft`: supervised learning on the oracle's replies, the warm start of `verienv train` on its own."""

from __future__ import annotations

from typing import Any

import click

from verienv.cli import options, train


@click.command("sft")
@train.run_options
@options.json_option
def command(**given: Any) -> int:
    """Learn the oracle's replies to RECIPE's problems, and stop there.

    How many: --set train.sft_steps=300; from how many problems: train.demonstrations. The folder DIR gets the losses
    (sft.jsonl) and the policy (policy.pt); verienv train with the same DIR and --resume goes on from it.
    """
    return train.execute(supervised=True, **given)
