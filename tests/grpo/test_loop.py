"""The loop: what a step does, what it does not depend on, and what happens when something in it goes wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import torch

from tests.grpo.runs import MIX, go, rows_of, started, warm
from tests.test_plugin import PLUGIN
from verienv import address, recipe, registry, scoring
from verienv.dataset.disk import RunError
from verienv.errors import ContractError, GenerationError, UsageError
from verienv.families.sat import Sat
from verienv.grpo import checkpoint, compare, loop, loss, rollout, run
from verienv.grpo.presets import Algorithm
from verienv.grpo.rollout import Outcome, Payer, Sampling
from verienv.grpo.rows import Batch, Row
from verienv.grpo.settings import Settings

TRL = (  # names that stand in TRL's logs, too
    *("reward", "reward_std", "frac_reward_zero_std", "completions/mean_length", "completions/min_length"),
    *("completions/max_length", "completions/clipped_ratio", "completions/mean_terminated_length", "entropy", "loss"),
    *("grad_norm", "learning_rate", "clip_ratio/low_mean", "clip_ratio/high_mean", "rewards/score/mean"),
    *("sampling/sampling_logp_difference/mean", "sampling/sampling_logp_difference/max"),
)


def losses(out):
    """(loss, norm of the gradient) of every step."""
    return [(row["loss"], row["grad_norm"]) for row in rows_of(out)[1:]]


def test_a_step_logs_what_trl_logs_and_more(tmp_path):
    go(tmp_path, steps=2, kl=0.1)
    last = rows_of(tmp_path)[-1]
    assert set(TRL) <= set(last)
    assert {"kl", "accuracy", "accuracy/sat/n=2,k=4,l=4", "readable", "unscorable", "stage", "eval/accuracy"} <= set(
        last
    )
    assert 0 < last["reward"] < 1
    assert last["entropy"] > 0
    assert last["sampling/sampling_logp_difference/max"] < 1e-4
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_samples_are_rows_that_score_reads(tmp_path):
    go(tmp_path, steps=2, samples=5)
    report = scoring.Report()
    held = (tmp_path / "samples.jsonl").read_bytes().splitlines()
    found = list(scoring.scores(enumerate(held), report))
    assert len(found) == 5
    assert report.clean
    for line, score in zip(map(json.loads, held), found, strict=True):
        assert score["value"] == line["terms"]["score"] == line["reward"]


@pytest.mark.parametrize(
    "algorithm",
    [
        {"loss": "token", "kl": 0.1, "updates": 2},
        {"loss": "sequence", "objective": "dual_clip", "overlong": "mask"},
        {"algorithm": "dr_grpo", "entropy": 0.01},
        {"algorithm": "gspo", "zero_spread": "keep"},
        {"algorithm": "reinforce_pp", "kl": 0.05},
    ],
    ids=lambda given: "-".join(map(str, given.values())),
)
def test_the_loss_does_not_depend_on_micro_batches(tmp_path, algorithm):
    for size in (3, 64):
        go(tmp_path / str(size), steps=3, micro_batch=size, validate=0, **algorithm)
    split, whole = losses(tmp_path / "3"), losses(tmp_path / "64")
    assert split == [pytest.approx(each, rel=1e-4, abs=1e-6) for each in whole]
    assert any(norm > 1e-3 for _, norm in whole)


def test_a_weight_on_the_entropy_keeps_it_up(tmp_path):
    for weight in (0.0, 0.3):
        go(tmp_path / str(weight), steps=6, validate=0, learning_rate=1e-3, entropy=weight, zero_spread="keep")
    without, with_it = (rows_of(tmp_path / str(weight))[-1]["entropy"] for weight in (0.0, 0.3))
    assert with_it > without + 0.05


def test_the_temperature_that_samples_is_the_one_that_scores(tmp_path):
    go(tmp_path, steps=2, temperature=0.6)
    assert all(row["sampling/sampling_logp_difference/max"] < 1e-4 for row in rows_of(tmp_path)[1:])


def test_the_end_of_a_reply_is_learnt(tmp_path):
    """A reply's mask holds its end token, and a row's tokens count it."""
    made = started(tmp_path)
    problems = rollout.draw(made.policy, made.recipe.cells, made.settings, range(4), "train")
    how = Sampling(max_reply=12)
    attempts = rollout.play(made.policy, problems, 2, Payer(made.recipe, 0), how, (0,))
    ended = [turn for attempt in attempts for turn in attempt.turns if turn.completion.finish == "stop"]
    assert ended
    mask = Batch([Row(turn, 0) for turn in ended]).mask
    for turn, counted in zip(ended, mask, strict=True):
        assert turn.completion.ids[-1] == 0
        assert counted[: len(turn.completion.ids)].all()
        assert counted.sum() == len(turn.completion.ids)


# -- what is drawn -----------------------------------------------------------------------------------------


def test_problems_are_drawn_from_the_train_split_without_state(tmp_path):
    made = started(tmp_path)

    def drawn(indices, **changed):
        settings = replace(made.settings, **changed)
        found = rollout.draw(made.policy, made.recipe.cells, settings, indices, "train")
        return [each.start.address for each in found]

    one = drawn(range(8))
    assert one == [each for at in range(8) for each in drawn([at])]
    assert {address.parse(each).split for each in one} == {"train"}
    assert len(set(one)) == 8
    assert one != drawn(range(8), seed=4)


def test_what_is_met_again_is_kept(tmp_path):
    made = started(tmp_path, MIX.replace("sat", "grounding").replace("n = 2, k = 4, l = 4", "n = 4"))
    shelf: dict[str, rollout.Problem] = {}
    cells, settings = made.recipe.cells, made.settings
    first, other, again = rollout.draw(made.policy, cells, settings, [3, 4, 3], "train", shelf)
    assert first is again is not other
    assert shelf == {first.start.address: first, other.start.address: other}
    assert first.start.prompt == []  # its pictures are not kept, only what the policy reads
    [fresh] = rollout.draw(made.policy, cells, settings, [3], "train")
    assert fresh.prompt.ids == first.prompt.ids
    assert torch.equal(fresh.prompt.images, first.prompt.images)


def test_a_pool_is_met_again_and_again(tmp_path):
    go(tmp_path, steps=4, prompts=4, pool=6, samples=16, samples_every=1, validate=0)
    lines = [json.loads(line) for line in (tmp_path / "samples.jsonl").read_text().splitlines()]
    met = [line["address"].rsplit("/", 1)[1] for line in lines][::4]
    assert met == ["0", "1", "2", "3", "4", "5", "0", "1", "2", "3", "4", "5", "0", "1", "2", "3"]


def test_epochs_of_a_pool_make_steps():
    from verienv.grpo import settings

    assert settings.of({"pool": 100, "epochs": 3, "prompts": 8}).steps == 38
    assert settings.of({"pool": 100, "epochs": 3, "prompts": 8, "steps": 5}).steps == 5


def test_who_plays_an_attempt_changes_nothing_in_it(tmp_path):
    made = started(tmp_path)
    pay, how, group = Payer(made.recipe, 0), Sampling(10), 4
    problems = rollout.draw(made.policy, made.recipe.cells, made.settings, range(6), "train")
    whole = rollout.play(made.policy, problems, group, pay, how, (0, 1))
    parts = [
        attempt
        for first, last in ((0, 1), (1, 4), (4, 6))
        for attempt in rollout.play(
            made.policy, problems[first:last], group, pay, how, (0, 1), range(first * group, last * group)
        )
    ]
    assert [each.outcome for each in whole] == [each.outcome for each in parts]
    assert len({each.outcome.replies for each in whole}) > 4


def test_a_prompt_that_is_too_long_is_an_error(tmp_path):
    with pytest.raises(UsageError, match=r"sat@.*tokens; train\.max_prompt = 5"):
        go(tmp_path, max_prompt=5)


def test_problems_that_cannot_be_made_end_the_run(tmp_path, monkeypatch):
    def never(self, rng, knobs):
        raise GenerationError("no such formula")

    monkeypatch.setattr(Sat, "generate", never)
    with pytest.raises(GenerationError):
        loop.train(started(tmp_path))


# -- what is learnt from -----------------------------------------------------------------------------------


def outcomes(*rewards: float | None, cut: tuple[int, ...] = ()) -> list[Outcome]:
    """Attempts with these rewards."""
    return [
        Outcome(
            address="",
            label="sat L0",
            replies=("",),
            tokens=4,
            longest=4 if at not in cut else 10,
            read=9,
            cut=at in cut,
            reward=reward,
            score=reward or 0.0,
        )
        for at, reward in enumerate(rewards)
    ]


def worth(algorithm: Algorithm, given: list[Outcome], **numbers: Any) -> compare.Worth:
    """Groups of two, of which at most two are learnt."""
    return compare.worth(algorithm, Settings(group=2, prompts=2, max_reply=10, **numbers), given, 1.0, ())


def test_groups_without_spread_are_dropped_or_kept():
    given = outcomes(1, 0, 1, 1, 0, 0, 0, 1)
    assert worth(Algorithm(), given).learnt.tolist() == [True, True, *[False] * 4, True, True]
    assert worth(Algorithm(zero_spread="keep"), given).learnt.all()
    more = outcomes(1, 0, 0, 1, 1, 0)
    assert worth(Algorithm(zero_spread="resample"), more).learnt.tolist() == [*[True] * 4, False, False]


def test_an_attempt_that_could_not_be_scored_is_masked_and_changes_nothing():
    given = worth(Algorithm(advantage="mean"), outcomes(1, 0, None, 1, None, None))
    assert given.advantages.tolist() == [0.5, -0.5, 0, 0, 0, 0]
    assert given.learnt.tolist() == [True, True, False, False, False, False]
    kept = worth(Algorithm(advantage="mean", zero_spread="keep"), outcomes(1, 0, None, 1))
    assert kept.learnt.tolist() == [True, True, False, True]


def test_replies_that_were_cut_off_are_masked_or_fined():
    given = outcomes(1, 0, 0, 1, cut=(1,))
    assert worth(Algorithm(overlong="mask"), given).learnt.tolist() == [True, False, True, True]
    fined = worth(Algorithm(overlong="penalty", advantage="mean"), given).advantages.tolist()
    assert fined == [1, -1, -0.5, 0.5]
    assert worth(Algorithm(), given).learnt.all()


def test_a_distance_from_the_reference_is_taken_off_the_reward():
    algorithm = Algorithm(advantage="mean", kl=0.5, kl_estimator="k1", kl_place="reward")
    settings = Settings(group=2, prompts=2)
    found = compare.worth(algorithm, settings, outcomes(1, 0), 1.0, (1.0, 0.0))
    assert found.advantages.tolist() == [0.25, -0.25]


def test_a_step_is_filled_up_with_groups_that_have_spread(tmp_path):
    made = started(tmp_path, zero_spread="resample", resample_rounds=20, prompts=3, group=3)
    attempts, everyones = loop._played(made, Payer(made.recipe, 0), made.recipe.curriculum.start(), 0)
    assert len(attempts) == len(everyones) > 9
    assert compare.found(everyones, 3) >= 3
    assert compare.found(everyones[:-9], 3) < 3
    assert len({each.address for each in everyones}) == len(everyones) // 3
    given = compare.worth(made.algorithm, made.settings, everyones, 1.0, ())
    assert int(given.learnt.sum()) == 9


def test_what_is_met_often_enough_is_left_behind(tmp_path):
    """A promotion curriculum moves by validations, and problems follow it."""
    climb = MIX + '[[mix]]\ntask = "sat"\nknobs = { n = 2, k = 4, l = 3 }\n'
    climb += '[curriculum]\nkind = "promotion"\nepsilon = 0.01\ninterval = 8\n'
    go(tmp_path, mix=climb, steps=4)
    met = [row["stage"] for row in rows_of(tmp_path)[1:]]
    assert met == [0, 0, 1, 1]
    assert "accuracy/sat/n=2,k=4,l=3" in rows_of(tmp_path)[3]


def test_a_weight_of_the_reward_moves_with_the_step(tmp_path):
    go(tmp_path, mix=MIX + "[reward]\nscore = 1.0\nreadable = [[0, 1.0], [2, 0.0]]\n", steps=3)
    for row, weight in zip(rows_of(tmp_path)[1:], (1.0, 0.5, 0.0), strict=True):
        assert row["reward"] == pytest.approx(row["rewards/score/mean"] + weight * row["rewards/readable/mean"])


# -- games -------------------------------------------------------------------------------------------------


@pytest.fixture
def stairs(monkeypatch):
    """A game of a third party."""
    caches = (registry.load, registry._built_in, registry._entry_points)
    monkeypatch.syspath_prepend(str(PLUGIN))
    for cached in caches:
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("stairs")
def test_a_game_is_played_turn_by_turn_and_every_turn_is_learnt(tmp_path):
    text = '[[mix]]\ntask = "stairs"\nlevels = 0\n[reward]\nscore = 1.0\nreadable = 0.5\n[train]\n'
    text += "steps = 2\nprompts = 4\ngroup = 8\nwidth = 16\nlayers = 1\nheads = 2\nsft_steps = 40\nsft_batch = 16\n"
    text += (
        'sft_rate = 1e-2\nmax_reply = 8\nvalidate = 4\nsamples = 8\nsamples_every = 1\nwording = 8\nloss = "token"\n'
    )
    run.run(recipe.parse(text, "stairs"), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "samples.jsonl").read_text().splitlines()]
    assert max(len(line["response"]) for line in lines if isinstance(line["response"], list)) > 1
    report = scoring.Report()
    written = (tmp_path / "samples.jsonl").read_bytes().splitlines()
    values = [each["value"] for each in scoring.scores(enumerate(written), report)]
    assert values == [line["terms"]["score"] for line in lines]
    assert rows_of(tmp_path)[-1]["sampling/sampling_logp_difference/max"] < 1e-4


# -- what goes wrong ---------------------------------------------------------------------------------------


def test_a_checkers_bug_masks_its_attempts_and_the_run_goes_on(tmp_path, monkeypatch):
    honest = Sat.verify

    def broken(self, problem, answer):
        if isinstance(answer, str) and answer.startswith("0"):
            raise KeyError(answer)
        return honest(self, problem, answer)

    monkeypatch.setattr(Sat, "verify", broken)
    go(tmp_path, steps=3, samples=16, samples_every=1)
    rows_ = rows_of(tmp_path)[1:]
    lines = [json.loads(line) for line in (tmp_path / "samples.jsonl").read_text().splitlines()]
    masked = [line for line in lines if "fault" in line]
    assert len(masked) == sum(row["unscorable"] for row in rows_) > 0
    assert all(line["reward"] is None and line["advantage"] == 0 and "KeyError" in line["fault"] for line in masked)
    assert all(line["reward"] is not None for line in lines if "fault" not in line)


def test_a_bug_in_a_term_masks_the_attempt_too(tmp_path, monkeypatch):
    monkeypatch.setattr(Sat, "terms", {"saturn_solved": lambda problem, reply: 1 / ("0" in reply)})
    go(tmp_path, mix=MIX + "[reward]\nsaturn_solved = 1.0\n", steps=1)
    assert 0 < rows_of(tmp_path)[1]["unscorable"] < 16


def test_a_checker_that_always_fails_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(Sat, "judge", lambda self, problem, reply: 1 / 0)
    with pytest.raises(ContractError, match=r"no attempt of step 1 could be scored.*ZeroDivisionError"):
        go(tmp_path)


def test_a_gradient_that_is_no_number_changes_nothing(tmp_path, monkeypatch):
    honest, count = loss.of_tokens, iter(range(100))

    def spoilt(*args, **given):
        found = honest(*args, **given)
        return found * float("nan") if next(count) == 1 else found

    monkeypatch.setattr(loss, "of_tokens", spoilt)
    kept: dict[int, Any] = {}
    made = started(tmp_path, zero_spread="keep", steps=4, save_every=1)
    made.told = lambda row: kept.update({int(row["step"]): [each.clone() for each in made.policy.parameters()]})
    assert loop.train(made)
    rows_ = {row["step"]: row for row in rows_of(tmp_path)}
    assert rows_[2]["updates"] == 0
    assert "loss" not in rows_[2]
    assert all(torch.equal(one, two) for one, two in zip(kept[1], kept[2], strict=True))
    assert not all(torch.equal(one, two) for one, two in zip(kept[2], kept[3], strict=True))
    assert rows_[4]["updates"] == 1


def test_a_gradient_that_stays_no_number_ends_the_run_before_the_checkpoint_is_spoilt(tmp_path, monkeypatch):
    honest, count = loss.of_tokens, iter(range(100))

    def spoilt(*args, **given):
        return honest(*args, **given) * (float("inf") if next(count) >= 2 else 1.0)

    monkeypatch.setattr(loss, "of_tokens", spoilt)
    made = started(tmp_path, zero_spread="keep", steps=20, save_every=1)
    with pytest.raises(RunError, match="no number in 3 steps in a row"):
        loop.train(made)
    state = checkpoint.load(tmp_path / checkpoint.NAME)
    assert state is not None
    assert state["step"] == 2
    assert all(value.isfinite().all() for value in state["policy"].values())


def test_a_step_without_anything_to_learn_moves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Sat, "terms", {"saturn_solved": lambda problem, reply: 0.0})
    made = started(tmp_path, MIX + "[reward]\nsaturn_solved = 1.0\n", steps=2, weight_decay=0.1)
    assert loop.train(made)
    assert [row["updates"] for row in rows_of(tmp_path)[1:]] == [0, 0]
    before = run.load(warm()).state_dict()
    assert all(torch.equal(before[name], value) for name, value in made.policy.state_dict().items())
