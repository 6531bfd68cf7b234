"""Seconds a training step, beside TRL's GRPOTrainer: same task, group, token counts, model shape and learning rate.

Each measurement is a process of its own, ours and theirs in turn, on one thread; the median step after two to warm up
counts, and start-up is everything before the first step is done. Three policies of one shape are measured: the built-in
transformer, a Llama of transformers in our loop, and the same Llama in TRL's. CPU seconds on a CPU, wall seconds on a
GPU. Groups without spread are kept here, as TRL keeps them, though dropping them is what our loop does, and
every reply has its full length.

    python benchmarks/grpo_speed.py                         # needs: pip install "verienv[hf]" trl accelerate
    python benchmarks/grpo_speed.py --device cuda --sizes gpu --repeats 2
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SIGNS = "0123456789+=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ !#$%&()*,-./:;<>?@[]^_{|}~'\"\\`"
KINDS = ("built-in", "hf", "trl")


@dataclass(frozen=True)
class Size:
    """A model's shape, how many prompts, attempts and new tokens, and how many steps are timed."""

    width: int
    layers: int
    heads: int
    prompts: int
    group: int
    tokens: int
    steps: int
    hidden: int = 0
    vocabulary: int = 0
    digits: int = 2

    @property
    def feed(self) -> int:
        """Width of the feed-forward."""
        return self.hidden or 3 * self.width


SIZES: Mapping[str, Size] = {
    "tiny 32x8x6": Size(64, 2, 4, 32, 8, 6, 30),
    "tiny 8x8x32": Size(64, 2, 4, 8, 8, 32, 20),
    "small 8x8x32": Size(192, 4, 6, 8, 8, 32, 10),
    "medium 8x8x32": Size(256, 6, 8, 8, 8, 32, 8),
    # Qwen's 0.5 B: 64 problems, 8 attempts, 256 tokens of prompt, up to 512 new ones.
    "gpu": Size(896, 24, 14, 64, 8, 512, 6, hidden=4864, vocabulary=151_936, digits=127),
    "gpu-rehearsal": Size(64, 2, 4, 4, 4, 16, 4, vocabulary=2_000, digits=12),
}
DEFAULT = ("tiny 32x8x6", "tiny 8x8x32", "small 8x8x32", "medium 8x8x32")
TASK = '''
"""Two numbers are to be added; a reward for every digit that a reply shares with the sum, so that groups differ."""
from dataclasses import dataclass
from verienv.knobs import KnobSet, knob
from verienv.score import partial, right
from verienv.task import Question

@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How long the numbers are."""
    digits: int = knob(2, low=1, high=500, doc="of each number")

@dataclass(frozen=True, slots=True)
class Problem:
    """What is added."""
    one: int
    two: int
    digits: int

class Adding(Question[Knobs, Problem, str]):
    """Addition without a word around it."""
    name = "adding"
    levels = (Knobs(),)
    def generate(self, rng, knobs):
        return Problem(rng.randrange(10**knobs.digits), rng.randrange(10**knobs.digits), knobs.digits)
    def prompt(self, problem):
        return [f"{problem.one:0{problem.digits}}+{problem.two:0{problem.digits}}="]
    def parse(self, problem, text):
        return text
    def verify(self, problem, answer):
        value = share(str(problem.one + problem.two), answer)
        return right() if value == 1 else partial(value, "digits")
    def solve(self, problem):
        return str(problem.one + problem.two)
    def players(self):
        return {}

def share(wanted, given):
    return sum(one == two for one, two in zip(wanted, given)) / len(wanted)

task = Adding()
'''


@contextmanager
def adding() -> Iterator[None]:
    """The task, installed as a third party's would be, for the life of this process."""
    with tempfile.TemporaryDirectory() as folder:
        info = Path(folder, "adding-1.0.dist-info")
        info.mkdir()
        info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: adding\nVersion: 1.0\n")
        info.joinpath("entry_points.txt").write_text("[verienv.tasks]\nadding = benchmark_adding:task\n")
        Path(folder, "benchmark_adding.py").write_text(TASK)
        sys.path.insert(0, folder)
        yield


