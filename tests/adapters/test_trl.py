"""TRL's reward functions and environment, called as GRPOTrainer 1.16 calls them; tests/peers runs the trainer."""

from __future__ import annotations

import logging
from typing import Any

import pytest

import verienv
from verienv.adapters import specs, trl
from verienv.errors import ContractError, UnknownName


def call(
    function: trl.Function, completions: list[Any], spec: list[str], **columns: Any
) -> tuple[list[float | None], dict[str, float]]:
    """As `_calculate_rewards` does."""
    metrics: dict[str, float] = {}
    given = function(
        prompts=[[{"role": "user", "content": ""}]] * len(spec),
        completions=completions,
        completion_ids=[[1]] * len(spec),
        spec=spec,
        trainer_state=object(),
        log_extra=lambda column, values: None,
        log_metric=metrics.__setitem__,
        **columns,
    )
    return given, metrics


def said(text: str) -> list[dict[str, object]]:
    return [{"role": "assistant", "content": text}]


def test_each_term_is_a_function_of_that_name(sat):
    instance, spec = sat
    functions, weights = trl.rewards({"score": 1.0, "readable": 0.25})
    assert [each.__name__ for each in functions] == ["score", "readable"]
    assert weights == [1.0, 0.25]
    completions = [said(instance.task.oracle(instance)), said("<answer>00000</answer>"), said("?")]
    score = call(functions[0], completions, [spec] * 3)[0]
    assert score == [instance.task.score(instance, each[0]["content"]).value for each in completions]
    assert call(functions[1], completions, [spec] * 3)[0] == [1, 1, 0]


def test_completions_may_be_text_or_end_in_tool_messages(sat):
    instance, spec = sat
    (function,), _ = trl.rewards()
    oracle = instance.task.oracle(instance)
    blocks = [{"type": "text", "text": oracle}]
    tools = [*said(oracle), {"role": "tool", "name": "x", "content": "<answer>1</answer>"}]
    silent: list[Any] = [{"role": "assistant", "content": None, "tool_calls": []}]
    completions = [oracle, [{"role": "assistant", "content": blocks}], tools, silent, []]
    assert call(function, completions, [spec] * 5)[0] == [1, 1, 1, 0, 0]


def test_a_tasks_own_term_leaves_the_rows_of_others_out(sat):
    instance, spec = sat
    picture = verienv.instance("jigsaw@1/L0/train/s0/0")
    functions, weights = trl.rewards({"score": 1.0, "jigsaw": {"score": 2.0, "readable": -1.0}})
    assert [each.__name__ for each in functions] == ["score", "jigsaw:score", "jigsaw:readable"]
    assert weights == [1.0, 2.0, -1.0]
    completions = [said(instance.task.oracle(instance)), said(picture.task.oracle(picture))]
    given = [call(each, completions, [spec, specs.of(picture)])[0] for each in functions]
    assert given == [[1, None], [None, 1], [None, 1]]


def test_unknown_terms_are_refused(sat):
    with pytest.raises(UnknownName):
        call(trl.rewards({"scoer": 1.0})[0][0], [said("")], [sat[1]])


def test_each_batch_is_scored_once_and_never_mistaken_for_the_last(sat, monkeypatch):
    instance, spec = sat
    judged: list[str] = []
    verify = type(instance.task).verify

    def count(self, problem, answer):
        judged.append(answer)
        return verify(self, problem, answer)

    monkeypatch.setattr(type(instance.task), "verify", count)
    functions, _ = trl.rewards({"score": 1.0, "readable": 1.0})
    oracle = instance.task.oracle(instance)
    batch, where = [said(oracle)] * 4, [spec] * 4
    assert [call(each, batch, where)[0] for each in functions] == [[1] * 4] * 2
    assert len(judged) == 4
    assert call(functions[0], [said("?")] * 4, where)[0] == [0] * 4
    assert call(functions[1], batch, where)[0] == [1] * 4


def test_an_attempt_that_breaks_a_task_is_left_out_counted_and_told(sat, monkeypatch, caplog):
    instance, spec = sat
    oracle = instance.task.oracle(instance)
    assert oracle != "<answer>00000</answer>"
    verify = type(instance.task).verify

    def fail(self, problem, answer):
        if answer == "00000":
            raise ZeroDivisionError
        return verify(self, problem, answer)

    monkeypatch.setattr(type(instance.task), "verify", fail)
    functions, _ = trl.rewards({"score": 1.0, "readable": 1.0})
    batch, where = [said(oracle), said("<answer>00000</answer>")], [spec, spec]
    with caplog.at_level(logging.ERROR):
        given, metrics = call(functions[0], batch, where)
    assert given == [1, None]
    assert metrics == {"verienv/broken": 1.0}
    assert "ZeroDivisionError" in caplog.text
    assert call(functions[1], batch, where)[1] == {}, "one function tells it for all"


def test_a_game_is_played_by_its_tool_and_paid_at_the_end(stairs):
    instance, spec = stairs(0)
    functions, _ = trl.rewards({"score": 1.0})
    played, begun = trl.Environment(), trl.Environment()
    assert played.reset(prompt=[{"role": "user", "content": "…"}], spec=spec, level=0) is None
    assert begun.reset(spec=spec) == instance.prompt[0]
    seen = [played.play(each) for each in instance.task.oracle(instance)]
    assert seen[-1] == played.play("<answer>1</answer>") == "The episode is over."
    assert str(seen[0]).startswith("You stand on step")
    given, _ = call(functions[0], [[], []], [spec, spec], environments=[played, begun])
    assert given == [1, 0]
    played.reset(spec=spec)
    assert call(functions[0], [[], []], [spec, spec], environments=[played, begun])[0] == [0, 0]


def test_a_game_that_breaks_inside_the_tool_is_left_out(stairs, monkeypatch):
    instance, spec = stairs(0)

    def fail(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(instance.task), "move", fail)
    environment = trl.Environment()
    environment.reset(spec=spec)
    with pytest.raises(ContractError):
        environment.play("<answer>1</answer>")
    assert call(trl.rewards()[0][0], [[]], [spec], environments=[environment])[0] == [None]


def test_pictures_in_a_game_are_blocks():
    picture = verienv.instance("jigsaw@1/L0/train/s0/0")
    blocks = trl.Environment().reset(spec=specs.of(picture))
    assert isinstance(blocks, list)
    assert [each["type"] for each in blocks] == ["image", "text"]


def test_the_tool_describes_itself_as_transformers_needs():
    """A typed argument and Google's form of docstring."""
    doc = trl.Environment.play.__doc__ or ""
    assert "Args:\n            reply: " in doc
    public = [name for name in vars(trl.Environment) if not name.startswith("_")]
    assert public == ["reset", "play"], "every other public method would become a tool"
