"""A small tokenizer made for the tasks at hand: fixed wording becomes few tokens, what varies stays in single symbols.

A prompt of a family is some hundred characters that never change around a few that do. A phrase that stands in most
prompts of one setting is one token; a word that comes back is one token; digits are always tokens of their own, and
capitals and symbols unless they never change, so that replies can be learned and carry over. Any text encodes and
comes back: a character that no token covers is written as its UTF-8 bytes, two tokens each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from verienv.errors import UsageError

END: Final = 0
"""The id that ends a reply."""
PICTURE: Final = 1
"""The id that holds the place of one patch of a picture."""

_NIBBLES: Final = 2  # ids 2 to 17: half a byte each
_FIXED: Final = _NIBBLES + 16
_PLAIN: Final = "".join(map(chr, range(32, 127))) + "\n"

_ATOM = re.compile(r"</?[a-z]{2,12}>| ?[A-Za-z]+|\s+|.", re.DOTALL)
_WORD = re.compile(r" ?(?:[A-Za-z]+[a-z]|[a-z][A-Za-z]+|[aI])|</?[a-z]{2,12}>")
_MARK = re.compile(r"[.,:;?']|\s+")
_LITERAL = re.compile("[!~¬][A-Z]")
_LONGEST = 1_000  # characters of a phrase
_BASES = 32  # texts of a group whose runs are looked at; all texts count


class Tokenizer:
    """Text to ids and back by a table of pieces, longest first.

    Ids: 0 ends a reply, 1 is a patch of a picture, 2 to 17 are halves of bytes, then the pieces in order.
    Raises UsageError for a table with an empty or repeated piece, or one with a digit beside other characters.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = tuple(pieces)
        if len(set(self.pieces)) != len(self.pieces) or "" in self.pieces:
            raise UsageError("a tokenizer's pieces are different from each other and not empty")
        for piece in self.pieces:
            if len(piece) > 1 and any(map(str.isdigit, piece)):
                raise UsageError(f"a digit is a token of its own; {piece!r:.60} holds more")
        self._ids = {piece: _FIXED + at for at, piece in enumerate(self.pieces)}

    @classmethod
    def train(
        cls, groups: Iterable[Sequence[str]], shares: Sequence[float] = (1.0, 0.5, 0.2), words: float = 0.01
    ) -> Tokenizer:
        """The tokenizer for groups of texts, each group the prompts (or replies) of one setting.

        A phrase is a longest run of words that stands in at least a share of a group's texts and has no digit; the
        shares are tried one after the other on what the earlier ones left, and only a phrase of all texts holds a
        lone capital. A word is a token if it stands in at least `words` of the texts, a negated capital in at least
        the second share. The same groups give the same tokenizer.
        """
        phrases: Counter[str] = Counter()
        singles: Counter[str] = Counter(dict.fromkeys(_PLAIN, 0))
        for group in groups:
            for text, count in _phrases(list(group), shares, words).items():
                phrases[text] += count
            singles.update({char for text in group for char in text})
        found = sorted((text for text in phrases if len(text) > 1), key=lambda text: (-len(text), text))
        return cls([*sorted(singles), *found])

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Tokenizer:
        """The tokenizer that `config` describes."""
        return cls([str(piece) for piece in config["pieces"]])

    @property
    def config(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"pieces": list(self.pieces)}

    def __len__(self) -> int:
        """The number of ids."""
        return _FIXED + len(self.pieces)

    def encode(self, text: str) -> list[int]:
        """A text as ids, without an end."""
        ids: list[int] = []
        for match in self._pattern.finditer(text):
            piece = match.group()
            known = self._ids.get(piece)
            if known is not None:
                ids.append(known)
            else:
                for byte in piece.encode("utf-8", "surrogatepass"):
                    ids += (_NIBBLES + (byte >> 4), _NIBBLES + (byte & 15))
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """The text of ids up to the first end; patches say nothing, and bytes that are no text become �."""
        ids = list(ids)
        if END in ids:
            ids = ids[: ids.index(END)]
        if min(ids, default=_FIXED) >= _FIXED:  # pieces alone, which is the rule
            return "".join([self.pieces[each - _FIXED] for each in ids])
        out: list[str] = []
        halves: list[int] = []

        def flush() -> None:
            if halves:
                whole = bytes(16 * high + low for high, low in zip(halves[::2], halves[1::2], strict=False))
                out.append(_text(whole) + ("�" if len(halves) % 2 else ""))
                halves.clear()

        for each in ids:
            if _NIBBLES <= each < _FIXED:
                halves.append(each - _NIBBLES)
                continue
            flush()
            if each >= _FIXED:
                out.append(self.pieces[each - _FIXED])
        flush()
        return "".join(out)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted((each for each in self.pieces if len(each) > 1), key=len, reverse=True)
        # a piece that ends in a blank leaves that blank to a word that follows
        ends = [re.escape(each) + ("(?![A-Za-z]?[a-z])" if each.endswith(" ") else "") for each in longest]
        return re.compile("|".join([*ends, "."]), re.DOTALL)


