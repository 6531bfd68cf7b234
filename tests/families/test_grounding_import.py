"""grounding reads COCO's boxes with the user's pictures: what is asked fits one object by what the file says."""

from __future__ import annotations

import contextlib
import copy
import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import files
from verienv.errors import UsageError
from verienv.families.grounding import task, wording
from verienv.families.grounding.importing import NothingToAsk
from verienv.render import pictures, scenes

# a dog, three people in a row, a crowd of birds, a ball too small to ask for; a second picture with two cups
FILE: dict[str, Any] = {
    "images": [
        {"id": 7, "file_name": "street.png", "width": 400, "height": 300},
        {"id": 9, "file_name": "kitchen/table.png", "width": 320, "height": 320},
    ],
    "categories": [
        {"id": 1, "name": "person", "supercategory": "person"},
        {"id": 2, "name": "Dog", "supercategory": "animal"},
        {"id": 3, "name": "bird", "supercategory": "animal"},
        {"id": 4, "name": "sports ball"},
        {"id": 5, "name": "cup"},
        {"id": 6, "name": "animal"},
    ],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 2, "bbox": [10.4, 200.5, 60.2, 50], "iscrowd": 0},
        {"id": 2, "image_id": 7, "category_id": 1, "bbox": [20, 40, 40, 100]},
        {"id": 3, "image_id": 7, "category_id": 1, "bbox": [150, 40, 41, 100]},
        {"id": 4, "image_id": 7, "category_id": 1, "bbox": [300, 40, 42, 101]},
        {"id": 5, "image_id": 7, "category_id": 3, "bbox": [0, 0, 400, 30], "iscrowd": 1},
        {"id": 6, "image_id": 7, "category_id": 3, "bbox": [50, 50, 20, 20]},
        {"id": 7, "image_id": 7, "category_id": 4, "bbox": [200, 250, 9, 9]},
        {"id": 8, "image_id": 7, "category_id": 6, "bbox": [10, 200, 60, 50]},
        {"id": 9, "image_id": 9, "category_id": 5, "bbox": [30, 100, 100, 100]},
        {"id": 10, "image_id": 9, "category_id": 5, "bbox": [35, 220, 70, 60]},
        {"id": 11, "image_id": 9, "category_id": 4, "bbox": [200, 200, 0, 20]},
    ],
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "_KNOWN", {})
    monkeypatch.setattr(pictures, "_SCANNED", set())
    monkeypatch.setenv(pictures.VARIABLE, str(tmp_path))
    (tmp_path / "kitchen").mkdir()
    scenes.scene("landscape", Random(1), (400, 300)).save(tmp_path / "street.png")
    scenes.scene("room", Random(2), (320, 320)).save(tmp_path / "kitchen" / "table.png")
    return tmp_path


def changed(key: str, number: int, **fields: Any) -> str:
    whole = copy.deepcopy(FILE)
    whole[key][number].update(fields)
    return json.dumps(whole)


def asked(text: str = json.dumps(FILE)) -> dict[str, str]:
    return {found.name: wording.question(found.problem.expression, 1) for found in task.read(text)}


def test_each_object_of_which_something_can_be_said_is_asked_for():
    found = asked()
    assert set(found) == {f"street.png#{number}" for number in (1, 2, 3, 4)} | {
        f"kitchen/table.png#{number}" for number in (9, 10)
    }
    assert found["street.png#1"] == "Find the dog."
    assert found["street.png#2"] in ("Find the leftmost person.", "Find the third person from the right.")
    assert found["street.png#3"] in ("Find the second person from the left.", "Find the second person from the right.")
    assert found["kitchen/table.png#9"] in ("Find the cup that is highest up.", "Find the largest cup.")
    assert found["kitchen/table.png#10"] in ("Find the cup that is lowest down.", "Find the smallest cup.")


def test_what_is_left_out_is_counted():
    notes = [note for found in task.read(json.dumps(FILE)) for note in found.notes]
    assert notes == [
        "boxes without area: 1 left out",
        "crowds: 1 left out",
        "objects of which nothing can be said that fits them alone: 2 left out",  # a bird in a crowd; a dog's animal
        "objects too small to be asked for: 1 left out",
    ]


def test_boxes_are_whole_pixels_and_a_right_one_earns_all():
    for found in task.read(json.dumps(FILE)):
        problem = found.problem
        assert task.judge(problem, task.solve(problem)).value == 1
        assert [picture.size for picture in problem.shown()] == [(problem.scenes[0].width, problem.scenes[0].height)]
    dog = task.read(json.dumps(FILE))[0].problem
    assert dog.thing.box == (10, 201, 71, 251)
    assert task.judge(dog, "<answer>[10, 201, 71, 251]</answer>").parts["iou"] == 1
    assert task.judge(dog, "<answer>[300, 40, 342, 141]</answer>").value == 0
    text = str(task.prompt(dog)[-1])
    assert "all that is seen of the object" in text
    assert "striped" not in text


def test_a_row_holds_all_that_scoring_needs_and_goes_wherever_the_pictures_are(folder):
    for found in task.read(json.dumps(FILE)):
        row = files.row(task, found, "boxes.json")
        again = files.instance(row["spec"])
        assert again.digest == row["digest"]
        assert again.problem == found.problem
        assert files.score(row["spec"], task.oracle(again)).right
        digest = json.loads(row["spec"])["problem"]["pictures"]
        moved = files.instance(row["spec"].replace(digest, "0" * 12))
        assert moved.digest == row["digest"]


