"""Each tool writes the reply that a model would: with the oracle's answer it earns 1, with another one less."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.viewer import browsing, hands
from tests.viewer.seeing import ask, got
from verienv import parsing, registry
from verienv.task import Instance

CASES = {
    "variables": ("sat@1/L1/train/s0/0", hands.switch),
    "guests": ("sat@1/k=6,l=20,rendering=story/train/s0/0", hands.switch),
    "proof": ("sat@1/L3/train/s0/0", hands.switch),
    "letter": ("jigsaw@1/L3/train/s0/0", hands.pick),
    "angle": ("jigsaw@1/L5/train/s0/0", hands.pick),
    "arrangement": ("jigsaw@1/L4/train/s0/0", hands.pick),
    "number": ("jigsaw@1/L2/train/s0/0", hands.number),
    "pieces dragged": ("jigsaw@1/L1/train/s0/0", hands.drag_pieces),
    "pieces by keys": ("jigsaw@1/L9/train/s0/0", hands.key_pieces),
    "box": ("grounding@1/L0/train/s0/0", hands.box),
    "box in one of two": ("grounding@1/L5/train/s0/0", hands.box),
    "box in thousandths": ("grounding@1/L7/train/s0/0", hands.edges),
    "box of a piece": ("jigsaw@1/L6/train/s0/0", hands.edges),
    "click": ("gui@1/L0/train/s0/0", hands.act),
    "double click": ("gui@1/L8/train/s0/0", hands.act),
    "scroll": ("gui@1/L4/train/s0/0", hands.act),
    "back": ("gui@1/L3/train/s0/0", hands.act),
    "plan": ("sokoban@1/L0/train/s0/0", hands.keys),
    "month": ("temporal@1/L0/train/s0/0", hands.fill),
    "date": ("temporal@1/L1/train/s0/0", hands.fill),
    "two months": ("temporal@1/L2/train/s0/0", hands.fill),
    "moment": ("temporal@1/L3/train/s0/0", hands.fill),
    "months and order": ("temporal@1/L4/train/s0/0", hands.fill),
    "missing word": ("temporal@1/L5/train/s0/0", hands.fill),
    "days": ("temporal@1/L7/train/s0/0", hands.fill),
    "relation": ("temporal@1/L8/train/s0/0", hands.fill),
    "order": ("temporal@1/L9/train/s0/0", hands.fill),
    "weekday": ("temporal@1/L11/train/s0/0", hands.fill),
    "in writing": ("sat@1/L2/train/s0/0", hands.write),
}


@pytest.fixture(scope="module")
def page(browser):
    """One page for all plays: going from one to the next loads nothing anew."""
    with browsing.page(browser) as made:
        yield made


@pytest.mark.parametrize("case", CASES)
def test_a_tool_solves_with_the_oracles_answer_and_spoils_with_another(viewed, page, case):
    address, hand = CASES[case]
    instance = registry.instance(address)
    right = said(instance.task.oracle(instance))
    assert played(page, viewed, address, hand, right) == 1
    page.get_by_role("button", name="Try again").click()
    assert played(page, None, address, hand, wrong(instance, right)) < 1


def test_a_session_on_a_phone_is_played_turn_by_turn(viewed, page):
    instance = registry.load("gui_session").instance(3)
    page.goto(f"{viewed}/#/play/{instance.address}")
    for turn, reply in enumerate(instance.task.oracle(instance), 1):
        page.locator(".headline").get_by_text(f"turn {turn}", exact=True).wait_for()
        hands.act(page, parsing.answer(reply))
    assert verdict(page) == 1
    page.get_by_role("button", name="Try again").click()
    page.locator(".headline").get_by_text("turn 1", exact=True).wait_for()
    page.get_by_role("button", name="complete", exact=True).click()
    assert verdict(page) < 1


def test_a_board_is_played_move_by_move(viewed, page):
    instance = registry.load("sokoban").instance(knobs="width=6,height=6,boxes=1,least=1,most=3,turns=40,chunk=1")
    page.goto(f"{viewed}/#/play/{instance.address}")
    for turn, reply in enumerate(instance.task.oracle(instance), 1):
        page.locator(".headline").get_by_text(f"turn {turn}", exact=True).wait_for()
        hands.keys(page, parsing.answer(reply))
    assert verdict(page) == 1


def test_what_was_played_is_saved_as_replies_that_are_scored(viewed, browser, tmp_path):
    from verienv import scoring

    instance = registry.load("sat").instance(1, index=3)
    with browsing.page(browser) as page:
        assert played(page, viewed, instance.address, hands.switch, said(instance.task.oracle(instance))) == 1
        with page.expect_download() as download:
            page.get_by_role("button", name="Save 1 reply").click()
        download.value.save_as(tmp_path / "replies.jsonl")
    report = scoring.score_file(None, tmp_path / "replies.jsonl")
    assert (report.scored, report.mean) == (1, 1.0)


@pytest.mark.parametrize("name", registry.names())
def test_nothing_but_what_the_player_sees_comes_before_the_verdict(viewed, name):
    instance = registry.load(name).instance(1)
    begun = got(viewed, "/api/play", {"address": instance.address})
    assert begun.keys() == {"address", "task", "title", "level", "game", "turn", "done", "prompt"}
    assert [part["text"] for part in begun["prompt"] if "text" in part] == [
        part for part in instance.prompt if isinstance(part, str)
    ]
    replies = instance.task.oracle(instance)
    ended = got(viewed, "/api/play", {"address": instance.address, "replies": aslist(replies)})
    assert ended["verdict"]["value"] == 1
    assert ended["published"].keys() == instance.task.terms.keys()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"address": 3},
        {"address": "sat@1/L1/train/s0/0", "replies": "x"},
        {"address": "sat@1/L1/train/s0/0", "replies": [1]},
        {"address": "sat@1/L1/train/s0/0", "replies": ["a", "b"]},
        {"address": "sat@1/L1/train/s0/0", "truth": True},
        {"address": "nowhere"},
    ],
)
def test_a_play_that_is_none_is_refused(viewed, body):
    assert ask(viewed, "/api/play", body)[0] == 422


def played(page, url, address, hand, answer):
    if url is not None:
        page.goto(f"{url}/#/play/{address}")
    button = page.get_by_role("button", name=re.compile("Submit|Send"))
    button.wait_for()
    hand(page, answer)
    button.click()
    return verdict(page)


def verdict(page):
    return float(page.locator(".verdict .score").inner_text())


def aslist(replies):
    return [replies] if isinstance(replies, str) else list(replies)


def said(reply):
    return parsing.answer(aslist(reply)[0])


def wrong(instance: Instance[Any], right: str) -> str:
    """The answer of another problem that asks for the same form and does not answer this one; of a proof, a part."""
    if right.startswith("UNSAT"):
        return " ".join(right.split()[:3])
    for index in range(1, 60):
        other = instance.task.instance(index=index, knobs=instance.knobs)
        answer: str = said(other.task.oracle(other))
        if form(other) != form(instance) or answer.startswith("UNSAT"):
            continue
        if instance.task.score(instance, parsing.say(answer)).value < 1:
            return answer
    raise AssertionError(f"no wrong answer for {instance.address}")


def form(instance: Instance[Any]) -> str:
    """The line that says what the answer looks like."""
    text = "\n".join(part for part in instance.prompt if isinstance(part, str))
    return str(re.findall(r"^The answer is .*$", text, re.MULTILINE)[-1])
