"""Prompts as chat messages in the OpenAI form, pictures inlined as data URLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verienv.task import Part


def messages(prompt: Sequence[Part]) -> list[dict[str, Any]]:
    """One user message; its content is plain text when there is no picture, else a list of parts in order."""
    return [{"role": "user", "content": content(prompt)}]


def content(prompt: Sequence[Part]) -> str | list[dict[str, Any]]:
    """The parts of a prompt as message content."""
    texts = [part for part in prompt if isinstance(part, str)]
    if len(texts) == len(prompt):
        return "\n\n".join(texts)
    from verienv.render import encode

    return [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {"type": "image_url", "image_url": {"url": encode.data_url(part)}}
        for part in prompt
    ]


def text_only(prompt: Sequence[Part], placeholder: str = "<image>") -> str:
    """The prompt as one text, each picture replaced by `placeholder`."""
    return "\n\n".join(part if isinstance(part, str) else placeholder for part in prompt)
