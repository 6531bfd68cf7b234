"""Row: one instance as data, in the one canonical form that every written format is made from.

A prompt is messages whose content is plain text with one `<image>` for each picture, and the pictures in that order.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from verienv import address, chat
from verienv.address import Split
from verienv.errors import ContractError
from verienv.mixture import Cell
from verienv.task import Instance

PLACEHOLDER = "<image>"
Measure = float | int | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One instance: where it lives, what is asked, and what is known of it.

    messages: chat messages, content a text with one `<image>` for each picture.
    images: the pictures' files, in reading order, all of type `image_type` ("jpeg" or "png").
    oracle: a reply that scores 1 (a game's replies as a JSON array); None when left out.
    difficulty: the task's measures of the problem.
    """

    address: str
    task: str
    level: int | None
    knobs: Mapping[str, float | int | bool | str]
    split: Split
    seed: int
    index: int
    messages: tuple[Mapping[str, str], ...]
    images: tuple[bytes, ...]
    image_type: str
    oracle: str | None
    difficulty: Mapping[str, Measure]
    digest: str

    @property
    def spec(self) -> str:
        """Everything that scoring needs, as one JSON text."""
        return json.dumps({"address": self.address, "digest": self.digest})

    @property
    def key(self) -> int:
        """The first 64 bits of the digest."""
        return int(self.digest[:16], 16)

    @property
    def extension(self) -> str:
        """The pictures' file name extension, without the dot."""
        return "jpg" if self.image_type == "jpeg" else self.image_type

    def chat(self) -> list[dict[str, Any]]:
        """The messages in OpenAI's form: parts in order, pictures inlined as data URLs."""
        urls = iter(self.data_urls())
        return [
            {"role": each["role"], "content": _openai(each["content"], urls) if self.images else each["content"]}
            for each in self.messages
        ]

    def blocks(self) -> list[dict[str, Any]]:
        """The messages with blocks as content, `{"type": "image"}` for each picture; the pictures stay beside them."""
        return [{"role": each["role"], "content": _blocks(each["content"])} for each in self.messages]

    def data_urls(self) -> list[str]:
        """The pictures as data URLs."""
        head = f"data:image/{self.image_type};base64,"
        return [head + base64.b64encode(each).decode("ascii") for each in self.images]

    def columns(self) -> dict[str, Any]:
        """The columns of every format, pictures excepted. Mappings are JSON texts: their keys differ between tasks."""
        values: dict[str, Any] = {
            "address": self.address,
            "task": self.task,
            "level": self.level,
            "knobs": dumps(self.knobs),
            "split": self.split,
            "seed": self.seed,
            "index": self.index,
            "messages": [dict(each) for each in self.messages],
            "oracle": self.oracle,
            "difficulty": dumps(self.difficulty),
            "digest": self.digest,
            "spec": self.spec,
        }
        if self.oracle is None:
            del values["oracle"]
        return values

    def to_draft(self) -> str:
        """The whole row as one line of JSON, pictures included."""
        images = [base64.b64encode(each).decode("ascii") for each in self.images]
        return dumps({**self.columns(), "images": images, "image_type": self.image_type})

    @classmethod
    def from_draft(cls, line: str | bytes) -> Row:
        """The row that `to_draft` wrote."""
        values = json.loads(line)
        values.pop("spec")
        for name in ("knobs", "difficulty"):
            values[name] = json.loads(values[name])
        values["messages"] = tuple(values["messages"])
        values["images"] = tuple(base64.b64decode(each) for each in values["images"])
        values.setdefault("oracle", None)
        return cls(**values)


class Line(NamedTuple):
    """A row in the text it will be written as, and the first 64 bits of its digest."""

    key: int
    text: bytes


def of(instance: Instance[Any], cell: Cell, *, oracle: bool, image: str) -> Row:
    """The row of an instance. Raises ContractError for a prompt that cannot be told from its placeholders."""
    from verienv.render import encode  # Pillow is only imported where there may be pictures

    where = address.parse(instance.address)
    prompt = instance.prompt
    pictures = tuple(encode.encode(part, image) for part in prompt if not isinstance(part, str))
    content = chat.text_only(prompt, PLACEHOLDER)
    if content.count(PLACEHOLDER) != len(pictures):
        raise ContractError(f"{instance.address}: the prompt's text holds {PLACEHOLDER!r}, which stands for a picture")
    reply = instance.task.oracle(instance) if oracle else None
    return Row(
        address=instance.address,
        task=where.name,
        level=cell.level,
        knobs=instance.knobs.to_dict(),
        split=where.split,
        seed=where.seed,
        index=where.index,
        messages=({"role": "user", "content": content},),
        images=pictures,
        image_type=image,
        oracle=reply if reply is None or isinstance(reply, str) else dumps(list(reply)),
        difficulty=dict(instance.task.describe(instance.problem)),
        digest=instance.digest,
    )


def dumps(value: object) -> str:
    """JSON on one line; NaN is refused."""
    return _ENCODE(value)


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _openai(content: str, urls: Iterator[str]) -> list[dict[str, Any]]:
    return [
        {"type": "image_url", "image_url": {"url": next(urls)}} if block["type"] == "image" else block
        for block in _blocks(content)
    ]


def _blocks(content: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for at, text in enumerate(content.split(PLACEHOLDER)):
        if at:
            blocks.append({"type": "image"})
        if text.strip():
            blocks.append({"type": "text", "text": text.strip("\n")})
    return blocks