def ours(kind: str, size: Size, device: str) -> dict[str, Any]:
    """Steps of our loop."""
    with adding():
        return _ours(kind, size, device)


def _ours(kind: str, size: Size, device: str) -> dict[str, Any]:
    import torch

    from verienv import recipe
    from verienv.grpo import loop, presets, settings
    from verienv.grpo.dist import World

    train: dict[str, Any] = {
        "steps": size.steps + 2,
        "prompts": size.prompts,
        "group": size.group,
        "max_reply": size.tokens,
    }
    train |= {
        "learning_rate": 1e-5,
        "micro_batch": size.prompts * size.group if device == "cpu" else 16,
        "validate": 0,
        "save_every": 10**6,
        "samples_every": 10**6,
    }
    mix = f'[[mix]]\ntask = "adding"\nknobs = {{ digits = {size.digits} }}\n'
    text = mix + '[train]\nloss = "token"\nzero_spread = "keep"\n'
    with tempfile.TemporaryDirectory() as out:
        made = recipe.parse(text + "".join(f"{key} = {value}\n" for key, value in train.items()))
        policy = _built_in(size) if kind == "built-in" else _hugging_face(size)
        marks = [now(device)]
        run = loop.Run(
            made, settings.of(made.train), presets.of(made.train), policy.to(device), Path(out), World(),
            told=lambda row: marks.append(now(device)),
        )  # fmt: skip
        loop.train(run)
        timing = [json.loads(line) for line in Path(out, "timing.jsonl").read_text().splitlines()]
        rows = [json.loads(line) for line in Path(out, "metrics.jsonl").read_text().splitlines()]
    found = {"steps": _between(marks)[2:], "startup": marks[1] - START, "tokens": rows[-1]["completions/mean_length"]}
    found["play"] = statistics.median(row["play"] for row in timing[2:])
    found["learn"] = statistics.median(row["learn"] for row in timing[2:])
    found["new_tokens_per_second"] = statistics.median(row["sampled_tokens_per_second"] for row in timing[2:])
    found["parameters"] = sum(each.numel() for each in policy.parameters())
    if device != "cpu":
        found["peak_memory"] = torch.cuda.max_memory_allocated()
    return found


def theirs(size: Size, device: str) -> dict[str, Any]:
    """Steps of TRL's GRPOTrainer."""
    import datasets
    import transformers
    import trl

    rng = random.Random(0)
    tops = 10**size.digits
    pairs = [(rng.randrange(tops), rng.randrange(tops)) for _ in range(size.prompts * (size.steps + 2))]
    data = datasets.Dataset.from_list(
        [{"prompt": f"{one:0{size.digits}}+{two:0{size.digits}}=", "sum": str(one + two)} for one, two in pairs]
    )

    def reward(completions: list[str], sum: list[str], **rest: Any) -> list[float]:
        pairs = zip(sum, completions, strict=True)
        return [
            statistics.fmean(one == two for one, two in zip(wanted, given + " " * len(wanted), strict=False))
            for wanted, given in pairs
        ]

    marks: list[float] = []

    class Clock(transformers.TrainerCallback):  # type: ignore[misc]
        """Notes when each step is done."""

        def on_train_begin(self, *args: Any, **given: Any) -> None:
            marks.append(now(device))

        def on_step_end(self, *args: Any, **given: Any) -> None:
            marks.append(now(device))

    model, tokenizer = _llama(size)
    with tempfile.TemporaryDirectory() as out:
        config = trl.GRPOConfig(
            output_dir=out,
            max_steps=size.steps + 2,
            per_device_train_batch_size=size.prompts * size.group if device == "cpu" else 16,
            gradient_accumulation_steps=1 if device == "cpu" else size.prompts * size.group // 16,
            num_generations=size.group,
            max_completion_length=size.tokens,
            learning_rate=1e-5,
            lr_scheduler_type="constant",
            gradient_checkpointing=False,
            beta=0.0,
            loss_type="dapo",
            use_cpu=device == "cpu",
            bf16=device != "cpu",
            report_to="none",
            save_strategy="no",
            logging_steps=1,
            disable_tqdm=True,
        )
        trainer = trl.GRPOTrainer(
            model, reward, args=config, train_dataset=data, processing_class=tokenizer, callbacks=[Clock()]
        )
        trainer.train()
        lengths = [
            row["completions/mean_length"] for row in trainer.state.log_history if "completions/mean_length" in row
        ]
    return {
        "steps": _between(marks)[2:],
        "startup": marks[1] - START,
        "tokens": lengths[-1],
        "parameters": sum(each.numel() for each in model.parameters()),
        "version": trl.__version__,
    }


