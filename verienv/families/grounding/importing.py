"""Problems from the user's own pictures and a file of boxes in the form of COCO's instances.

    {"images": [{"id": 7, "file_name": "a.jpg", "width": 640, "height": 480}, …],
     "categories": [{"id": 1, "name": "dog", "supercategory": "animal"}, …],
     "annotations": [{"id": 3, "image_id": 7, "category_id": 1, "bbox": [x, y, width, height], "iscrowd": 0}, …]}

The pictures are looked for, by name, in the sets that are registered or lie in VERIENV_PICTURES. Each object of which
something can be said that fits it alone, by what the file says, becomes one problem: it is the only one of its
category, the second from the left, the largest. A category is not spoken of in a picture where the file shows some of
it without a box of their own (a crowd, a box without area), or where another category belongs to it.
"""

from __future__ import annotations

import collections
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from verienv.errors import UsageError
from verienv.families.grounding import Photo, Problem, referents, scenes, wording
from verienv.families.grounding.referents import SIDES, Expression, Phrase
from verienv.families.grounding.scenes import Scene, Thing
from verienv.files import Found
from verienv.render import pictures

SMALLEST: Final = 12
"""Pixels that an object must measure both ways to be asked for; smaller ones still count."""
MAX_NAME: Final = 60
BEYOND: Final = 1.0
"""Pixels by which a box may reach out of its picture, for those who count pixels otherwise."""
RANKS: Final = 5
HOWS: Final = ("only", *SIDES, "largest", "smallest")


class NothingToAsk(UsageError):
    """A sound file of which no object can be asked for."""


@dataclass(frozen=True, slots=True)
class Image:
    """One entry of `images`."""

    where: str  # for messages
    name: str
    size: tuple[int, int]


def read(text: str) -> list[Found[Problem]]:
    """The problems of a file. Raises UsageError with the place in the file and what is wrong there."""
    whole = _parsed(text)
    images = _images(whole)
    categories = _categories(whole)
    left_out: collections.Counter[str] = collections.Counter()
    things, unsure = _things(whole, images, categories, left_out)
    known = _known(images, left_out)
    found: list[Found[Problem]] = []
    for key, (digest, sha256) in known.items():
        image = images[key]
        scene = Scene(scenes.PHOTO, 0, *image.size, tuple([thing for _, thing in things[key]]))
        barred = unsure[key] | _parents(scene, categories)
        for at, (name, thing) in enumerate(things[key]):
            if min(thing.w, thing.h) < SMALLEST:
                left_out["objects too small to be asked for"] += 1
                continue
            said = [] if thing.kind in barred else list(_sayings(scene, at))
            if not said:
                left_out["objects of which nothing can be said that fits them alone"] += 1
                continue
            expression = said[len(found) % len(said)]
            problem = Problem((scene,), expression, (0, at), wording.PIXELS, 1.0, Photo(digest, sha256))
            found.append(Found(problem, 1, f"{image.name}#{name}"))
    told = tuple([f"{what}: {count} left out" for what, count in sorted(left_out.items())])
    if not found:
        raise NothingToAsk("; ".join(["no object of any picture can be asked for", *told]))
    return [Found(found[0].problem, 1, found[0].name, told), *found[1:]]


def to_json(problem: Problem) -> dict[str, Any]:
    """The picture by what it holds, its objects, what is said. Raises UsageError for pictures drawn here."""
    if problem.photo is None:
        raise UsageError("pictures that were drawn here have an address; only problems read from files are written out")
    scene, expression = problem.scenes[0], problem.expression
    return {
        "pictures": problem.photo.pictures,
        "sha256": problem.photo.sha256,
        "size": [scene.width, scene.height],
        "things": [[each.kind, *each.box] for each in scene.things],
        "noun": expression.phrase.noun,
        "how": expression.how,
        "rank": expression.rank,
        "target": problem.target[1],
        "units": problem.units,
    }


