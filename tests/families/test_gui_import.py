"""gui reads ScreenSpot and AndroidControl files with the user's pictures."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PIL import Image

from verienv import files
from verienv.errors import UsageError
from verienv.families.gui import task
from verienv.render import pictures


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Two screens in a folder that the environment names."""
    monkeypatch.setattr(pictures, "_KNOWN", {})
    monkeypatch.setattr(pictures, "_SCANNED", set())
    monkeypatch.setenv(pictures.VARIABLE, str(tmp_path))
    Image.new("RGB", (400, 800), (20, 30, 40)).save(tmp_path / "phone.png")
    (tmp_path / "web").mkdir()
    Image.new("RGB", (1000, 500), (200, 210, 220)).save(tmp_path / "web" / "shop.png")
    return tmp_path


def read(*records: dict[str, Any]) -> list[Any]:
    return [each.problem for each in task.read(json.dumps(list(records)))]


def value(problem: Any, reply: str) -> float:
    return task.judge(problem, f"<answer>{reply}</answer>").value


def test_a_screenspot_box_is_a_corner_and_a_size():
    (problem,) = read({"img_filename": "phone.png", "bbox": [100, 200, 50, 30], "instruction": "open  mail"})
    assert problem.instruction == "open mail"
    assert [value(problem, f"click({x}, {y})") for x, y in ((100, 200), (149, 229), (150, 200), (149, 231))] == [
        1,
        1,
        0,
        0,
    ]


def test_screenspot_pro_gives_two_corners():
    record = {
        "img_filename": "web/shop.png",
        "bbox": [100, 200, 150, 230],
        "img_size": [1000, 500],
        "instruction": "pay",
    }
    (problem,) = read(record)
    assert [value(problem, f"click({x}, 210)") for x in (99, 100, 149, 160)] == [0, 1, 1, 0]
    with pytest.raises(UsageError, match="1000 x 500"):
        read({**record, "img_size": [500, 500]})


def test_shares_of_the_sides_are_read():
    (problem,) = read({"file_name": "phone.png", "bbox": [0.25, 0.5, 0.5, 0.75], "instruction": "pay"})
    assert problem.rights[0].areas == ((100, 400, 200, 600),)


def test_a_point_of_android_control_stands_for_a_box_around_it():
    step = {"screenshot": "phone.png", "instruction": "tap it", "action": {"action_type": "click", "x": 200, "y": 400}}
    (problem,) = read(step)
    reach = 400 * 14 // 100
    assert [value(problem, f"click({200 + away}, 400)") for away in (0, reach, reach + 1)] == [1, 1, 0]


def test_an_episode_becomes_its_steps():
    episode = {
        "episode_id": 7,
        "goal": "write to Ada",
        "screenshots": ["phone.png", "phone.png", "phone.png", "phone.png", "phone.png"],
        "step_instructions": ["open the app", "type it", "scroll down", "go back"],
        "actions": [
            {"action_type": "open_app", "app_name": "Mail"},
            {"action_type": "input_text", "text": "Hello  Ada"},
            {"action_type": "scroll", "direction": "down"},
            {"action_type": "navigate_back"},
        ],
    }
    found = task.read(json.dumps(episode))
    assert [each.name for each in found] == ["7/0", "7/1", "7/2", "7/3"]
    replies = ("open_app('Mail')", "type('Hello Ada')", "scroll(down)", "navigate_back()")
    for each, reply in zip(found, replies, strict=True):
        assert value(each.problem, reply) == 1
        assert value(each.problem, "wait()") == 0


def test_json_lines_are_read_with_their_numbers():
    line = json.dumps({"img_filename": "phone.png", "bbox": [1, 2, 30, 40], "instruction": "press"})
    found = task.read(f"{line}\n\n{line}\n")
    assert [each.line for each in found] == [1, 3]
    with pytest.raises(UsageError, match="line 2: not JSON"):
        task.read(f"{line}\n{{oops}}\n{line}")