def now(device: str) -> float:
    """CPU seconds of this process, or the wall clock once the GPU is idle."""
    if device == "cpu":
        return time.process_time()
    import torch

    torch.cuda.synchronize()
    return time.perf_counter()


def _between(marks: Sequence[float]) -> list[float]:
    return [after - before for before, after in itertools.pairwise(marks)]


def _built_in(size: Size) -> Any:
    from verienv.grpo import model
    from verienv.grpo.model import Size as Shape
    from verienv.grpo.model import SmallPolicy
    from verienv.grpo.tokenizer import Tokenizer

    vars(model)["END"] = -1  # no reply ends early
    shape = Shape(width=size.width, layers=size.layers, heads=size.heads, hidden=size.feed)
    return SmallPolicy(Tokenizer(sorted(SIGNS)), shape)


def _hugging_face(size: Size) -> Any:
    from verienv.grpo.hf import HFPolicy

    return HFPolicy(*_llama(size))


def _llama(size: Size) -> tuple[Any, Any]:
    """A Llama drawn by lot, and a tokenizer with one token a character; its end token is one that no model has."""
    import torch
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    words = {"<pad>": 0, "<start>": 1} | {sign: at + 2 for at, sign in enumerate(sorted(SIGNS))}
    vocabulary = max(len(words), size.vocabulary)
    words["<end>"] = vocabulary
    inner = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    inner.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    inner.decoder = decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<end>", bos_token="<start>"
    )
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=size.width,
        intermediate_size=size.feed,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=2 if size.vocabulary > 100_000 else size.heads,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        pad_token_id=0,
        eos_token_id=vocabulary,
        bos_token_id=1,
    )
    return transformers.LlamaForCausalLM(config), tokenizer


def main() -> None:
    """Measure in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=list(DEFAULT), choices=list(SIZES), metavar="SIZE")
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=KINDS)
    parser.add_argument("--repeats", type=int, default=2, help="rounds, ours and theirs in turn (default 2)")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "SIZE"), help=argparse.SUPPRESS)
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    if args.one:
        import torch

        torch.set_num_threads(1)
        kind, name = args.one
        found = theirs(SIZES[name], args.device) if kind == "trl" else ours(kind, SIZES[name], args.device)
        print("\n" + json.dumps(found))
        return
    rows = []
    for name in args.sizes:
        found = {kind: [] for kind in args.kinds}
        for _ in range(args.repeats):
            for kind in args.kinds:
                found[kind].append(_apart(kind, name, args.device))
        medians = {
            kind: statistics.median(step for each in runs for step in each["steps"]) for kind, runs in found.items()
        }
        for kind, runs in found.items():
            rows.append(
                {
                    "size": name,
                    "policy and loop": kind,
                    "parameters": runs[0]["parameters"],
                    "tokens": round(statistics.fmean(each["tokens"] for each in runs), 1),
                    "seconds a step": round(medians[kind], 4),
                    "TRL takes": round(medians["trl"] / medians[kind], 2) if "trl" in medians else None,
                    "start-up": round(statistics.median(each["startup"] for each in runs), 1),
                    **{
                        key: runs[-1][key]
                        for key in ("play", "learn", "new_tokens_per_second", "version")
                        if key in runs[-1]
                    },
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    if args.out is not None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(json.dumps({"device": args.device, "rows": rows}, indent=2) + "\n")


def _apart(kind: str, name: str, device: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    line = [sys.executable, __file__, "--one", kind, name, "--device", device]
    told = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    ran = subprocess.run(line, capture_output=True, text=True, env=told)
    if ran.returncode:
        raise SystemExit(f"{kind}, {name}: {ran.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found


START = time.process_time() if "cuda" not in " ".join(sys.argv) else time.perf_counter()

if __name__ == "__main__":
    main()