def test_pictures_that_are_not_there_are_counted_and_none_at_all_is_an_error(folder):
    (folder / "street.png").unlink()
    found = task.read(json.dumps(FILE))
    assert {each.name for each in found} == {"kitchen/table.png#9", "kitchen/table.png#10"}
    assert "pictures that are not in the folder: 1 left out" in found[0].notes
    (folder / "kitchen" / "table.png").unlink()
    pictures._KNOWN.clear()
    pictures._SCANNED.clear()
    with pytest.raises(pictures.UnknownPictures, match=r"street\.png"):
        task.read(json.dumps(FILE))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: not JSON"),
        ('{"images": [],\n "categories": oops}', "line 2: not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "an object with the lists"),
        ('{"images": [], "categories": []}', "no list 'annotations'"),
        (json.dumps({**FILE, "images": [3]}), r"images\[0\]: 3 is no object"),
        (changed("images", 1, id="9"), r"images\[1\]: id '9' is no whole number"),
        (changed("images", 1, id=7), r"images\[1\]: id 7 is taken"),
        (changed("images", 0, file_name=None), r"images\[0\]: file_name None"),
        (changed("images", 0, width=400.5), r"images\[0\] \('street.png'\): width and height"),
        (changed("images", 0, width=0), r"images\[0\] \('street.png'\): width and height"),
        (changed("images", 0, width=401), r"401 x 300 pixels by the file, 400 x 300 in the picture"),
        (changed("images", 1, file_name="street.png", width=400, height=300), "the same picture as images.0."),
        (changed("categories", 2, name=""), r"categories\[2\]: the name is empty"),
        (changed("categories", 2, name="a\nb"), r"categories\[2\]: name and supercategory"),
        (changed("categories", 2, name="x" * 61), r"categories\[2\]: name and supercategory"),
        (changed("categories", 2, id=1), r"categories\[2\]: id 1 is taken"),
        (changed("annotations", 3, image_id=8), r"annotations\[3\]: image_id 8 names no image"),
        (changed("annotations", 3, category_id=True), r"annotations\[3\]: category_id True names no category"),
        (changed("annotations", 3, bbox=[1, 2, 3]), r"annotations\[3\]: bbox \[1, 2, 3\] is not four numbers"),
        (changed("annotations", 3, bbox=[1, 2, 3, "4"]), r"annotations\[3\]: bbox .* is not four numbers"),
        (changed("annotations", 3, bbox=[1, 2, 3, float("nan")]), "out of bounds"),
        (changed("annotations", 3, bbox=[1, 2, 3, 1e9]), "out of bounds"),
        (changed("annotations", 3, bbox=[300, 40, 342, 141]), "out of a picture of 400 x 300 pixels; a box is"),
        (changed("annotations", 3, bbox=[-5, 40, 20, 20]), r"reaches out of a picture"),
        (changed("annotations", 3, iscrowd="yes"), r"annotations\[3\]: iscrowd 'yes'"),
        (json.dumps({**FILE, "annotations": []}), "no object of any picture can be asked for"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place_and_what_is_wrong(text, said):
    with pytest.raises(UsageError, match=said):
        task.read(text)


@pytest.mark.parametrize(
    "change",
    [
        {"target": 1},
        {"how": "nearest"},
        {"how": "left", "rank": 0},
        {"how": "left", "rank": True},
        {"noun": "person"},
        {"noun": 3},
        {"units": "miles"},
        {"size": [400]},
        {"things": {}},
        {"things": [["dog", 0, 0, 500, 10]]},
        {"things": [["dog", 5, 5, 5, 10]]},
        {"things": [["dog", 0, 0, 5.5, 10]]},
        {"more": 1},
    ],
)
def test_a_bad_spec_is_refused(change):
    spec = task.to_json(task.read(json.dumps(FILE))[0].problem)
    assert task.from_json(spec) == task.read(json.dumps(FILE))[0].problem
    with pytest.raises(UsageError):
        task.from_json({**spec, **change})


def test_a_problem_that_was_generated_is_not_written_out():
    with pytest.raises(UsageError, match="have an address"):
        task.to_json(task.instance(0).problem)


BOXES = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 6]), st.integers(0, 300), st.integers(0, 200), st.integers(0, 99), st.integers(0, 99)
    ),
    max_size=9,
)


@given(boxes=BOXES)
def test_whatever_is_asked_fits_one_object_alone(boxes):
    annotations = [
        {"id": at, "image_id": 7, "category_id": kind, "bbox": [x, y, wide, tall]}
        for at, (kind, x, y, wide, tall) in enumerate(boxes)
    ]
    made = []
    with contextlib.suppress(NothingToAsk):
        made = task.read(json.dumps({**FILE, "annotations": annotations}))
    names = {entry["id"]: entry["name"].lower() for entry in FILE["categories"]}
    for found in made:
        kind, x, y, wide, tall = boxes[int(found.name.partition("#")[2])]
        same = [box for box in boxes if names[box[0]] == names[kind]]
        how, rank = found.problem.expression.how, found.problem.expression.rank
        assert all(box[3] and box[4] for box in same)
        assert not (names[kind] == "animal" and any(box[0] in (2, 3) and box[3] and box[4] for box in boxes))
        middles = sorted(2 * box[1] + box[3] for box in same)
        heights = sorted(2 * box[2] + box[4] for box in same)
        areas = sorted(box[3] * box[4] for box in same)
        expected = {
            "only": len(same) == 1,
            "left": middles[rank - 1 : rank] == [2 * x + wide],
            "right": middles[::-1][rank - 1 : rank] == [2 * x + wide],
            "top": heights[0] == 2 * y + tall,
            "bottom": heights[-1] == 2 * y + tall,
            "largest": areas[-1] == wide * tall,
            "smallest": areas[0] == wide * tall,
        }
        assert expected[how]
