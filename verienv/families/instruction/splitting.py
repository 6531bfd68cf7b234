"""The sentence splitter of IFEval and IFBench as released: substitutions in a fixed order, then cuts at marks."""

from __future__ import annotations

import re
from typing import Final

_DOT, _CUT = "<prd>", "<stop>"
_START: Final = (
    r"(Mr|Mrs|Ms|Dr|Prof|Capt|Cpt|Lt|He\s|She\s|It\s|They\s|Their\s|Our\s|We\s|But\s|However\s|That\s|This\s|Wherever)"
)
_KEPT: Final = (
    (re.compile(r"(Mr|St|Mrs|Ms|Dr)\."), rf"\1{_DOT}"),
    (re.compile(r"\.(com|net|org|io|gov|edu|me)"), rf"{_DOT}\1"),
    (re.compile(r"([0-9])\.([0-9])"), rf"\1{_DOT}\2"),
)
_LATER: Final = (
    (re.compile(r"\s([A-Za-z])\. "), rf" \1{_DOT} "),
    (re.compile(rf"([A-Z]\.[A-Z]\.(?:[A-Z]\.)?) {_START}"), rf"\1{_CUT} \2"),
    (re.compile(r"([A-Za-z])\.([A-Za-z])\.([A-Za-z])\."), rf"\1{_DOT}\2{_DOT}\3{_DOT}"),
    (re.compile(r"([A-Za-z])\.([A-Za-z])\."), rf"\1{_DOT}\2{_DOT}"),
    (re.compile(rf" (Inc|Ltd|Jr|Sr|Co)\. {_START}"), rf" \1{_CUT} \2"),
    (re.compile(r" (Inc|Ltd|Jr|Sr|Co)\."), rf" \1{_DOT}"),
    (re.compile(r" ([A-Za-z])\."), rf" \1{_DOT}"),
)
_DOTS: Final = re.compile(r"\.{2,}")


def split_into_sentences(text: str) -> list[str]:
    """The sentences; new lines are blanks, a row of dots ends a sentence, quotation marks move before the mark."""
    text = f" {text}  ".replace("\n", " ")
    for pattern, instead in _KEPT:
        text = pattern.sub(instead, text)
    text = _DOTS.sub(lambda match: _DOT * len(match.group()) + _CUT, text)
    text = text.replace("Ph.D.", f"Ph{_DOT}D{_DOT}")
    for pattern, instead in _LATER:
        text = pattern.sub(instead, text)
    for mark, moved in ((".”", "”."), ('."', '".'), ('!"', '"!'), ('?"', '"?')):
        text = text.replace(mark, moved)
    for mark in ".?!":
        text = text.replace(mark, mark + _CUT)
    found = [sentence.strip() for sentence in text.replace(_DOT, ".").split(_CUT)]
    return found if found[-1] else found[:-1]
