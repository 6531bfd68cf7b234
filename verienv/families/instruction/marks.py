"""Constraints on marks inside a text: brackets, quotations, highlights, emoji, commas."""

from __future__ import annotations

import re
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Rule, rule, times

_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]*[^\W_][^\[\]\n]*\]")


_HIGHLIGHT: Final = re.compile(
    r"(?<![*\w])\*{1,2}(?=[^\s*])[^*\n]*[^\s*]\*{1,2}(?![*\w])|(?<![*\w])\*[^\s*]\*(?![*\w])"
)


FIELDS: Final = ("date", "name", "address", "phone number", "place", "hour", "weather", "signature")


def _placeholders(text: Text, count: int) -> bool:
    return len(_PLACEHOLDER.findall(text.raw)) >= count


def _build_placeholders(plan: Plan, count: int) -> None:
    plan.mentions += [f"as noted under [{name}]" for name in plan.rng.sample(FIELDS, count)]


def _highlights(text: Text, count: int) -> bool:
    return len(_HIGHLIGHT.findall(text.raw)) >= count


def _build_highlights(plan: Plan, count: int) -> None:
    ways = ("with *great care*", "at the *very last* moment", "to *general surprise*", "after *some thought*")
    plan.mentions += [ways[place % len(ways)] for place in range(count)]


def depth(text: str) -> int:
    """How deep brackets of any kind nest, each closed by its own kind; 0 if any is not, or says nothing."""
    opened: list[str] = []
    most = 0
    for mark in text:
        if mark in "([{":
            opened.append(_PAIRS[mark])
            most = max(most, len(opened))
        elif mark in ")]}" and (not opened or opened.pop() != mark):
            return 0
    return 0 if opened else most


_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}


def _parentheses(text: Text, levels: int) -> bool:
    return depth(text.raw) >= levels


def _build_parentheses(plan: Plan, levels: int) -> None:
    said = ["so people say", "or said", "long ago", "at least", "if at all", "who knows", "in truth", "by chance"]
    inside = ""
    for level in range(levels, 0, -1):
        opening, closing = ("()", "[]", "{}")[(level - 1) % 3]
        inside = f"{opening}{said[(level - 1) % len(said)]}{' ' + inside if inside else ''}{closing}"
    plan.mentions.append(inside)


def _quotes(text: Text, levels: int) -> bool:
    return quote_depth(text.raw) >= levels


def quote_depth(text: str) -> int:
    """How deep quotation marks nest, double ones outside, then single, then double again; 0 if any stays open.

    An apostrophe between letters is none.
    """
    opened: list[str] = []
    most = 0
    for place, mark in enumerate(text):
        if mark not in "\"'":
            continue
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        if mark == "'" and before.isalnum() and after.isalnum():
            continue
        if opened and opened[-1] == mark and not before.isspace():
            opened.pop()
        elif mark == "\"'"[len(opened) % 2] and not after.isspace():
            opened.append(mark)
            most = max(most, len(opened))
        else:
            return 0
    return 0 if opened else most


def _build_quotes(plan: Plan, levels: int) -> None:
    said = ["I heard that she said", "you know what he told us", "they all agreed on", "it is true"]
    inside = "never again"
    for level in range(levels, 0, -1):
        mark = "\"'"[(level - 1) % 2]
        inside = f"{mark}{said[level - 1]} {inside}{mark}" if level < levels else f"{mark}{inside}{mark}"
    plan.mentions.append(f"and said {inside}")


def _explained(text: Text, count: int) -> bool:
    pieces = text.raw.split('"')
    quoted, after = pieces[1::2], pieces[2::2]
    if len(pieces) % 2 == 0 or len(quoted) < count:
        return False
    return all(map(reading.words, quoted)) and all(len(reading.words(piece)) >= 3 for piece in after)


def _build_explained(plan: Plan, count: int) -> None:
    ways = ('with the words "not yet" which meant a long delay', 'with the words "all clear" which meant good news')
    plan.mentions += [ways[place % 2] for place in range(count)]


def _emoji(text: Text) -> bool:
    def last(sentence: str) -> str:
        said = [mark for mark in sentence if not mark.isspace() and mark not in ".!?…\ufe0f" + reading.CLOSING]
        return said[-1] if said else " "

    return bool(text.sentences) and all(reading.is_emoji(last(sentence)) for sentence in text.sentences)


def _build_emoji(plan: Plan) -> None:
    plan.marks = lambda count: [f" {plan.rng.choice('🌞🌊🔔📚🍞🎻🐝🚂')}." for _ in range(count)]


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "detectable_content:number_placeholders",
        lambda setting: (setting.count(2, 6),),
        lambda count: (
            f"Use at least {count} placeholders in square brackets, such as [address].",
            f"Leave at least {count} things open as placeholders, written like [name].",
        ),
        _placeholders,
        _build_placeholders,
        slots="brackets",
        local=True,
    ),
    rule(
        "detectable_format:number_highlighted_sections",
        lambda setting: (setting.count(2, 5),),
        lambda count: (
            f"Highlight at least {count} phrases with asterisks, like *this phrase*.",
            f"At least {count} phrases must be *highlighted* in markdown, with no blank inside the asterisks' edges.",
        ),
        _highlights,
        _build_highlights,
        tags="starred",
        local=True,
    ),
    rule(
        "punctuation:no_comma",
        lambda setting: (),
        lambda: ("Use no commas.", "Do without commas altogether."),
        lambda text: text.raw != "" and not any(mark in text.raw for mark in ",，、،"),
        lambda plan: None,
        slots="commas",
        local=True,
        spreads=True,
    ),
    rule(
        "format:parentheses",
        lambda setting: (setting.count(2, 6),),
        lambda levels: (
            f"Nest brackets, of any of the kinds (), [] and {{}}, at least {levels} deep; all must be closed in order.",
            f"Somewhere at least {levels} pairs of (), [] or {{}} must stand one inside the other, all properly "
            "closed.",
        ),
        _parentheses,
        _build_parentheses,
        slots="brackets",
        tags="nested",
    ),
    rule(
        "format:quotes",
        lambda setting: (setting.count(2, 4),),
        lambda levels: (
            f"Quote within a quote, at least {levels} deep, with double marks outside, single ones inside, and so on.",
            f"Nest quotations at least {levels} deep; double and single quotation marks take turns, double ones first.",
        ),
        _quotes,
        _build_quotes,
        slots="quotes",
    ),
    rule(
        "format:quote_unquote",
        lambda setting: (setting.count(1, 3),),
        lambda count: (
            f"Quote at least {times(count, 'phrase')} in double marks, each followed by three or more words "
            "outside them.",
            f"There must be {times(count, 'quoted phrase')} or more, and each must be explained by at least "
            "three words "
            "right after it.",
        ),
        _explained,
        _build_explained,
        slots="quotes",
    ),
    rule(
        "format:emoji",
        lambda setting: (),
        lambda: (
            "Put an emoji at the end of every sentence, right before its full stop, like this 🌞.",
            "Each sentence must end with an emoji; only its full stop may follow.",
        ),
        _emoji,
        _build_emoji,
        slots="marks",
        avoid="prefix suffix",
        notes="sentence",
        local=True,
    ),
)
