"""TRL's own GRPOTrainer on our rows and reward functions: text, pictures, and a game played by tool calls."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import torch
import transformers
import trl
from trl import GRPOConfig, GRPOTrainer

import verienv
from tests.peers import tiny
from verienv import dataset
from verienv.adapters import specs
from verienv.adapters import trl as adapter

transformers.logging.set_verbosity_error()
datasets.disable_progress_bars()
torch.set_num_threads(1)

WEIGHTS = {"score": 1.0, "readable": 0.3, "part:clauses": 0.2}


def version() -> str:
    """The versions that ran."""
    return f"{importlib.metadata.version('trl')}, transformers {transformers.__version__}"


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """All of it."""
    text(ran, scratch)
    pictures(ran, scratch)
    game(ran, scratch)


def text(ran: Callable[[str, str], None], scratch: Path) -> None:
    """sat: the terms that TRL logs are those of `verienv score` on the completions it made."""
    dataset.generate(dataset.plan("sat", "0", count=64, format="trl"), scratch / "sat")
    rows = datasets.load_dataset(str(scratch / "sat"), split="train", cache_dir=str(scratch / "cache"))
    words = tiny.tokenizer()
    model = tiny.language_model(words)
    prompts = [words.apply_chat_template(row["prompt"], add_generation_prompt=True)["input_ids"] for row in rows]
    replies = [verienv.load("sat").oracle(specs.instance(row["spec"])) for row in rows] + ["I don't know."] * 16
    tiny.teach(model, words, prompts, replies, steps=60)
    functions, weights = adapter.rewards(WEIGHTS)
    seen: list[tuple[list[str], list[str]]] = []

    def watch(completions: Any, spec: list[str], **columns: object) -> list[float]:
        seen.append(([completion[0]["content"] for completion in completions], list(spec)))
        return [0.0] * len(spec)

    trainer = GRPOTrainer(
        model,
        [*functions, watch],
        config(scratch, reward_weights=[*weights, 0.0], max_steps=12, max_completion_length=40),
        train_dataset=rows,
        processing_class=words,
    )
    train(trainer)
    logged = [line for line in trainer.state.log_history if "rewards/score/mean" in line]
    assert len(seen) == len(logged) == 12
    for line, (completions, given) in zip(logged, seen, strict=True):
        scores = [specs.score(spec, reply) for spec, reply in zip(given, completions, strict=True)]
        assert abs(line["rewards/score/mean"] - mean(score.value for score in scores)) < 1e-6
        assert abs(line["rewards/readable/mean"] - mean(score.readable for score in scores)) < 1e-6
        terms = sum(weight * line[f"rewards/{name}/mean"] for name, weight in WEIGHTS.items())
        assert abs(line["reward"] - terms) < 1e-5
        assert line["verienv/broken"] == 0
    means = [mean(line[f"rewards/{name}/mean"] for line in logged) for name in WEIGHTS]
    assert 0 < means[0] < 1, "the model must be right sometimes, and not always"
    told = ", ".join(f"{name} {value:.2f}" for name, value in zip(WEIGHTS, means, strict=True))
    ran("`GRPOTrainer`, sat, 12 steps of 8 × 4 replies", f"logged terms equal our scores: {told}")


def pictures(ran: Callable[[str, str], None], scratch: Path) -> None:
    """jigsaw: our pictures reach the model where the prompt has them."""
    dataset.generate(dataset.plan("jigsaw", "0", count=16, format="trl"), scratch / "jigsaw")
    rows = datasets.load_dataset(str(scratch / "jigsaw"), split="train", cache_dir=str(scratch / "cache"))
    words = tiny.tokenizer()
    processor, model = tiny.vision_model(words)
    replies = [verienv.load("jigsaw").oracle(specs.instance(row["spec"])) for row in rows]
    asked = [[{"role": "user", "content": row["prompt"][0]["content"][-1]["text"]}] for row in rows]
    prompts = [words.apply_chat_template(each, add_generation_prompt=True)["input_ids"] for each in asked]
    tiny.teach(model, words, prompts, replies, steps=50)
    shown: list[int] = []
    model.model.vision_tower.register_forward_hook(lambda *given: shown.append(1))
    functions, weights = adapter.rewards({"score": 1.0, "readable": 0.5})
    before = [weight.detach().clone() for weight in model.model.vision_tower.parameters()]
    trainer = GRPOTrainer(
        model,
        functions,
        config(scratch, reward_weights=weights, max_steps=3, max_completion_length=40),
        train_dataset=rows,
        processing_class=processor,
    )
    train(trainer)
    logged = [line for line in trainer.state.log_history if "rewards/score/mean" in line]
    assert len(logged) == 3
    assert {"rewards/score/mean", "rewards/readable/mean", "verienv/broken"} <= logged[0].keys()
    score = mean(line["rewards/score/mean"] for line in logged)
    assert score > 0, "the model must be right sometimes"
    assert shown, "no picture reached the vision tower"
    after = model.model.vision_tower.parameters()
    assert any(not torch.equal(one, two) for one, two in zip(before, after, strict=True)), "the pictures taught nothing"
    ran(
        "`GRPOTrainer`, jigsaw with pictures, 3 steps",
        f"pictures reach the vision tower and train it; score {score:.2f}, logged by term",
    )


def game(ran: Callable[[str, str], None], scratch: Path) -> None:
    """A game of many moves through `environment_factory`: TRL parses tool calls, plays them, and we score the end."""
    template = Path(trl.__file__).parent / "chat_templates" / "qwen2_5.jinja"
    words = tiny.tokenizer(template.read_text())
    instances = [verienv.instance(f"stairs@1/L0/train/s0/{index}") for index in range(8)]
    moves = {instance.prompt[0]: instance.task.oracle(instance) for instance in instances}
    generator = torch.Generator().manual_seed(0)

    class Player(transformers.LlamaForCausalLM):
        """Samples like somebody who knows the way and slips now and then; its weights are trained as they are."""

        def generate(self, input_ids: torch.Tensor, **kwargs: Any) -> torch.Tensor:
            made = []
            for ids in input_ids:
                seen = words.decode(ids)
                played = seen.count('{"name": "play", "arguments": {')
                way = next(way for prompt, way in moves.items() if prompt in seen)
                if played < len(way):
                    slip = torch.rand((), generator=generator) < 0.15
                    reply = "no idea" if slip else way[played]
                    call = f'<tool_call>\n{{"name": "play", "arguments": {{"reply": "{reply}"}}}}\n</tool_call>'
                else:
                    call = "Done."
                made.append(words(call)["input_ids"] + [words.eos_token_id])
            longest = max(map(len, made))
            made = [each + [words.pad_token_id] * (longest - len(each)) for each in made]
            return torch.cat([input_ids, torch.tensor(made)], dim=1)

    rows = datasets.Dataset.from_list(
        [
            {
                "prompt": [{"role": "user", "content": instance.prompt[0]}],
                "spec": f'{{"address": "{instance.address}", "digest": "{instance.digest}"}}',
            }
            for instance in instances
        ]
    )
    functions, weights = adapter.rewards({"score": 1.0, "readable": 0.1})
    played: list[tuple[float, bool]] = []

    def watch(environments: list[adapter.Environment], spec: list[str], **columns: object) -> list[float]:
        for environment, where in zip(environments, spec, strict=True):
            found = environment._episode
            assert found is not None
            played.append((specs.score(where, list(found.replies)).value, found.done))
        return [0.0] * len(spec)

    trainer = GRPOTrainer(
        tiny.language_model(words, 32, Player),
        [*functions, watch],
        config(scratch, reward_weights=[*weights, 0.0], max_steps=2, max_completion_length=2500),
        train_dataset=rows,
        processing_class=words,
        environment_factory=adapter.Environment,
    )
    train(trainer)
    logged = [line for line in trainer.state.log_history if "rewards/score/mean" in line]
    scores = [value for value, _ in played]
    assert all(done for _, done in played)
    assert abs(mean(line["rewards/score/mean"] for line in logged) - mean(scores)) < 1e-6
    assert 0 < mean(scores) < 1
    assert mean(line["tools/failure_frequency"] for line in logged) == 0
    calls = mean(line["tools/call_frequency"] for line in logged)
    ran(
        "`GRPOTrainer`, `environment_factory`, a game",
        f"{len(played)} episodes to their end, {calls:.1f} moves each, score {mean(scores):.2f}",
    )


def train(trainer: GRPOTrainer) -> None:
    """Without a line on every step."""
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()


def config(scratch: Path, **settings: Any) -> GRPOConfig:
    """A small run on a processor."""
    return GRPOConfig(
        output_dir=str(scratch / "out"),
        per_device_train_batch_size=32,  # 8 prompts
        num_generations=4,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        learning_rate=1e-4,
        disable_tqdm=True,
        seed=0,
        **settings,
    )


def mean(values: Any) -> float:
    """The mean."""
    held = [float(value) for value in values]
    return sum(held) / len(held)
