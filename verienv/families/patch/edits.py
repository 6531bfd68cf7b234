"""Edits in the published form, read and applied strictly.

    ```python
    ### path/of/file.py
    <<<<<<< SEARCH
    whole lines, as they stand in the file
    =======
    the lines that replace them, or none
    >>>>>>> REPLACE
    ```

Several follow one another, each with its path. The fences may be missing. SEARCH must be whole lines that stand in the
file exactly once when its turn comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from verienv import parsing
from verienv.parsing import Unparsable

SEARCH, DIVIDER, REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"
MOST: Final = 32
"""Edits of one answer."""
FORM: Final = "one or more edits, each in a code block of its own"
EXAMPLE: Final = f"""
```python
### path/of/file.py
{SEARCH}
whole lines that stand in that file once
{DIVIDER}
the lines to put there
{REPLACE}
```"""

_AROUND: Final = {
    **{each: each for each in ("", "**", "__", "*", "$", "$$", '"', "'")},
    **{"\\(": "\\)", "\\[": "\\]", "“": "”"},
}


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of a file, and those that replace them; both without a last line end."""

    path: str
    search: str
    replace: str | None  # None: no line


class Unappliable(Exception):
    """An edit that does not fit; `reason` is a short stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(reply: str) -> tuple[Edit, ...]:
    """The edits of a reply, `<solution>` counting as `<answer>` where there is none. Raises Unparsable."""
    if "<answer>" not in reply and "<solution>" in reply:
        reply = reply.replace("<solution>", "<answer>").replace("</solution>", "</answer>")
    lines = _bare(parsing.answer(reply).replace("\r\n", "\n")).split("\n")
    found: list[Edit] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or (line.startswith("```") and line[3:].strip().isalnum()) or line.strip() == "```":
            at += 1
            continue
        if not line.startswith("### ") or at + 1 >= len(lines) or lines[at + 1].rstrip() != SEARCH:
            raise Unparsable("not_an_edit")
        middle = _next(lines, DIVIDER, at + 2)
        end = _next(lines, REPLACE, middle + 1)
        search = "\n".join(lines[at + 2 : middle])
        replace = "\n".join(lines[middle + 1 : end]) if end > middle + 1 else None
        if not search.strip():
            raise Unparsable("empty_search")
        found.append(Edit(line[4:].strip(), search, replace))
        if len(found) > MOST:
            raise Unparsable("too_many_edits")
        at = end + 1
    if not found:
        raise Unparsable("no_edit")
    return tuple(found)


def write(edits: tuple[Edit, ...], *, fenced: bool = True) -> str:
    """Edits as an answer."""
    blocks = []
    for edit in edits:
        replace = [] if edit.replace is None else [edit.replace]
        lines = [f"### {edit.path}", SEARCH, edit.search, DIVIDER, *replace, REPLACE]
        blocks.append("\n".join(["```python", *lines, "```"] if fenced else lines))
    return "\n\n".join(blocks)


def apply(files: Mapping[str, str], editable: frozenset[str], edits: tuple[Edit, ...]) -> dict[str, str]:
    """The files after the edits, in order. Raises Unappliable: undeclared_file, not_found, not_unique, no_change."""
    changed = dict(files)
    for edit in edits:
        if edit.path not in editable:
            raise Unappliable("undeclared_file")
        if edit.search == edit.replace:
            raise Unappliable("no_change")
        text = "\n" + changed[edit.path] + ("" if changed[edit.path].endswith("\n") else "\n")
        wanted = f"\n{edit.search}\n"
        start = text.find(wanted)
        if start < 0:
            raise Unappliable("not_found")
        if text.find(wanted, start + 1) >= 0:
            raise Unappliable("not_unique")
        instead = "\n" if edit.replace is None else f"\n{edit.replace}\n"
        changed[edit.path] = (text[:start] + instead + text[start + len(wanted) :])[1:]
    if changed == dict(files):
        raise Unappliable("no_change")
    return changed


def between(path: str, old: str, new: str) -> Edit:
    """The smallest edit of whole lines that makes `new` of `old` and whose lines stand in `old` once."""
    before, after = old.removesuffix("\n").split("\n"), new.removesuffix("\n").split("\n")
    whole = "\n".join(["", *before, ""])
    top = 0
    while top < min(len(before), len(after)) and before[top] == after[top]:
        top += 1
    bottom = 0
    while bottom < min(len(before), len(after)) - top and before[-1 - bottom] == after[-1 - bottom]:
        bottom += 1
    while True:
        search = "\n".join(before[top : len(before) - bottom])
        once = whole.find(f"\n{search}\n") == whole.rfind(f"\n{search}\n")
        if search.strip() and once and search.count("{") == search.count("}"):
            lines = after[top : len(after) - bottom]
            return Edit(path, search, "\n".join(lines) if lines else None)
        if top > 0:
            top -= 1
        elif bottom > 0:
            bottom -= 1
        else:
            raise ValueError("the whole text stands in itself twice")


def _bare(text: str) -> str:
    """The text without what is wrapped around all of it, code fences included."""
    start, end = text.find("### "), text.rfind(REPLACE)
    if start < 0 or end < 0:
        raise Unparsable("no_edit")
    end += len(REPLACE)
    before, after = text[:start].strip(), text[end:].strip()
    if len(before) + len(after) > 64:
        raise Unparsable("not_an_edit")
    mark, fence, language = before.partition("`")
    if fence and not language.replace("`", " ").replace("python", " ").replace("text", " ").isspace():
        raise Unparsable("not_an_edit")
    if _AROUND.get(mark) != after.removesuffix(".").strip("`\n "):
        raise Unparsable("not_an_edit")
    return text[start:end]


def _next(lines: list[str], mark: str, start: int) -> int:
    for at in range(start, len(lines)):
        line = lines[at].rstrip()
        if line == mark:
            return at
        if line in (SEARCH, DIVIDER, REPLACE):
            break
    raise Unparsable("unfinished_edit")
