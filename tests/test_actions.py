"""Actions are written in one form and read in the common ones; whatever is not exactly one action is refused."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests import strategies
from verienv import actions, literals
from verienv.actions import Action
from verienv.parsing import Unparsable

CLICK = Action("click", point=(120.0, 48.0))

READ = {
    CLICK: (
        '{"action": "click", "coordinate": [120, 48]}',
        "{'action': 'click', 'coordinate': [120, 48]}",
        "[{'action': 'click', 'coordinate': [120, 48]}]",
        '[{"action": "click", "coordinate": (120, 48)}]',
        "{'action': click, 'coordinate': [120, 48]}",
        '{"action": "click", "coordinate": [120.0, 48.]}',
        '{"action": "click", "point": [120, 48], "text": null}',
        '{"action_type": "CLICK", "x": 120, "y": 48}',
        '{"action": "tap", "x": 120, "y": 48}',
        '"{"action": "click", "coordinate": [120, 48]}"',
        '{"click": [120, 48]}',
        "action: click, coordinate: [120, 48]",
        "action = click\ncoordinate = [120, 48]",
        "click(120, 48)",
        "click((120, 48))",
        "click([120, 48])",
        "click(x=120, y=48)",
        "click(point=[120, 48])",
        "click [120, 48]",
        "click (120, 48)",
        "click: [120, 48]",
        "click 120 48",
        "Click 120, 48",
        "tap [120, 48]",
    ),
    Action("long_press", point=(1.5, 0.0)): (
        '{"action": "long press", "coordinate": [1.5, 0]}',
        '{"action": "long-press", "coordinate": [1.5, 0]}',
        "long press [1.5, 0]",
        "long_press(1.5, 0)",
    ),
    Action("double_click", point=(3.0, 4.0)): ("double click 3 4", "double_tap(3, 4)"),
    Action("drag", point=(1.0, 2.0), end=(3.0, 4.0)): (
        '{"action": "drag", "coordinate": [1, 2], "end": [3, 4]}',
        '{"action": "drag", "start": [1, 2], "to": [3, 4]}',
        '{"action": "drag", "x1": 1, "y1": 2, "x2": 3, "y2": 4}',
        '{"drag": [[1, 2], [3, 4]]}',
        "drag(1, 2, 3, 4)",
        "drag([1, 2], [3, 4])",
        "drag (1, 2), (3, 4)",
        "drag [1, 2] [3, 4]",
    ),
    Action("scroll", direction="down"): (
        '{"action": "scroll", "direction": "down"}',
        '{"scroll": "Down"}',
        "scroll(direction='down')",
        "scroll(down)",
        "scroll down",
        "scroll: down",
    ),
    Action("scroll", point=(5.0, 6.0), direction="up"): (
        '{"action": "scroll", "coordinate": [5, 6], "direction": "up"}',
        "scroll(up, point=[5, 6])",
    ),
    Action("type", text="it's 5 o'clock"): (
        '{"action": "type", "text": "it\'s 5 o\'clock"}',
        "{'action': 'input_text', 'text': \"it's 5 o'clock\"}",
        "{'action': 'type', 'text': 'it\\'s 5 o\\'clock'}",
        "type(\"it's 5 o'clock\")",
        "type \"it's 5 o'clock\"",
        "input text \"it's 5 o'clock\"",
    ),
    Action("type", text='a "quoted" {word}, \\ and /'): (
        r'{"action": "type", "text": "a \"quoted\" {word}, \\ and \/"}',
        r"""{'action': 'type', 'text': 'a "quoted" {word}, \\ and /'}""",
    ),
    Action("open", text="Mail"): (
        '{"action": "open", "app": "Mail"}',
        '{"action": "open_app", "app_name": "Mail"}',
        '{"action_type": "open_app", "text": "Mail"}',
        "open Mail",
        "open app Mail",
        "open_app('Mail')",
    ),
    Action("key", key="enter"): ('{"action": "key", "key": "enter"}', "press_key(enter)", "key enter"),
    Action("back"): ('{"action": "back"}', '{"action": "navigate_back"}', "back", "back()", "go back", "press back"),
    Action("home"): ('{"action": "home"}', "navigate_home()", "press home"),
    Action("wait"): ('{"action": "wait"}', "wait"),
    Action("complete"): ('{"action": "complete"}', "complete()", "done", "finished()"),
}


@pytest.mark.parametrize(
    ("action", "text"), [pytest.param(action, text, id=text) for action, texts in READ.items() for text in texts]
)
def test_common_ways_of_writing_are_read(action, text):
    assert actions.read(text) == action


REFUSED = {
    "": "no_action",
    "[]": "no_action",
    "{}": "no_action",
    "[[120, 48]]": "no_action",
    "[120, 48]": "no_action",
    "120, 48": "no_action",
    '"click"': "no_action",
    '{"coordinate": [120, 48]}': "no_action",
    '{"action": "click", "action_type": "click", "coordinate": [1, 2]}': "no_action",
    '{"action": ["click"], "coordinate": [1, 2]}': "unknown_action",
    '{"action": "swipe", "coordinate": [1, 2], "end": [3, 4]}': "unknown_action",
    "enum['click'](1, 2)": "unknown_action",
    "I click [120, 48]": "unknown_action",
    "not click [120, 48]": "unknown_action",
    '{"action": "click"}': "missing_argument",  # BOX-07: never the origin
    "click": "missing_argument",
    "click()": "missing_argument",
    '{"action": "click", "coordinate": null}': "missing_argument",
    '{"action": "click", "x": 3}': "surplus_argument",
    '{"action": "click", "coordinate": [NaN, NaN]}': "not_a_point",
    '{"action": "click", "coordinate": [Infinity, 2]}': "not_a_point",
    '{"action": "click", "coordinate": "[1, 2]"}': "not_a_point",
    '{"action": "click", "coordinate": ["1", "2"]}': "not_a_point",
    '{"action": "click", "coordinate": [true, false]}': "not_a_point",
    '{"action": "click", "coordinate": [1, 2, 3]}': "not_a_point",
    '{"action": "click", "coordinate": [[1, 2]]}': "not_a_point",
    '{"action": "click", "coordinate": [1e3, 2]}': "not_a_value",
    "click(1, 2, 3, 4)": "surplus_argument",
    "click 12abc 3": "surplus_argument",
    "click [1, 2] [3, 4]": "surplus_argument",
    "click 0x10 4": "surplus_argument",
    f"click({'7' * 13}, 1)": "number_too_long",
    f"click({'7' * 500}, 1)": "number_too_long",
    "click(1, 2) or click(3, 4)": "surplus_argument",
    "click [1, 2] or [3, 4]": "surplus_argument",
    "click(1, 2), click(3, 4)": "surplus_argument",
    "[{'action': 'click', 'coordinate': [1, 2]}, {'action': 'back'}]": "several_actions",  # BOX-08
    "{'action': 'back'} {'action': 'back'}": "not_one_value",
    "{'action': 'back'}zzz": "not_one_value",
    "{'action': 'back'} or {'action': 'home'}": "not_one_value",
    '{"action": "scroll"}': "missing_argument",
    '{"action": "scroll", "direction": "sideways"}': "no_direction",
    '{"action": "scroll", "direction": "down", "text": "x"}': "surplus_argument",  # BOX-08
    '{"action": "scroll", "direction": "down", "speed": 3}': "surplus_argument",
    '{"action": "back", "coordinate": [1, 2]}': "surplus_argument",
    '{"action": "click", "coordinate": [1, 2], "point": [1, 2]}': "surplus_argument",
    '{"action": "click", "coordinate": [1, 2], "x": 1, "y": 2}': "surplus_argument",
    '{"action": "click", "coordinate": [1, 2], "Coordinate": [3, 4]}': "repeated_key",
    '{"action": "type"}': "missing_argument",
    '{"action": "type", "text": ""}': "not_text",
    '{"action": "type", "text": 5}': "not_text",
    '{"action": "type", "text": ["a"]}': "not_text",
    '{"action": "type", "text": "a\\nb"}': "not_printable",
    '{"action": "type", "text": "a\\ud800b"}': "not_printable",
    '{"action": "type", "text": "a\\u0000b"}': "not_printable",
    '{"action": "type", "text": "cut': "not_a_value",
    '{"action": "back"': "cut_short",
    '{"action": "back"]': "not_a_value",
    '{"action": "back",}': "not_a_value",
    '{"action" "back"}': "not_a_value",
    "{1: 2}": "not_a_value",
    '["action": "back"]': "not_a_value",
    "type hello world": "surplus_argument",
    "back)": "not_a_value",
    "back(": "cut_short",
    "[" * 300: "too_deep",
    "-" * 300: "not_a_value",
    '"' * 301: "not_a_value",
    "click(" * 60: "not_a_value",
    "\uff43lick(1, 2)": "not_ascii",
    "click(\u0661, 2)": "not_ascii",
    "a" * 601: "too_long",
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=lambda each: each[:60])
def test_what_is_not_exactly_one_action_is_refused(text, reason):
    with pytest.raises(Unparsable) as refused:
        actions.read(text)
    assert refused.value.reason == reason


numbers = st.one_of(st.integers(-(10**6), 10**6).map(float), st.decimals(-9999, 9999, places=3).map(float))
points = st.tuples(numbers, numbers)
words = st.text(min_size=1, max_size=40).filter(str.isprintable)


@st.composite
def written(draw):
    """Any action that a family can mean."""
    kind = draw(st.sampled_from(actions.KINDS))
    drawn = {
        "point": points,
        "end": points,
        "text": words,
        "direction": st.sampled_from(actions.DIRECTIONS),
        "key": words,
    }
    fields = {field: draw(drawn[field]) for field in actions.ARGUMENTS[kind]}
    if kind == "scroll" and draw(st.booleans()):
        fields["point"] = draw(points)
    return Action(kind, **fields)


@given(written())
@example(Action("type", text="\U00016f00"))  # JSON writes it as two surrogates
def test_what_is_written_is_read_back(action):
    assert actions.read(actions.write(action)) == action
    assert actions.read(f"[{actions.write(action)}]") == action


@given(st.one_of(strategies.replies(), st.text("[](){}\"'\\,:=-.0159eclikback_ \n", max_size=200)))
def test_reading_is_total(text):
    try:
        found = actions.read(text)
    except Unparsable:
        return
    assert found.kind in actions.KINDS
    assert actions.read(actions.write(found)) == found


@pytest.mark.parametrize("piece", ['"', "'", "\\", '"\\', "[", "{", "a ", "1,", "a:", "a=(", "'a':{", "-", "\n"])
def test_reading_takes_linear_time(piece):
    text = (piece * literals.MAX_CHARS)[: literals.MAX_CHARS]
    start = time.thread_time()
    for read in (literals.value, literals.call):
        with pytest.raises(Unparsable):
            read("[" + text[1:] + "!")
    assert time.thread_time() - start < 0.2


def test_the_menu_is_no_answer_and_names_each_kind():
    lines = actions.menu().splitlines()
    assert len(lines) == len(actions.KINDS)
    for kind, line in zip(actions.KINDS, lines, strict=True):
        assert f'"action": "{kind}"' in line
    with pytest.raises(Unparsable):
        actions.read(actions.menu())
