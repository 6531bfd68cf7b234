"""gui: one right action each, by looking at every point; hostile actions; the published rewards."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

import verienv
from tests.families import gui_replies
from verienv import actions, parsing
from verienv.actions import Action
from verienv.errors import KnobError
from verienv.families.gui import Gui, Knobs, Problem, asks, blind, making, published, queries, seen, task, wording
from verienv.families.gui.asks import Ask, Right
from verienv.families.gui.queries import Query, Where
from verienv.render import screen as ui
from verienv.task import split_of

Box = tuple[int, int, int, int]
LEVELS = range(len(task.levels))
CLICKS = Problem(None, None, (Right("click", ((0, 0, 30, 40),)),))


@functools.cache
def one(level: int, index: int) -> Any:
    return task.instance(level, index=index)


def instances(count: int, levels: Iterable[int] = LEVELS) -> list[Any]:
    return [one(level, index) for level in levels for index in range(count)]


def value(problem: Problem, reply: str) -> float:
    return task.judge(problem, reply).value


# -- one right action ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_a_click_is_right_exactly_where_it_meets_the_target(level):
    """Every point of a grid, hit-tested on the layout: right where the target is met, and nowhere else."""
    for instance in instances(6, [level]):
        problem = instance.problem
        right = problem.rights[0]
        if right.kind not in ("click", "double_click", "long_press"):
            continue
        placed = seen.look(problem.screen).placed
        point = asks.write(right).point
        assert point is not None
        x, y = point
        target = placed.at(x, y)
        assert target is not None, instance.address
        width, height = problem.size
        for across in range(0, width, max(3, width // 70)):
            for down in range(0, height, max(3, height // 70)):
                met = placed.at(across, down)
                score = task.verify(problem, Action(right.kind, point=(float(across), float(down))))
                assert (score.value == 1) == (met is target), (instance.address, across, down)


@pytest.mark.parametrize("level", LEVELS)
def test_no_other_action_is_right(level):
    for instance in instances(8, [level]):
        problem = instance.problem
        for kind in actions.KINDS:
            if kind in {right.kind for right in problem.rights}:
                continue
            wrong = Action(kind, point=(5.0, 5.0), end=(9.0, 9.0), text="x", direction="up", key="x")
            assert task.verify(problem, wrong).value == 0
            assert task.verify(problem, wrong).reason == "wrong_action"


def naive(view: Any, query: Any) -> list[Any]:
    """What a description fits, the plain way: every thing tried against every word of it."""
    found = []
    for thing in view.things:
        widget = thing.widget
        fits = thing.noun == query.noun
        fits &= query.label in ("", widget.label) and query.icon in ("", widget.icon)
        fits &= query.section in ("", thing.section)
        fits &= not query.row or (thing.row is not None and thing.row.label == query.row)
        fits &= query.state not in ("on", "off") or widget.checked == (query.state == "on")
        if fits:
            found.append(thing)
    for where in query.where:
        found = [each for each in found if each.row is not None and where.column in dict(each.row.cells)]
        if where.how in ("is", "is not"):
            found = [
                each for each in found if (dict(each.row.cells)[where.column] == where.value) == (where.how == "is")
            ]
        elif where.how in ("above", "below"):
            limit = number(where.value)
            found = [
                each for each in found
                if (number(dict(each.row.cells)[where.column]) > limit) == (where.how == "above")
                and number(dict(each.row.cells)[where.column]) != limit
            ]  # fmt: skip
    for where in query.where:
        if where.how in ("highest", "lowest") and found:
            values = [number(dict(each.row.cells)[where.column]) for each in found]
            best = max(values) if where.how == "highest" else min(values)
            found = [each for each, one in zip(found, values, strict=True) if one == best]
    if query.order:
        axis = 1 if query.order in ("top", "bottom") else 0
        found.sort(key=lambda each: each.box[axis] + each.box[axis + 2], reverse=query.order in ("bottom", "right"))
        found = found[query.rank - 1 : query.rank]
    if query.side:
        (anchor,) = naive(view, query.anchor)
        found = [each for each in found if beside(each.box, anchor.box, query.side)]
        found.sort(key=lambda each: distance(each.box, anchor.box))
        found = found[:1]
    return found


def number(words: str) -> float:
    return float("".join(each for each in words if each.isdigit() or each == "."))


def beside(box: Box, anchor: Box, side: str) -> bool:
    lines = min(box[3], anchor[3]) > max(box[1], anchor[1])
    columns = min(box[2], anchor[2]) > max(box[0], anchor[0])
    return {
        "left": lines and box[2] <= anchor[0] + 2,
        "right": lines and box[0] >= anchor[2] - 2,
        "above": columns and box[3] <= anchor[1] + 2,
        "below": columns and box[1] >= anchor[3] - 2,
    }[side]


def distance(one: Box, two: Box) -> int:
    return max(one[0] - two[2], two[0] - one[2], 0) + max(one[1] - two[3], two[1] - one[3], 0)


@pytest.mark.parametrize("level", LEVELS)
def test_descriptions_fit_one_thing_by_brute_force(level):
    looked = 0
    for instance in instances(25, [level]):
        problem = instance.problem
        ask = problem.ask
        covered = problem.screen.find(asks.NOTICE) or any(each.kind == "busy" for each in problem.screen.over)
        if ask.target is None or covered or len(problem.rights[0].areas) != 1:
            continue
        view = seen.look(problem.screen)
        (thing,) = naive(view, ask.target)
        place = problem.screen.find(thing.id)
        assert place is not None
        found = queries.resolve(view, ask.target)
        assert [each.id for each in found] == [thing.id], (instance.address, problem.instruction)
        looked += 1
    assert looked >= 8


@pytest.mark.parametrize("level", LEVELS)
def test_no_condition_can_be_left_out(level):
    for instance in instances(25, [level]):
        query = instance.problem.ask.target
        if query is None or len(query.where) < 2:
            continue
        view = seen.look(instance.problem.screen)
        for each in query.where:
            less = replace(query, where=tuple(one for one in query.where if one is not each))
            assert queries.resolve(view, less) != queries.resolve(view, query), instance.address


def test_what_is_asked_is_shown_in_full():
    """A name that the instruction quotes stands on the screen uncut, or is to be found elsewhere by scrolling."""
    for instance in instances(20):
        problem = instance.problem
        query = problem.ask.target
        if query is not None and query.label:
            front = tuple(each for each in problem.screen.over if each.id != asks.NOTICE and each.kind != "busy")
            behind = replace(problem.screen, over=front)
            view = seen.look(behind)
            assert any(each.plain for each in view.things if each.widget.label == query.label), instance.address


def test_a_level_asks_for_many_kinds_of_actions():
    for level in (2, 3, 4, 7):
        kinds = [instance.problem.rights[0].kind for instance in instances(60, [level])]
        assert len(set(kinds)) >= 6
        assert kinds.count("click") < 0.8 * len(kinds)


def test_screens_of_4k_can_be_asked_for():
    knobs = Knobs(platform="desktop", width=3840, height=2160, density="compact")
    instance = task.instance(knobs=knobs)
    assert instance.problem.size == (3840, 2160)
    assert instance.problem.picture().size == (3840, 2160)
    assert value(instance.problem, task.oracle(instance)) == 1


# -- what is asked ---------------------------------------------------------------------------------------------------


def form_screen(**look: Any) -> ui.Screen:
    fields = ui.column(
        ui.field("Name", "name", focused=True), ui.field("City", "city"), ui.field("Code", "code", "A-1"),
        ui.row(ui.text("Volume", width=80), ui.slider("volume", 20, label="Volume")),
        ui.item("Wi-Fi", "", trail=ui.switch("wifi", True, label="Wi-Fi")),
        ui.item("Sound", "", trail=ui.switch("sound", False, label="Sound")),
    )  # fmt: skip
    root = ui.stack(ui.status_bar(), ui.app_bar("Form"), ui.page(fields, role="padded", id="page"), ui.home_bar())
    return ui.Screen(360, 640, root, **look)


def right_of(ask: Ask, screen: ui.Screen | None = None) -> tuple[Right, ...]:
    return asks.settle(form_screen() if screen is None else screen, ask)


def test_typing_goes_into_the_field_with_the_focus_and_a_click_into_another():
    (typed,) = right_of(Ask("write", Query("field", label="Name"), text="Ada"))
    assert (typed.kind, typed.text) == ("type", "Ada")
    (clicked,) = right_of(Ask("write", Query("field", label="City"), text="Oslo"))
    assert clicked.kind == "click"
    assert right_of(Ask("write", Query("field", label="Code"), text="x")) == ()  # it is filled in already


def test_what_is_so_already_is_complete():
    wifi = Query("switch", row="Wi-Fi")
    assert [each.kind for each in right_of(Ask("set", wifi, text="on"))] == ["complete"]
    assert [each.kind for each in right_of(Ask("set", wifi, text="off"))] == ["click"]


@pytest.mark.parametrize(
    ("amount", "let_go", "earned"), [(70, 70, 1), (70, 73, 1), (70, 76, 0), (70, 20, 0), (70, 60, 0)]
)
def test_a_slider_is_let_go_near_the_value(amount, let_go, earned):
    screen = form_screen()
    rights = right_of(Ask("slide", Query("slider", label="Volume"), amount=amount))
    problem = Problem(screen, Ask("slide", Query("slider", label="Volume"), amount=amount), rights)
    placed = ui.layout(screen)
    start = placed.knob("volume")
    assert start is not None
    end = (float(placed.along("volume", let_go)), float(start[1]))
    drag = Action("drag", point=(float(start[0]), float(start[1])), end=end)
    assert task.verify(problem, drag).value == earned
    assert task.verify(problem, Action("click", point=end)).value == 0
    assert task.verify(problem, replace(drag, point=end)).value == 0  # the knob is not there


def test_what_lies_in_front_is_closed_first_unless_it_is_beside_the_point():
    ask = Ask("press", Query("switch", row="Wi-Fi"))
    (plain,) = right_of(ask)
    dialog = ui.dialog("Rate this app", actions=[ui.button("Not now", "n"), ui.button("Rate now", "y")], id=asks.NOTICE)
    (closing,) = right_of(ask, form_screen(over=(dialog,)))
    box = ui.layout(form_screen(over=(dialog,))).box("n")
    assert closing.areas == (box,)
    banner = ui.banner(ui.row(ui.button("Not now", "n"), ui.button("Rate now", "y")), id=asks.NOTICE)
    (pressed,) = right_of(ask, form_screen(over=(banner,)))
    assert pressed.areas == plain.areas


def test_while_the_screen_is_loading_it_is_to_wait():
    assert right_of(Ask("press", Query("switch", row="Wi-Fi")), form_screen(over=(ui.busy(),))) == (Right("wait"),)


def test_a_description_that_fits_two_things_settles_nothing():
    assert right_of(Ask("press", Query("switch"))) == ()
    assert right_of(Ask("press", Query("switch", row="Radio"))) == ()


def test_highest_is_meant_among_what_meets_the_other_conditions():
    rows = [ui.table_row(name, ui.cell(price, role="number"), kind, id=name, label=name)
            for name, price, kind in (("A", "5.00", "x"), ("B", "9.00", "y"), ("C", "7.00", "x"))]  # fmt: skip
    screen = ui.Screen(400, 400, ui.stack(ui.page(ui.table(["Name", "Price", "Kind"], rows))))
    view = seen.look(screen)
    where = (Where("Price", "highest"), Where("Kind", "is", "x"))
    assert [each.id for each in queries.resolve(view, Query("row", where=where))] == ["C"]
    assert [each.id for each in queries.resolve(view, Query("row", where=where[:1]))] == ["B"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("12.50", 12.5),
        ("$8.90", 8.9),
        ("1,240.00", 1240),
        ("380 KB", 380),
        ("2025-03-14", 20250314),
        ("4:05", 245),
        ("Paid", None),
    ],
)
def test_what_can_be_compared_is_measured(words, number):
    assert queries.measure(words) == number


# -- blind players ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS[1:])
def test_words_in_common_do_not_find_the_target(level):
    for instance in instances(10, [level]):
        problem = instance.problem
        for named in (False, True):
            found = blind.matches(problem.view, problem.instruction, named=named)
            if len(found) == 1 and problem.rights[0].kind == "click":
                assert value(problem, parsing.say(wording.write(blind.click(found[0]), problem.form))) == 0


# -- hostile replies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("reply", "reason"), gui_replies.REFUSED)
def test_hostile_answers_are_unreadable(reply, reason):
    score = task.judge(CLICKS_AT_ORIGIN, f"<answer>{reply}</answer>")
    assert (score.value, score.readable, score.reason) == (0, False, reason)


CLICKS_AT_ORIGIN = replace(CLICKS, photo=gui_replies.photo(100, 100), words="Press it.")


@pytest.mark.parametrize("reply", gui_replies.PAID)
def test_common_forms_are_paid(reply):
    assert value(CLICKS_AT_ORIGIN, f"<answer>{reply}</answer>") == 1


def test_checking_any_reply_is_quick():
    made = instances(1)
    big = [
        "<answer>" + "[" * 60_000,
        "<answer>" * 8_000,
        '{"action": ' * 6_000,
        "<answer>" + "9" * 60_000 + "</answer>",
    ]
    for instance in made:
        task.score(instance, big[0])
        for reply in big:
            start = time.thread_time()
            task.score(instance, reply)
            for term in task.terms.values():
                term(instance.problem, reply)
            assert time.thread_time() - start < 0.05


# -- published rewards -------------------------------------------------------------------------------------------------

THINK = "<think>t</think>"


@pytest.mark.parametrize(("reply", "word", "point", "form"), gui_replies.UI_R1)
def test_ui_r1_reads_as_released(reply, word, point, form):
    assert published.ui_r1_read(reply) == (word, point)
    assert published.ui_r1_format(CLICKS, reply) == form


def test_ui_r1_pays_a_missing_point_where_the_target_covers_the_origin_and_we_do_not():
    reply = f"{THINK}<answer>[{{'action': 'click'}}]</answer>"
    assert published.ui_r1_coordinate(CLICKS_AT_ORIGIN, reply) == 1
    assert value(CLICKS_AT_ORIGIN, reply) == 0


def test_ui_r1_pays_any_scroll_and_we_do_not():
    problem = replace(CLICKS_AT_ORIGIN, rights=(Right("scroll", direction="down"),))
    reply = f"{THINK}<answer>[{{'action': 'scroll', 'direction': 'up'}}]</answer>"
    assert (published.ui_r1_action(problem, reply), published.ui_r1_coordinate(problem, reply)) == (1, 1)
    score = task.judge(problem, reply)
    assert (score.value, score.parts["action_type"], score.parts["direction"]) == (0, 1, 0)


@pytest.mark.parametrize(("point", "inside"), [((0, 0), 1), ((30, 40), 1), ((31, 40), 0), ((30, 41), 0)])
def test_ui_r1_counts_the_borders_in(point, inside):
    reply = f"{THINK}<answer>[{{'action': 'click', 'coordinate': [{point[0]}, {point[1]}]}}]</answer>"
    assert published.ui_r1_coordinate(CLICKS_AT_ORIGIN, reply) == inside


def test_the_oracle_earns_the_published_reward_in_ui_r1s_form():
    for index in range(12):
        instance = task.instance(index=index, knobs=Knobs(platform="phone", form="ui_r1", theme="light"))
        reply = f"<think>Here.</think> {task.oracle(instance)}"
        earned = [
            task.terms[name](instance.problem, reply) for name in ("ui_r1_action", "ui_r1_coordinate", "ui_r1_format")
        ]
        assert earned == [1, 1, 1], instance.address


def test_guirlvgs_soft_format_pays_by_the_piece():
    whole = "<think>t</think><answer>[5, 5]</answer>"
    assert published.soft_format(whole) == pytest.approx(1)
    assert published.soft_format(whole.replace("</think>", "")) == pytest.approx(0.75)
    assert published.soft_format(whole.replace("</answer>", "")) == pytest.approx(1 - 1 / 6)
    assert published.soft_format("<think>t</think><answer>[5, 5, 5]</answer>") == pytest.approx(1 - 1 / 6)
    assert published.soft_format("[5, 5]") == pytest.approx(1 / 6)
    assert published.soft_format("</answer>5 5<answer></think><think>") > 0.8  # blind to the order, as described
    assert published.soft_format("") == 0
    assert published.guirlvg_strict_format(CLICKS, whole) == 1
    assert published.guirlvg_strict_format(CLICKS, whole.replace("[5, 5]", "5 5")) == 0


@pytest.mark.parametrize(
    ("written", "earned"), [("[5, 5]", 1), ("(5.0 5.0)", 1), ("5, 5", 1), ("[35, 5]", 0), ("5", 0), ("1 2 3", 0)]
)
def test_guirlvg_reads_a_point_in_any_brackets(written, earned):
    assert published.guirlvg_point(CLICKS_AT_ORIGIN, f"<think>t</think><answer>{written}</answer>") == earned


# -- knobs and views -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knobs", [
    {"form": "point"}, {"form": "point", "asks": "press", "front": 0.5}, {"asks": "app", "platform": "web"},
    {"asks": "shortcut", "platform": "phone"}, {"width": 3840, "height": 320}, {"scale": 0.3}, {"scale": 3.0},
])  # fmt: skip
def test_knobs_that_cannot_be_are_refused(knobs):
    with pytest.raises(KnobError):
        Knobs(**knobs)


@pytest.mark.parametrize("asked", making.SHARES)
def test_everything_can_be_asked_alone(asked):
    platform = "phone" if asked == "app" else "desktop" if asked in ("file", "shortcut", "open") else "any"
    instance = task.instance(knobs=Knobs(asks=asked, platform=platform, width=720, height=720))
    assert instance.problem.ask is not None
    assert instance.problem.ask.kind == asked
    assert value(instance.problem, task.oracle(instance)) == 1


@pytest.mark.parametrize("way", ["up", "down", "left", "right"])
def test_a_list_is_scrolled_in_every_direction(way):
    knobs = Knobs(asks="reveal")
    found = (task.instance(knobs=knobs, index=index).problem for index in range(60))
    assert any(each.rights[0].direction == way for each in found)


def test_only_a_screen_of_the_right_split_is_asked_about():
    """What is costly waits until the screen has named its split; then nothing of the plan is left."""
    asked = []

    class Watched(Gui):
        def admit(self, problem):
            asked.append(problem)
            assert problem.ask is None
            assert split_of(sha256(b"gui@1\n" + self.lineage(problem)).digest()) == "test"
            return super().admit(problem)

    watched = Watched()
    for index in range(5):
        problem = watched.instance(2, index=index, split="test").problem
        assert type(problem) is Problem
        assert problem.screen == asked[-1].screen
        assert watched.lineage(problem) == watched.lineage(asked[-1])
    assert len(asked) < 5 * 8


def test_a_point_form_reads_a_bare_point():
    instance = task.instance(knobs=Knobs(asks="press", form="point", units="thousandths"))
    x, y = json.loads(parsing.answer(task.oracle(instance)))
    assert 0 <= x <= 1000
    assert 0 <= y <= 1000
    assert value(instance.problem, f"<answer>({x}, {y})</answer>") == 1
    assert task.judge(instance.problem, f"<answer>({x}, 1001)</answer>").reason == "outside"


def test_the_text_of_every_right_action_can_be_chosen():
    for instance in instances(25):
        action = asks.write(instance.problem.rights[0])
        assert task.act(instance.problem, task.encode(instance.problem, action)) == action


def test_addresses_give_the_same_screen():
    instance = task.instance(3, seed=5, index=7, split="test")
    again = verienv.instance(instance.address)
    assert again.problem == instance.problem
    assert again.problem.picture().tobytes() == instance.problem.picture().tobytes()
