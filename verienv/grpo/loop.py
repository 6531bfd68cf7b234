"""The GRPO loop, top to bottom: draw problems, play groups of attempts, verify, compare, learn, validate, log, keep.

Left out, on purpose: critics and reward models, sampling beside training, several replies packed into one row, memory
between a game's turns (each sees the present view alone), tensor and pipeline parallelism, offloading. What stands on
each axis of the algorithm is in the files that presets.py names; the model, its sampler and its tokens are a
policy.Policy's; who plays what is rollout.py's, what an attempt is worth compare.py's.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from verienv.curriculum import State
from verienv.dataset.disk import RunError
from verienv.errors import ContractError
from verienv.grpo import axes, checkpoint, compare, journal, kl, loss, metrics, rollout, rows, schedule
from verienv.grpo.compare import Worth
from verienv.grpo.dist import World
from verienv.grpo.optimizer import AdamW
from verienv.grpo.presets import Algorithm
from verienv.grpo.rollout import Attempt, Outcome, Payer, Problem, Sampling
from verienv.grpo.rows import Batch, Row
from verienv.grpo.settings import Settings
from verienv.recipe import Recipe

FAILURES: Final = 3
"""Steps in a row whose gradient is no number, before the run ends."""


@dataclass(slots=True)
class Run:
    """Everything a run is made of. `policy` is a policy.Policy, `reference` its frozen start where a KL is taken.

    `told` gets every step's metrics; after a step in which `stopping` is true the run is kept and ends. `shelf` holds
    the problems that are met again.
    """

    recipe: Recipe
    settings: Settings
    algorithm: Algorithm
    policy: Any
    out: Path
    world: World
    reference: Any = None
    told: Callable[[Mapping[str, float]], None] = lambda row: None
    stopping: Callable[[], bool] = lambda: False
    shelf: dict[str, Problem] = field(default_factory=dict)


def train(run: Run) -> bool:
    """Train from the checkpoint in `run.out`, or from the beginning, to the last step; True when it got there.

    Killed at any moment and started again, a run leaves the same metrics: bit for bit on a CPU. Raises RunError for a
    full disk and for a gradient that stays no number, ContractError when no attempt of a step can be scored.
    """
    settings, world, climb = run.settings, run.world, run.recipe.curriculum
    learnable = [each for each in run.policy.parameters() if each.requires_grad]
    optimizer = AdamW(learnable, weight_decay=settings.weight_decay)
    step, state = checkpoint.resumed(run.out, world, run.policy, optimizer)
    curriculum = State.from_json(state) if state else climb.start()
    failures = 0
    with journal.opened(run.out, step, world.first) as log:
        if step == 0 and settings.validate:
            row = {"step": 0, **validate(run, curriculum, step)}
            log.write("metrics", [row])
            run.told(row)
        stop = False
        while step < settings.steps and not stop:
            began = time.perf_counter()

            # Draw, sample, play, verify. `attempts` are this rank's by number, `outcomes` everyone's.
            pay = Payer(run.recipe, step)
            attempts, outcomes = _played(run, pay, curriculum, step)
            learning = time.perf_counter()

            # Compare with their fellows: advantages of the whole step, the same on every rank.
            replies = [Row(turn, place) for place, attempt in attempts.items() for turn in attempt.turns]
            distances = [pair for _, pair in sorted(world.gather(_distances(run, replies)))]
            worth = compare.worth(run.algorithm, settings, outcomes, pay.highest, distances)

            # Learn, in micro-batches that add up to the step.
            rate = settings.learning_rate * schedule.share(
                settings.schedule, step, steps=settings.steps, warmup=settings.warmup
            )
            learned = _learned(run, optimizer, replies, worth, rate)
            failures = 0 if learned["updates"] else failures + bool(worth.learnt.any())
            step += 1
            row = {"step": step, **metrics.of_step(outcomes, settings.group), **learned, "learning_rate": rate}
            row["stage"] = curriculum.stage

            # Move the curriculum, and validate.
            curriculum = climb.observe(curriculum, metrics.by_stage(outcomes, run.recipe))
            due = climb.due((step - 1) * settings.prompts, step * settings.prompts)
            if settings.validate and (due or step == settings.steps):
                row |= validate(run, curriculum, step)
            if due and settings.validate:
                curriculum = climb.after(curriculum, row["eval/accuracy"])

            # Log and keep: what a checkpoint says was done is in the journal before.
            log.write("metrics", [row])
            log.write("timing", [metrics.timing(step, outcomes, began, learning)])
            if step % settings.samples_every == 0:
                log.write("samples", metrics.samples(outcomes, worth.advantages.tolist(), step, settings.samples))
            run.told(row)
            if failures == FAILURES:
                raise RunError(
                    f"the gradient was no number in {FAILURES} steps in a row: the run ends at step {step}, and its "
                    "checkpoint is from before; a lower learning_rate or clip_gradient may help"
                )
            stop = world.any(run.stopping())
            if not failures and (step % settings.save_every == 0 or step == settings.steps or stop):
                log.sync()
                checkpoint.keep(run.out, world, run.policy, optimizer, step, curriculum.to_json())
    return step == settings.steps


def _played(run: Run, pay: Payer, curriculum: State, step: int) -> tuple[dict[int, Attempt], list[Outcome]]:
    """A step's attempts; in rounds, where groups without spread are to be replaced."""
    settings, world, size = run.settings, run.world, run.settings.group
    cells = rollout.weighted(run.recipe, run.recipe.curriculum.weights(curriculum))
    how = Sampling(settings.max_reply, settings.temperature, settings.top_p, settings.top_k)
    rounds = run.algorithm.resample_rounds if run.algorithm.zero_spread == "resample" else 1
    share = world.share(settings.prompts)
    places = range(share.start * size, share.stop * size)
    attempts: dict[int, Attempt] = {}
    outcomes: list[Outcome] = []
    for number in range(step * rounds, (step + 1) * rounds):
        indices = [number * settings.prompts + at for at in share]
        if settings.pool:
            indices = [index % settings.pool for index in indices]
        shelf = run.shelf if settings.pool else None
        problems = rollout.draw(run.policy, cells, settings, indices, "train", shelf)
        with world.whole(run.policy):
            played = rollout.play(run.policy, problems, size, pay, how, (settings.seed, "train", number), places)
        attempts |= {len(outcomes) + place: attempt for place, attempt in zip(places, played, strict=True)}
        outcomes += world.gather([each.outcome for each in played])
        if all(each.reward is None for each in outcomes):
            raise ContractError(f"no attempt of step {step + 1} could be scored; the first: {outcomes[0].fault}")
        if compare.found(outcomes, size) >= settings.prompts:
            break
    return attempts, outcomes


