"""A text taken apart: words, sentences, paragraphs, lines. These are the definitions that prompts state.

A word is what white space separates, if it holds a letter or a digit. A sentence ends at `.`, `!`, `?` or `…` before
white space, or with its line; abbreviations, initials and decimal points end none. Blank lines separate paragraphs.
Every function is linear in the text.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final


def listed(text: str) -> tuple[str, ...]:
    """The words of a text: a long row of them, written without commas."""
    return tuple(text.split())


ABBREVIATIONS: Final = frozenset(
    listed("mr mrs ms dr prof sr jr st mt vs etc e.g i.e cf vol fig approx dept p.s p.p.s a.m p.m")
)
CLOSING: Final = "\"'”’)]}*_»"
STOP_WORDS: Final = frozenset(
    listed(
        "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers "
        "herself it its itself they them their theirs themselves what which who whom this that these those am is are "
        "was were be been being have has had having do does did doing a an the and but if or because as until while "
        "of at by for with about against between into through during before after above below to from up down in out "
        "on off over under again further then once here there when where why how all any both each few more most "
        "other some such no nor not only own same so than too very s t can will just don should now"
    )
)
"""The English stop words that IFBench counts; prompts that need them say what they are."""
PRONOUNS: Final = frozenset(
    listed(
        "i me we us you he him she her it they them my mine our ours your yours his hers its their theirs myself "
        "ourselves yourself yourselves himself herself itself themselves"
    )
)
CONJUNCTIONS: Final = ("and", "but", "for", "nor", "or", "so", "yet")
NAMES: Final = listed(
    "Emma Liam Sophia Jackson Olivia Noah Lucas Isabella Mason Mia Ethan Charlotte Amelia Benjamin Harper Leo Zoe "
    "Daniel Chloe Samuel"
)
_ATOM: Final = re.compile(r"[^\W_]+")
_END: Final = re.compile(r"(?<![.!?…])[.!?…]++[" + re.escape(CLOSING) + r"]*+(?=\s|$)")
_EMOJI: Final = ((0x1F300, 0x1FAFF), (0x2600, 0x27BF), (0x1F1E6, 0x1F1FF), (0x2B50, 0x2B55))


class Text:
    """A text and its parts, each found when first asked for."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    @cached_property
    def lower(self) -> str:
        """The text in lower case."""
        return self.raw.lower()

    @cached_property
    def lines(self) -> list[str]:
        """Every line, blank ones too."""
        return self.raw.split("\n")

    @cached_property
    def words(self) -> list[str]:
        """The words as they stand, with the marks that touch them."""
        return words(self.raw)

    @cached_property
    def bare(self) -> list[str]:
        """The words in lower case, without marks at either end."""
        return [bare(word) for word in self.words]

    @cached_property
    def atoms(self) -> list[str]:
        """Runs of letters and digits, in lower case: what keywords are looked up in."""
        return _ATOM.findall(self.lower)

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences, in order, trimmed."""
        return [sentence for line in self.lines for sentence in _sentences(line)]

    @cached_property
    def paragraphs(self) -> list[str]:
        """Runs of lines that are not blank."""
        found: list[list[str]] = [[]]
        for line in self.lines:
            if line.strip():
                found[-1].append(line)
            elif found[-1]:
                found.append([])
        return ["\n".join(lines) for lines in found if lines]

    def part(self, number: int) -> Text:
        """Paragraph `number`, counted from 1, as a text of its own; empty where there is none."""
        return Text(self.paragraphs[number - 1] if number <= len(self.paragraphs) else "")


def words(text: str) -> list[str]:
    """What white space separates, if it holds a letter or a digit."""
    return [token for token in text.split() if any(map(str.isalnum, token))]


def bare(word: str) -> str:
    """A word in lower case, without what is neither letter nor digit at either end."""
    if word.isalnum():
        return word.lower()
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not word[end - 1].isalnum():
        end -= 1
    return word[start:end].lower()


def end_mark(sentence: str) -> str:
    """The last character of a sentence that closes nothing else: its full stop, question or exclamation mark."""
    return sentence.rstrip(CLOSING)[-1:]


def is_emoji(mark: str) -> bool:
    """Whether a character is an emoji, by its block."""
    code = ord(mark)
    return code > 0x25FF and any(low <= code <= high for low, high in _EMOJI)


def _sentences(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _END.finditer(line):
        before = line[start : match.start()]
        last = before[max(before.rfind(" "), before.rfind("\t")) + 1 :].lstrip("\"'“‘([*_").lower()
        if match.group()[0] == "." and (last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i")):
            continue
        _add(found, line[start : match.end()])
        start = match.end()
    _add(found, line[start:])
    return found


def _add(found: list[str], piece: str) -> None:
    """A piece without a word belongs to the sentence before it, as an emoji after the full stop does."""
    piece = piece.strip()
    if any(map(str.isalnum, piece)):
        found.append(piece)
    elif piece and found:
        found[-1] = f"{found[-1]} {piece}"