def _text(whole: bytes) -> str:
    try:
        return whole.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return whole.decode("utf-8", "replace")


def _phrases(texts: Sequence[str], shares: Sequence[float], words: float) -> dict[str, int]:
    """The phrases, words and literals of one group, each with the number of texts it stands in."""
    counts: dict[str, int] = {}

    def standing(phrase: str) -> int:
        if phrase not in counts:
            counts[phrase] = sum(phrase in text for text in texts)
        return counts[phrase]

    found: set[str] = set()
    left = [[text] for text in texts]  # of each text, what no phrase covers yet
    for share in shares:
        least = max(2, share * len(texts))
        fresh = {
            phrase
            for parts in left[:_BASES]
            for part in parts
            for phrase in _runs(_ATOM.findall(part), standing, least, share == 1)
        }
        if fresh:
            cut = re.compile("|".join(map(re.escape, sorted(fresh, key=len, reverse=True))))
            left = [[rest for part in parts for rest in cut.split(part) if rest] for parts in left]
            found |= fresh
    atoms = {atom for text in texts for atom in _ATOM.findall(text) if _WORD.fullmatch(atom)}
    found |= {atom for atom in atoms if standing(atom) >= max(2, words * len(texts))}
    literals = {literal for text in texts for literal in _LITERAL.findall(text)}
    found |= {literal for literal in literals if standing(literal) >= max(2, shares[1] * len(texts))}
    return {phrase: standing(phrase) for phrase in sorted(found)}


def _runs(atoms: Sequence[str], standing: Callable[[str], int], least: float, capitals: bool) -> Iterator[str]:
    """From the left, the longest runs of atoms that stand in `least` texts; no digits, lone capitals where allowed."""
    at = 0
    while at < len(atoms):
        end = at
        while end < len(atoms) and not any(map(str.isdigit, atoms[end])):
            lone = any(map(str.isalpha, atoms[end])) and not _WORD.fullmatch(atoms[end])
            run = "".join(atoms[at : end + 1])
            if (lone and not capitals) or len(run) > _LONGEST or standing(run) < least:
                break
            end += 1
        phrase = _trimmed(atoms[at:end])
        if len(phrase) > 1:
            yield phrase
        at = max(end, at + 1)


def _trimmed(atoms: Sequence[str]) -> str:
    """A run of atoms without the capitals and symbols at its ends, which belong to what varies beside it."""

    def firm(atom: str) -> bool:
        return bool(_WORD.fullmatch(atom) or _MARK.fullmatch(atom))

    start, end = 0, len(atoms)
    while start < end and not firm(atoms[start]):
        start += 1
    while end > start and not firm(atoms[end - 1]):
        end -= 1
    return "".join(atoms[start:end])
