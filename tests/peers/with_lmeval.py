"""lm-evaluation-harness's own command line on the files that `verienv export` writes, against a server on loopback."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import verienv
from tests import loopback
from verienv import dataset


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("lm_eval")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """One level, then a group of levels."""
    tasks = scratch / "tasks"
    export = [sys.executable, "-m", "verienv", "export", "lm-eval", "-o", str(tasks)]
    subprocess.run(export, check=True, capture_output=True)
    for name, count, levels in (("verienv_sat_l1", 6, "1"), ("verienv_temporal", 2, None)):
        source = name.split("_")[1]
        each = len(verienv.load(source).levels) if levels is None else 1
        answers = {}
        for level in range(each) if levels is None else (1,):
            plan = dataset.plan(source, str(level), count=100, split="test")
            for row, _ in zip(dataset.rows(plan), range(count), strict=False):
                answers[row.messages[0]["content"]] = str(row.oracle)
        with loopback.serving(loopback.knowing(answers, share=0.6)) as server:
            command = [
                *(sys.executable, "-m", "lm_eval", "--model", "local-chat-completions", "--tasks", name),
                *("--include_path", str(tasks), "--apply_chat_template", "--limit", str(count), "--log_samples"),
                *("--output_path", str(scratch / name)),
                *("--model_args", f"base_url={server.url}/chat/completions,model=stub,num_concurrent=8,max_retries=1"),
            ]
            environment = {**os.environ, "OPENAI_API_KEY": "none"}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        (found,) = (scratch / name).rglob("results_*.json")
        results = json.loads(found.read_text())["results"][name]
        score, passed = results["score,replies"], results["pass,replies"]
        assert 0 < score < passed <= 1, results
        files = (scratch / name).rglob("samples_*.jsonl")
        samples = [json.loads(line) for path in files for line in path.read_text().splitlines()]
        assert len(samples) == count * each
        mine = []
        for sample in samples:
            instance = verienv.instance(sample["doc"]["address"])
            replies = sample["filtered_resps"][0]
            assert len(replies) == 4
            scores = [instance.task.score(instance, reply).value for reply in replies]
            assert abs(sample["score"] - sum(scores) / 4) < 1e-9
            mine.append(sum(scores) / 4)
        assert abs(score - sum(mine) / len(mine)) < 1e-6
        told = f"{len(samples)} problems × 4 replies, scores equal ours; score {score:.2f}, pass@4 {passed:.2f}"
        ran(f"`lm_eval --tasks {name}`", told)