def from_json(spec: object) -> Problem:
    """The problem again. Raises UsageError for anything that `to_json` does not write."""
    keys = {"pictures", "sha256", "size", "things", "noun", "how", "rank", "target", "units"}
    if not isinstance(spec, dict) or spec.keys() != keys:
        raise UsageError(f"a grounding problem has the keys {', '.join(sorted(keys))}")
    if not all(isinstance(spec[key], str) for key in ("pictures", "sha256", "noun")):
        raise UsageError("pictures, sha256 and noun are texts")
    size = spec["size"]
    if not _whole(size, 2) or min(size) < 1:
        raise UsageError(f"size {size!r:.80}: two whole numbers above 0")
    if spec["how"] not in HOWS or spec["units"] not in wording.UNITS:
        raise UsageError(f"unknown how or units: {spec['how']!r:.40}, {spec['units']!r:.40}")
    if type(spec["rank"]) is not int or not 1 <= spec["rank"] <= RANKS:
        raise UsageError(f"rank {spec['rank']!r:.40}: a whole number from 1 to {RANKS}")
    if not isinstance(spec["things"], list):
        raise UsageError("things is a list")
    things = tuple([_thing(each, (size[0], size[1])) for each in spec["things"]])
    scene = Scene(scenes.PHOTO, 0, size[0], size[1], things)
    expression = Expression(Phrase(spec["noun"]), 0, spec["how"], spec["rank"])
    place = referents.unique((scene,), expression)
    if place is None or type(spec["target"]) is not int or place != (0, spec["target"]):
        raise UsageError(f"{wording.question(expression, 1)!r:.120} does not mean object {spec['target']!r:.40} alone")
    return Problem((scene,), expression, place, spec["units"], 1.0, Photo(spec["pictures"], spec["sha256"]))


def _sayings(scene: Scene, at: int) -> Iterator[Expression]:
    """Everything that can be said of an object in these terms and fits it alone."""
    phrase = Phrase(scene.things[at].kind)
    count = len(referents.fitting(phrase, scene.things))
    for how in HOWS:
        if (how == "only") != (count == 1):
            continue  # the only dog is not called the leftmost
        for rank in range(1, 1 + (min(RANKS, count) if how in ("left", "right") else 1)):
            expression = Expression(phrase, 0, how, rank)
            if referents.unique((scene,), expression) == (0, at):
                yield expression


def _parsed(text: str) -> dict[str, Any]:
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise UsageError(f"line {error.lineno}: not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON: {str(error)[:100]}") from None
    if not isinstance(whole, dict):
        raise UsageError("not COCO's form: an object with the lists images, categories and annotations")
    for key in ("images", "categories", "annotations"):
        if not isinstance(whole.get(key), list):
            raise UsageError(f"no list {key!r}: COCO's form has the lists images, categories and annotations")
    return whole


