"""IFEval's checkers as released, faults included, on the arguments of our constraints.

What a released one takes from a library has a stand-in: `spoken` for langdetect (no verdict passes, as there), our
sentences for nltk's punkt in number_sentences, white space for its word tokeniser in capital_word_frequency. Everything
is linear in the text; JSON that nests deeper than DEPTH_MAX, where the released one fails, does not pass.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from verienv.families.instruction import (
    frames,
    languages,
    layouts,
)
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import holds


def _letters(text: str, letter: str, relation: str, count: int) -> bool:
    return holds(text.lower().count(letter), relation, count)


def _language(text: str, code: str) -> bool:
    return languages.spoken(Text(text)) in (code, "")


def _english(text: str) -> bool:
    return languages.spoken(Text(text)) in ("en", "")


def _paragraphs(text: str, count: int) -> bool:
    parts = re.split(r"\s?\*\*\*\s?", text)
    blank = [place for place, part in enumerate(parts) if not part.strip()]
    return all(place in (0, len(parts) - 1) for place in blank) and len(parts) - len(blank) == count


def _nth_first(text: str, count: int, number: int, word: str) -> bool:
    parts = text.split("\n\n")
    if sum(bool(part.strip()) for part in parts) < number or not parts[number - 1].strip():
        return False
    first = parts[number - 1].split()[0].lstrip("'").lstrip('"')
    return (
        sum(bool(part.strip()) for part in parts) == count and re.split("[.,?!'\"]", first)[0].lower() == word.lower()
    )


def placeholders(text: str) -> int:
    """Spans from a square bracket to the next closing one on the line, empty ones too."""
    count = 0
    for line in text.split("\n"):
        at = 0
        while (start := line.find("[", at)) >= 0 and (end := line.find("]", start)) >= 0:
            count, at = count + 1, end + 1
    return count


def _postscript(text: str, marker: str) -> bool:
    return re.search(r"p\.\s?p\.\s?s" if marker.startswith("P.P") else r"p\.\s?s\.", text.lower()) is not None


def bullets(text: str) -> int:
    """Lines that begin with a hyphen, or with one asterisk; of an asterisk alone the next line is a part."""
    lines = [line.lstrip() for line in text.split("\n")]
    count, place = sum(line.startswith("-") for line in lines), 0
    while place < len(lines):
        if lines[place] == "*" and place + 1 < len(lines):
            count, place = count + 1, place + 1
        elif lines[place][:1] == "*" and lines[place][1:2] not in ("*", ""):
            count += 1
        place += 1
    return count


def highlights(text: str) -> int:
    """Single and double asterisks around something on one line; a double pair counts as often as it is found."""
    single = re.findall(r"\*[^\n*]*\*", text)
    double = re.findall(r"\*\*[^\n*]*\*\*", text)
    return sum(bool(each.strip("*").strip()) for each in single) + sum(bool(each[2:-2].strip()) for each in double)


def _json(text: str, *keys: str) -> bool:
    text = text.strip()
    for fence in ("```json", "```Json", "```JSON", "```"):
        text = text.removeprefix(fence)
    text = text.removesuffix("```").strip()
    if layouts.nesting(text) > layouts.DEPTH_MAX:
        return False  # the released one fails here
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _title(text: str) -> bool:
    for line in text.split("\n"):
        start, end = line.find("<<"), line.rfind(">>")
        if start >= 0 and end >= start + 3 and line[start : end + 2].lstrip("<").rstrip(">").strip():
            return True
    return False


def _two(text: str) -> bool:
    parts = text.split("******")
    whole = [part for part in parts if part.strip()]
    inner = all(part.strip() for part in parts[1:-1])
    return inner and len(whole) == 2 and whole[0].strip() != whole[1].strip()


def _ends(text: str, phrase: str) -> bool:
    return text.strip().strip('"').lower().endswith(phrase.strip().lower())


def _quotation(text: str) -> bool:
    text = text.strip()
    return len(text) > 1 and text[0] == text[-1] == '"'


CHECKS: Final[Mapping[str, Callable[..., bool]]] = MappingProxyType(
    {
        "keywords:existence": lambda text, *words: all(re.search(word, text, re.IGNORECASE) for word in words),
        "keywords:frequency": lambda text, word, relation, count: holds(
            len(re.findall(word, text, re.IGNORECASE)), relation, count
        ),
        "keywords:forbidden_words": lambda text, *words: (
            not any(re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in words)
        ),
        "keywords:letter_frequency": _letters,
        "language:response_language": _language,
        "length_constraints:number_paragraphs": _paragraphs,
        "length_constraints:number_words": lambda text, relation, count: holds(
            len(re.findall(r"\w+", text)), relation, count
        ),
        "length_constraints:nth_paragraph_first_word": _nth_first,
        "detectable_content:number_placeholders": lambda text, count: placeholders(text) >= count,
        "detectable_content:postscript": _postscript,
        "detectable_format:number_bullet_lists": lambda text, count: bullets(text) == count,
        "detectable_format:constrained_response": lambda text: any(each in text for each in frames.RESPONSES),
        "detectable_format:number_highlighted_sections": lambda text, count: highlights(text) >= count,
        "detectable_format:multiple_sections": lambda text, splitter, count: (
            len(re.findall(rf"{splitter}\s?\d+", text)) >= count
        ),
        "detectable_format:json_format": _json,
        "detectable_format:title": _title,
        "combination:two_responses": _two,
        "combination:repeat_prompt": lambda text, request: text.strip().lower().startswith(request.strip().lower()),
        "startend:end_checker": _ends,
        "startend:quotation": _quotation,
        "change_case:capital_word_frequency": lambda text, relation, count: holds(
            sum(word.isupper() for word in text.split()), relation, count
        ),
        "change_case:english_capital": lambda text, upper: text.isupper() and _english(text),
        "change_case:english_lowercase": lambda text, upper: text.islower() and _english(text),
        "punctuation:no_comma": lambda text: "," not in text,
    }
)