def _distances(run: Run, replies: Sequence[Row]) -> list[tuple[int, float]]:
    """Of each attempt, by number, its KL from the reference where that is taken off the reward; else nothing."""
    if run.reference is None or run.algorithm.kl_place != "reward":
        return []
    found: Counter[int] = Counter()
    estimate = run.algorithm.function("kl_estimator")
    for batch in rows.split(replies, run.settings.rows):
        with torch.no_grad():
            logp, ref = _scored(run, run.policy, batch)[0], _scored(run, run.reference, batch)[0]
        values = kl.of_replies(estimate(logp, ref, logp), batch.mask.to(logp.device)).tolist()
        for place, value in zip(batch.places, values, strict=True):
            found[place] += value
    return list(found.items())


def _learned(
    run: Run, optimizer: torch.optim.Optimizer, replies: Sequence[Row], worth: Worth, rate: float
) -> dict[str, float]:
    """Update the policy; what was seen on the way. A gradient that is no number changes nothing."""
    settings, world, policy = run.settings, run.world, run.policy
    aggregate = axes.load("loss", run.algorithm.loss)
    batches = rows.split([row for row in replies if worth.learnt[row.place]], settings.rows)
    idle = Batch(replies[:1], counts=False)
    batches += [idle] * (max(world.gather([len(batches)])) - len(batches))  # ranks call the model in step
    parts = [aggregate.count(batch.mask, settings.max_reply) for batch in batches]
    count = sum(world.gather(parts))  # the whole step's, so that its parts add up however it is split
    for group in optimizer.param_groups:
        group["lr"] = rate
    seen, done, total, norm = metrics.Tally(), 0, 0.0, 0.0
    for update in range(settings.updates if count else 0):
        optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for batch in batches:
            losses, mask = _losses(run, batch, worth, seen, update)
            part = aggregate.mean(losses, mask, count)
            (part * world.factor).backward()
            total += part.item()
        norm = world.clipped_norm(policy, settings.clip_gradient)
        if math.isfinite(norm):
            optimizer.step()
            done += 1
    totals = {"loss": sum(world.gather([total])), "grad_norm": norm}
    finite = {name: value for name, value in totals.items() if math.isfinite(value)}  # NaN is no JSON
    return {**finite, "updates": float(done), **metrics.merged(world.gather([seen]))}


def _losses(run: Run, batch: Batch, worth: Worth, seen: metrics.Tally, update: int) -> tuple[Tensor, Tensor]:
    """The loss of every token of a micro-batch, [B, T], and which of them count."""
    logp, entropy = _scored(run, run.policy, batch)
    mask, sampled = batch.mask.to(logp.device), batch.sampled(logp)
    if batch.old is None:  # the first update: this is the policy that sampled
        batch.old = logp.detach()
    if run.reference is not None and batch.ref is None:
        with torch.no_grad():
            batch.ref = _scored(run, run.reference, batch)[0]
    advantages = worth.advantages[batch.places].to(logp)
    if update == 0:
        seen.first(mask, entropy, logp, sampled, batch.ref)
    else:
        seen.clipped(run.algorithm, mask, logp, batch.old, advantages)
    losses = loss.of_tokens(
        run.algorithm,
        logp,
        batch.old,
        mask,
        advantages,
        sampler_logp=sampled,
        ref_logp=batch.ref,
        weight=worth.weights[batch.places].to(logp),
        kl_factor=worth.kl_factors[batch.places].to(logp),
        entropy=-logp.detach() * logp,  # its gradient is the entropy's, in expectation over what was sampled
    )
    return losses, mask


def _scored(run: Run, policy: Any, batch: Batch) -> tuple[Tensor, Tensor]:
    """Log-probabilities and entropies at the temperature that sampled, [B, T]."""
    prompts, replies = [turn.prompt for turn in batch.turns], [turn.completion.ids for turn in batch.turns]
    scored = policy.logprobs(prompts, replies, run.settings.temperature)
    return scored.logprobs, scored.entropy


def validate(run: Run, curriculum: State, step: int) -> dict[str, float]:
    """Greedy answers to the first problems of the validation split, of the stages trained on now; each rank's share."""
    settings, world = run.settings, run.world
    cells = rollout.weighted(run.recipe, run.recipe.curriculum.weights(curriculum))
    indices = range(world.rank, settings.validate, world.size)
    problems = rollout.draw(run.policy, cells, settings, indices, "validation", run.shelf)
    how = Sampling(settings.max_reply, temperature=0.0)
    with world.whole(run.policy):
        attempts = rollout.play(run.policy, problems, 1, Payer(run.recipe, step), how, (settings.seed, "validation"))
    return metrics.quality(world.gather([each.outcome for each in attempts]), "eval/")
