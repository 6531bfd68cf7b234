"""IFBench's checkers as released, faults included, on the arguments of our constraints.

They stand as after the first repairs (allenai/IFBench, instructions.py); `stairs`, `_special`, `_sub_bullets`, others
still have faults. Stand-ins: white space for nltk's word tokeniser, our syllables for syllapy, emoji by their blocks.
start_verb, whose verbs nltk's tagger finds, csv_quotes, and the kinds whose released checker knows one list or sentence
alone (reverse_newline, european_capitals_sort, word_reverse) are checked strictly. Everything is linear in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from string import ascii_lowercase, punctuation
from types import MappingProxyType
from typing import Final

from verienv.families.instruction import (
    keywords,
    layouts,
    neighbours,
    reading,
    wording,
)
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.splitting import split_into_sentences
from verienv.families.instruction.tables import rows

_STRIP: Final = punctuation + " "
_DELETE: Final = str.maketrans("", "", punctuation)
_PRIMES: Final = frozenset(number for number in range(2, 98) if all(number % by for by in range(2, number)))
_PRONOUNS: Final = reading.PRONOUNS | frozenset(
    listed(
        "this that these those who whom whose which what whoever whomever whatever whichever anybody anyone anything "
        "everybody everyone everything nobody nothing somebody someone something each either neither both all some "
        "any none"
    )
)


def _plain(text: str) -> list[str]:
    return text.lower().translate(_DELETE).split()


def _firsts(text: str, letter: str, least: int) -> bool:
    firsts = [word[0].lower() for word in text.translate(_DELETE).split()]
    if not firsts or firsts[0] not in ascii_lowercase:
        return False
    start = ascii_lowercase.index(firsts[0])
    return all(first == ascii_lowercase[(start + place) % 26] for place, first in enumerate(firsts))


def _cover(text: str) -> bool:
    if not any(pair in text for pair in ("!?", "?!", "‽")):
        return False
    rest = text.replace("?!", "", 1) if "?!" in text else text.replace("!?", "", 1)
    return set(".,!?;:") <= set(rest)


def _nested(text: str, levels: int) -> bool:
    opened: list[str] = []
    most = 0
    for mark in text:
        if mark in "([{":
            opened.append(mark)
            most = max(most, len(opened))
        elif mark in ")]}":
            if opened and opened[-1] + mark in ("()", "[]", "{}"):
                opened.pop()
                if most >= levels:
                    return True
            else:
                opened, most = [], 0
    return False


def _quotes(text: str, levels: int) -> bool:
    opened: list[str] = []
    most = 0
    for mark in text:
        if opened and mark == opened[-1]:
            opened.pop()
            if most - len(opened) >= levels:
                return True
        elif mark in "\"'":
            opened.append(mark)
            most = max(most, len(opened))
    return False


def _newline(text: str) -> bool:
    text = text.translate(_DELETE).strip()
    return sum(line != "" for line in text.split("\n")) == len(text.split())


def _emoji(text: str) -> bool:
    bare = [sentence.translate(_DELETE).strip() for sentence in split_into_sentences(text)]
    for place, sentence in enumerate(bare):
        if not sentence:
            return False
        if not any(map(reading.is_emoji, sentence[-2:])):
            after = bare[place + 1][:1] if place + 1 < len(bare) else ""
            if not after or not reading.is_emoji(after):
                return False
    return True


def _equal(text: str) -> bool:
    sentences = split_into_sentences(text)
    words = _plain(" ".join(sentences))
    return len(sentences) == 3 and len(set(map(len, sentences))) == 1 and len(words) == len(set(words))


def _japanese(text: str, step: int) -> bool:
    for word in text.split()[step - 1 :: step]:
        word = word.strip(_STRIP)
        if word and not word.isdigit() and not re.search("[\u3040-\u30ff\u4e00-\u9fff]", word):
            return False
    return True


def _in_sentence(text: str, word: str, number: int) -> bool:
    sentences = split_into_sentences(text)
    return len(sentences) >= number and re.search(rf"\b{word}\b", sentences[number - 1], re.IGNORECASE) is not None


def _at_place(text: str, word: str, sentence: int, place: int) -> bool:
    sentences = split_into_sentences(text)
    words = reading.words(sentences[sentence - 1]) if len(sentences) >= sentence else []
    return len(words) >= place and reading.bare(words[place - 1]) == word


def _second(text: str, word: str) -> bool:
    words = Text(text).bare
    return len(words) > 1 and words[1] == words[-2] == word


def _chained(text: str, least: int) -> bool:
    sentences = split_into_sentences(text)
    for one, two in itertools.pairwise(sentences):
        last, first = one.rstrip(_STRIP).split(), two.lstrip(_STRIP).split()
        if not last or not first or last[-1].lower() != first[0].lower():
            return False
    return True


def _rings(text: str, count: int, least: int) -> bool:
    words = [line.strip().lower().strip(_STRIP).split() for line in text.split("\n")]
    return all(each[0] == each[-1] for each in words if each)


def _sizes(text: str) -> list[int]:
    return [len(sentence.translate(_DELETE).split()) for sentence in split_into_sentences(text)]


def _increment(text: str, step: int) -> bool:
    sizes = _sizes(text)
    return bool(sizes) and all(two == one + step for one, two in itertools.pairwise(sizes))


def _runs(text: str, least: int) -> bool:
    before = -1
    for sentence in split_into_sentences(text):
        words = [word.lstrip(_STRIP) for word in sentence.lower().split()]
        firsts = [word[0] for word in words if word]
        pairs = [one == two for one, two in itertools.pairwise(firsts)]
        found = sum(pair + (pair and not last) for last, pair in zip([False, *pairs], pairs, strict=False))
        if found <= before:
            return False
        before = found
    return True


def stairs(text: str) -> bool:
    """Each line is indented by more than the one before; every second one of neighbouring blank lines is kept."""
    lines = text.split("\n")
    kept: list[str] = []
    skip = False
    gone: dict[str, int] = {}
    for (
        line
    ) in lines:  # the released loop removes while it runs over the list: the line after a blank one is not looked at
        if skip or line.strip():
            skip = False
        else:
            gone[line] = gone.get(line, 0) + 1
            skip = True
    for line in lines:
        if gone.get(line, 0):
            gone[line] -= 1
        else:
            kept.append(line)
    indents = [len(line) - len(line.lstrip(" ")) for line in kept]
    return all(two > one for one, two in itertools.pairwise(indents))


def _explained(text: str, count: int) -> bool:
    text = "".join(text.replace("'\"'", "").split())
    return '""' not in text and not text.strip("0123456789" + punctuation.replace('"', "")).endswith('"')


def _thesis(text: str, count: int) -> bool:
    start = text.find("<i>") if "<i>" in text else text.find("<em>")
    if start < 0:
        return False
    text = text[start:]
    end = text.find("</i>") if "</i>" in text else text.find("</em>")
    return end >= 0 and bool(text[3:end].strip()) and bool(text[end + 4 :].strip())


def _some_bullets(text: str, sentences: int, points: int) -> bool:
    before, marked, speaking = 0, 0, True
    for line in text.split("\n"):
        if line.strip().startswith("*"):
            speaking = False
            if before < sentences:
                return False
            marked += 1
        elif speaking:
            found = split_into_sentences(line.strip())
            before, speaking = before + len(found), bool(found)
        else:
            return False
    return marked >= points


def _title_case(text: str) -> bool:
    for word in re.findall(r"[^\W\d_][\w'-]*", text):
        if (len(word) == 1 and word.islower()) or (word[0].islower() and (word[1:].islower() or word[1:].isupper())):
            return False
    return True


def _options(text: str, *options: str) -> bool:
    return text.split("\n")[-1].strip(_STRIP).lower() in options


def _quiz(text: str, count: int, options: int) -> bool:
    if not text.startswith("Question"):
        return False
    found = [part.strip() for part in re.split(r"Question \d+[.|):;]?", text) if part.strip()]
    lengths = []
    for question in found:
        lines = [line.strip() for line in question.split("\n")]
        marked = [place for place, line in enumerate(lines) if re.match(r"[A-Ea-e][.|)]\s*\w", line)]
        if len(marked) != options:
            return False
        lengths.append(len(" ".join(lines[: marked[0]]).strip()))
    return len(found) == count and all(one < two for one, two in itertools.pairwise(lengths))


def _dates(text: str, count: int, first: int, last: int) -> bool:
    for date in text.strip().split(","):
        match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", date.strip())
        if match is None:
            return False
        year, month, day = map(int, match.groups())
        longest = 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
        if not first <= year <= last or month > 12 or (month and day > longest):
            return False
    return True


def _table(text: str, count: int, *columns: str) -> bool:
    found = rows(text, ",", strict=False)
    return (
        found is not None
        and len(found) == count + 1
        and found[0] == list(columns)
        and all(len(row) == 5 for row in found)
    )


def _special(text: str, count: int, *columns: str) -> bool:
    """The released loop stops at the first quoted field that has a special character: later rows go unread."""
    lines = text.strip("\n").split("\n")
    if [field.strip().strip('"') for field in lines[0].split(",")] != list(columns) or len(lines) != count + 1:
        return False
    for line in lines[1:]:
        fields = re.findall(r'"[^"]*"|[^,]+', line)
        if len(fields) != 5:
            return False
        if any(re.match(r'".*[^\d\w\s].*"', field) for field in fields):
            return True
    return False


def _sub_bullets(text: str, count: int) -> bool:
    return all("-" in part for part in text.split("*")[1:])


def _backwards(text: str, sentence: str) -> bool:
    return sentence[::-1].strip(".").lower() in text.lower()


def _ratio(text: str) -> tuple[int, int, int]:
    ends = [sentence[-1:] for sentence in split_into_sentences(text)]
    return ends.count("."), ends.count("?"), ends.count("!")


def _balance(text: str) -> bool:
    return len(set(_ratio(text))) == 1


def _sentence_type(text: str) -> bool:
    statements, questions, _ = _ratio(text)
    return statements == 2 * questions


def _letters_in_order(text: str, count: int) -> bool:
    firsts = [sentence.lstrip(punctuation + " \t\n")[:1].lower() for sentence in split_into_sentences(text)]
    return firsts == list(ascii_lowercase[:count])


def _stop_words(text: str, share: int, least: int) -> bool:
    words = re.findall(r"\w+", text.lower())
    return bool(words) and 100 * sum(word in reading.STOP_WORDS for word in words) <= share * len(words)


def _overlap(text: str, reference: str, share: int) -> bool:
    mine = neighbours.trigrams(re.findall(r"\w+|[^\w\s]", text))
    given = neighbours.trigrams(re.findall(r"\w+|[^\w\s]", reference))
    return bool(mine) and share - 2 <= 100 * len(mine & given) / len(mine) <= share + 2


def _repeats(text: str, most: int, least: int) -> bool:
    words = _plain(text)
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return all(count <= most for count in counts.values())


def _neighbours(text: str, least: int) -> bool:
    words = _plain(text)
    return all(one[0] != two[0] for one, two in itertools.pairwise(words))


def _parity(text: str, least: int) -> bool:
    counts = [wording.syllables(word) for word in _plain(text)]
    return all(one % 2 != two % 2 for one, two in itertools.pairwise(counts))


def _conjunctions(text: str, count: int) -> bool:
    """Written differently, as at a capital or before a comma, one counts as another."""
    return len({word for word in text.split() if word.strip(_STRIP).lower() in reading.CONJUNCTIONS}) >= count


CHECKS: Final[Mapping[str, Callable[..., bool]]] = MappingProxyType(
    {
        "count:word_count_range": lambda text, low, high: low <= len(re.findall(r"\w+", text)) <= high,
        "count:unique_word_count": lambda text, count: (
            len({word.strip(_STRIP) for word in text.lower().split()}) >= count
        ),
        "count:conjunctions": _conjunctions,
        "count:person_names": lambda text, count: (
            sum(re.search(rf"\b{name}\b", text) is not None for name in reading.NAMES) >= count
        ),
        "count:numbers": lambda text, count: len(re.findall(r"\d+", text.translate(_DELETE))) == count,
        "count:punctuation": _cover,
        "count:words_japanese": _japanese,
        "count:pronouns": lambda text, count: (
            sum(word in _PRONOUNS for word in re.findall(r"\w+", text.lower().replace("/", " "))) >= count
        ),
        "count:keywords_multiple": lambda text, *words: all(
            len(re.findall(rf"\b{word}\b", text, re.IGNORECASE)) == count
            for word, count in zip(words, keywords.SEVERAL, strict=True)
        ),
        "ratio:stop_words": _stop_words,
        "ratio:sentence_type": _sentence_type,
        "ratio:sentence_balance": _balance,
        "ratio:sentence_words": _equal,
        "ratio:overlap": _overlap,
        "words:alphabet": _firsts,
        "words:vowel": lambda text, allowed, least: (
            "\n" not in text.strip() and len(set(text.lower()) & set("aeiou")) <= 3
        ),
        "words:consonants": lambda text, least: all(map(wording.cluster, text.lower().split())),
        "words:palindrome": lambda text, count, length: (
            sum(len(word) >= length and word == word[::-1] for word in _plain(text)) >= count
        ),
        "words:prime_lengths": lambda text, least: all(
            len(word) in _PRIMES for word in text.translate(_DELETE).split()
        ),
        "words:repeats": _repeats,
        "words:odd_even_syllables": _parity,
        "words:last_first": _chained,
        "words:paragraph_last_first": _rings,
        "words:no_consecutive": _neighbours,
        "words:keywords_specific_position": _at_place,
        "words:words_position": _second,
        "sentence:alliteration_increment": _runs,
        "sentence:keyword": _in_sentence,
        "sentence:increment": _increment,
        "format:parentheses": _nested,
        "format:quotes": _quotes,
        "format:options": _options,
        "format:newline": _newline,
        "format:emoji": _emoji,
        "format:line_indent": lambda text, step: stairs(text),
        "format:quote_unquote": _explained,
        "format:list": lambda text, marker, count: text.count(marker) >= 2,
        "format:thesis": _thesis,
        "format:sub-bullets": _sub_bullets,
        "format:no_bullets_bullets": _some_bullets,
        "format:title_case": _title_case,
        "format:output_template": lambda text: all(label in text for label in layouts.LABELS),
        "format:no_whitespace": lambda text: not any(map(str.isspace, text)),
        "custom:multiples": lambda text, step, low, high: (
            re.findall(r"\d+", text) == [str(number) for number in range(low, high + 1) if number % step == 0]
        ),
        "custom:mcq_count_length": _quiz,
        "custom:character_reverse": _backwards,
        "custom:sentence_alphabet": _letters_in_order,
        "custom:csv_city": _table,
        "custom:csv_special_character": _special,
        "custom:date_format_list": _dates,
        "repeat:repeat_change": lambda text, request: text != request and text.split()[1:] == request.split()[1:],
        "repeat:repeat_simple": lambda text, sentence: text.strip().lower() == sentence.strip().lower(),
        "repeat:repeat_span": lambda text, passage, start, end: (
            text.strip().lower() == " ".join(passage.split()[start - 1 : end]).lower()
        ),
    }
)