GOOD = {"img_filename": "phone.png", "bbox": [1, 2, 30, 40], "instruction": "press"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"img_filename": "absent.png"}, "no picture named 'absent.png'"),
        ({"img_filename": 3}, "no picture under any of"),
        ({"instruction": " "}, "no instruction"),
        ({"instruction": "x" * 2001}, "no instruction"),
        ({"bbox": [1, 2, 3]}, "four numbers"),
        ({"bbox": [1, 2, "3", 4]}, "four numbers"),
        ({"bbox": [1, 2, 1e300, 4]}, "out of bounds"),
        ({"bbox": [1, 2, float("nan"), 4]}, "out of bounds"),
        ({"bbox": [900, 2, 30, 40]}, "holds no pixel"),
        ({"bbox": [10, 10, -5, 40]}, "holds no pixel"),
    ],
)
def test_a_bad_record_is_named(changed, told):
    with pytest.raises(UsageError, match="record 2") as refused:
        read(GOOD, {**GOOD, **changed})
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "action",
    [
        None,
        {},
        {"action_type": "fly"},
        {"action_type": "click"},
        {"action_type": "click", "x": 401, "y": 2},
        {"action_type": "click", "x": float("nan"), "y": 2},
        {"action_type": "scroll"},
        {"action_type": "scroll", "direction": "away"},
        {"action_type": "input_text"},
        {"action_type": "open_app", "app_name": ""},
    ],
)
def test_a_bad_action_is_named(action):
    with pytest.raises(UsageError, match="record 1"):
        read({"screenshot": "phone.png", "instruction": "do it", "action": action})


@pytest.mark.parametrize("text", ["", "[]", "3", '"x"', "[[]]", "[{}]", "[" * 5000, "{" * 5000])
def test_other_files_are_refused(text):
    with pytest.raises(UsageError):
        task.read(text)


def test_an_episode_whose_lists_do_not_go_together_is_refused():
    with pytest.raises(UsageError, match="do not go together"):
        read({"actions": [{}], "screenshots": [], "step_instructions": ["x"]})


def test_a_row_can_be_shown_and_scored_again():
    (found,) = task.read(json.dumps([GOOD]))
    row = files.row(task, found, "screens.json")
    again = files.instance(row["spec"])
    assert again.problem == found.problem
    assert again.problem.picture().size == (400, 800)
    assert files.score(row["spec"], task.oracle(again)).value == 1
    assert files.score(row["spec"], "<answer>click(300, 700)</answer>").value == 0


def test_a_row_names_its_picture_by_what_it_holds(folder):
    (found,) = task.read(json.dumps([GOOD]))
    (folder / "phone.png").rename(folder / "renamed.png")
    (again,) = read({**GOOD, "img_filename": "phone.png"})  # the set was looked through already
    assert task.identity(again) == task.identity(found.problem)


CLICK = {"action": "click", "areas": [[1, 2, 31, 42]], "text": "", "direction": ""}
SPEC: dict[str, Any] = {
    "pictures": "0" * 12, "sha256": "0" * 64, "size": [400, 800], "instruction": "press", "form": "json",
    "units": "pixels", "rights": [CLICK],
}  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"size": [0, 5]},
        {"size": [4.0, 5]},
        {"size": 4},
        {"instruction": 5},
        {"form": "xml"},
        {"units": "miles"},
        {"rights": []},
        {"rights": [{}]},
        {"rights": [{**CLICK, "areas": [[1, 2, 401, 42]]}]},
        {"rights": [{**CLICK, "areas": []}]},
        {"rights": [{**CLICK, "action": "fly"}]},
        {"rights": [{**CLICK, "direction": "in"}]},
        {"more": 1},
    ],
)
def test_a_spec_that_we_do_not_write_is_refused(changed):
    assert task.to_json(task.from_json(SPEC)) == SPEC
    with pytest.raises(UsageError):
        task.from_json({**SPEC, **changed})


def test_a_drawn_screen_is_not_written_out():
    with pytest.raises(UsageError, match="address"):
        task.to_json(task.instance().problem)