def _entries(whole: Mapping[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, entry in enumerate(whole[key]):
        where = f"{key}[{number}]"
        if not isinstance(entry, dict):
            raise UsageError(f"{where}: {entry!r:.60} is no object")
        yield where, entry


def _numbered(where: str, entry: Mapping[str, Any], taken: Mapping[int, object]) -> int:
    key = entry.get("id")
    if type(key) is not int:
        raise UsageError(f"{where}: id {key!r:.40} is no whole number")
    if key in taken:
        raise UsageError(f"{where}: id {key} is taken by an earlier entry")
    return key


def _images(whole: Mapping[str, Any]) -> dict[int, Image]:
    found: dict[int, Image] = {}
    for where, entry in _entries(whole, "images"):
        key = _numbered(where, entry, found)
        size: list[Any] = [entry.get("width"), entry.get("height")]
        name = entry.get("file_name")
        if not isinstance(name, str) or not name.strip():
            raise UsageError(f"{where}: file_name {name!r:.60} is no name")
        if not _whole(size, 2) or min(size) < 1:
            raise UsageError(f"{where} ({name!r:.60}): width and height {size!r:.60} are not two whole numbers above 0")
        found[key] = Image(f"{where} ({name!r:.60})", name, (size[0], size[1]))
    return found


def _categories(whole: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    """Name and supercategory by id."""
    found: dict[int, tuple[str, str]] = {}
    for where, entry in _entries(whole, "categories"):
        key = _numbered(where, entry, found)
        names = [entry.get("name"), entry.get("supercategory", "")]
        if not all(isinstance(name, str) and len(name) <= MAX_NAME and name.isprintable() for name in names):
            raise UsageError(f"{where}: name and supercategory {names!r:.120}: texts of up to {MAX_NAME} characters")
        name, parent = (" ".join(str(each).split()).lower() for each in names)
        if not name:
            raise UsageError(f"{where}: the name is empty")
        found[key] = (name, parent)
    return found


Things = dict[int, list[tuple[str, Thing]]]  # by image: the annotation's name and the object


def _things(
    whole: Mapping[str, Any],
    images: Mapping[int, Image],
    categories: Mapping[int, tuple[str, str]],
    left_out: collections.Counter[str],
) -> tuple[Things, dict[int, set[str]]]:
    """The objects of each image, and the categories of which it shows some that have no box of their own."""
    things: Things = {key: [] for key in images}
    unsure: dict[int, set[str]] = {key: set() for key in images}
    for where, entry in _entries(whole, "annotations"):
        key, category = entry.get("image_id"), entry.get("category_id")
        if type(key) is not int or key not in images:
            raise UsageError(f"{where}: image_id {key!r:.40} names no image")
        if type(category) is not int or category not in categories:
            raise UsageError(f"{where}: category_id {category!r:.40} names no category")
        kind, size = categories[category][0], images[key].size
        box = _box(where, entry.get("bbox"), size)
        if entry.get("iscrowd", 0) not in (0, 1):
            raise UsageError(f"{where}: iscrowd {entry['iscrowd']!r:.40} is neither 0 nor 1")
        if entry.get("iscrowd", 0):
            left_out["crowds"] += 1
            unsure[key].add(kind)
        elif box[0] >= box[2] or box[1] >= box[3]:
            left_out["boxes without area"] += 1
            unsure[key].add(kind)
        else:
            x1, y1, x2, y2 = box
            things[key].append((str(entry.get("id", where))[:40], Thing(kind, "", "", x1, y1, x2 - x1, y2 - y1)))
    return things, unsure


def _box(where: str, bbox: object, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The nearest whole pixels of COCO's corner and size, inside the picture."""
    if not isinstance(bbox, list) or len(bbox) != 4 or any(type(each) not in (int, float) for each in bbox):
        raise UsageError(f"{where}: bbox {bbox!r:.80} is not four numbers")
    if not all(-1e6 < each < 1e6 for each in bbox):
        raise UsageError(f"{where}: bbox {bbox!r:.80} holds a number that is out of bounds")
    x, y, wide, tall = bbox
    if min(x, y) < -BEYOND or x + wide > size[0] + BEYOND or y + tall > size[1] + BEYOND:
        raise UsageError(
            f"{where}: bbox {bbox!r:.80} reaches out of a picture of {size[0]} x {size[1]} pixels; "
            "a box is [x, y, width, height], in pixels"
        )
    sides = (x, y, x + max(0, wide), y + max(0, tall))
    x1, y1, x2, y2 = (
        min(most, max(0, math.floor(side + 0.5))) for side, most in zip(sides, (*size, *size), strict=True)
    )
    return x1, y1, x2, y2


def _known(images: Mapping[int, Image], left_out: collections.Counter[str]) -> dict[int, tuple[str, str]]:
    """The set and sha256 of every image that is there; pictures that are not are left out, if any is."""
    found: dict[int, tuple[str, str]] = {}
    shown: dict[str, str] = {}
    missing: pictures.UnknownPictures | None = None
    for key, image in images.items():
        try:
            digest, picture = pictures.named(image.name)
        except pictures.UnknownPictures as error:
            missing = missing or error
            left_out["pictures that are not in the folder"] += 1
            continue
        except UsageError as error:
            raise UsageError(f"{image.where}: {error}") from None
        if (picture.width, picture.height) != image.size:
            raise UsageError(
                f"{image.where}: {image.size[0]} x {image.size[1]} pixels by the file, "
                f"{picture.width} x {picture.height} in the picture"
            )
        if picture.sha256 in shown:
            raise UsageError(f"{image.where}: the same picture as {shown[picture.sha256]}; list its objects under one")
        shown[picture.sha256] = image.where
        found[key] = (digest, picture.sha256)
    if missing is not None and not found:
        raise missing
    return found


def _parents(scene: Scene, categories: Mapping[int, tuple[str, str]]) -> set[str]:
    """The categories to which another one in the scene belongs: `animal` where a dog is shown."""
    here = {thing.kind for thing in scene.things}
    return {parent for name, parent in categories.values() if name in here and parent != name}


def _thing(value: object, size: tuple[int, int]) -> Thing:
    if not isinstance(value, list) or len(value) != 5 or not isinstance(value[0], str) or not _whole(value[1:], 4):
        raise UsageError("a thing is a name and four whole numbers")
    x1, y1, x2, y2 = value[1:]
    if not (x1 < x2 <= size[0] and y1 < y2 <= size[1]):
        raise UsageError(f"a box outside the picture, or without area: {value[1:]}")
    return Thing(value[0], "", "", x1, y1, x2 - x1, y2 - y1)


def _whole(value: object, count: int) -> bool:
    if not isinstance(value, list) or len(value) != count:
        return False
    return all(type(each) is int and 0 <= each < 10**6 for each in value)
