"""Constraints on how words and sentences follow each other, throughout a text."""

from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from verienv.families.instruction import vocabulary
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.maker import Stuck
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import APART, WHOLE, Args, Rule, Setting, nth, rule, times
from verienv.families.instruction.vocabulary import NOUNS, Fits
from verienv.families.instruction.wording import body, least_words

JAPANESE: Final = [
    "いま",
    "そして",
    "とても",
    "しずか",
    "うみ",
    "やま",
    "ひかり",
    "あさ",
    "よる",
    "みち",
    "ことば",
    "ゆき",
]


def _neighbours(text: Text, least: int) -> bool:
    return len(text.bare) >= least and all(one[0] != two[0] for one, two in pairwise(text.bare))


def _chained(text: Text, least: int) -> bool:
    ends = [Text(sentence).bare for sentence in text.sentences]
    return len(ends) >= least and all(one[-1] == two[0] for one, two in pairwise(ends))


def _noun_at_end(size: int, first: str = "", last: str = "") -> Fits:
    """Words for a sentence that ends with a noun; its first or last word may be given."""

    def fits(place: int, word: str, before: object) -> bool:
        if place == 0 and first:
            return word == first
        if place == size - 1:
            return word == last if last else word in _NOUN_SET
        return word not in (first, last)

    return fits


_NOUN_SET: Final = frozenset(NOUNS)


def _build_chained(plan: Plan, least: int) -> None:
    def write(plan: Plan) -> str:
        made: list[list[str]] = []
        for _ in range(least + plan.rng.randint(0, 2)):
            size = plan.rng.randint(4, 7)
            made += vocabulary.sentences(plan.rng, [size], _noun_at_end(size, made[-1][-1] if made else ""))
        return vocabulary.said(made)

    plan.body = write


def _rings(text: Text, count: int, least: int) -> bool:
    words = [Text(paragraph).bare for paragraph in text.paragraphs]
    return len(words) == count and all(len(each) >= least and each[0] == each[-1] for each in words)


def _build_rings(plan: Plan, count: int, least: int) -> None:
    def write(plan: Plan) -> str:
        paragraphs = []
        for noun in plan.rng.sample(NOUNS, count):
            sizes = [plan.rng.randint(4, 7) for _ in range(-(-least // 4) + 1)]
            first = vocabulary.sentences(plan.rng, sizes[:1], _noun_at_end(sizes[0], noun))
            middle = vocabulary.sentences(plan.rng, sizes[1:-1], lambda *_: True) if sizes[1:-1] else []
            last = vocabulary.sentences(plan.rng, sizes[-1:], _noun_at_end(sizes[-1], "", noun))
            paragraphs.append(vocabulary.said([*first, *middle, *last]))
        return "\n\n".join(paragraphs)

    plan.body = write


def longest_run(words: list[str]) -> int:
    """The most neighbouring words that begin with one letter."""
    most = run = 0
    last = ""
    for word in words:
        run = run + 1 if word[0] == last else 1
        last = word[0]
        most = max(most, run)
    return most


def _alliterates(text: Text, least: int) -> bool:
    runs = [longest_run(Text(sentence).bare) for sentence in text.sentences]
    return len(runs) >= least and runs[0] > 1 and all(one < two for one, two in pairwise(runs))


def _build_alliterates(plan: Plan, least: int) -> None:
    def write(plan: Plan) -> str:
        made = []
        for run in range(2, least + 2):
            letter = plan.rng.choice("bcdfglmps")
            made += vocabulary.sentences(plan.rng, [run + 3], _run_of(letter, run))
        return vocabulary.said(made)

    plan.body = write


def _run_of(letter: str, run: int) -> Fits:
    def fits(place: int, word: str, before: object) -> bool:
        said = before if isinstance(before, list) else []
        if place < run:
            return word[0] == letter
        return word[0] != letter and word[0] != (said[-1][0] if said else "")

    return fits


def _letters_in_order(text: Text, count: int) -> bool:
    firsts = [Text(sentence).bare[0][0] for sentence in text.sentences]
    return firsts == list(ascii_lowercase[:count])


def _build_letters_in_order(plan: Plan, count: int) -> None:
    def write(plan: Plan) -> str:
        made: list[list[str]] = []
        for letter in ascii_lowercase[:count]:
            fits: Fits = lambda place, word, before, letter=letter: place > 0 or word[0] == letter  # type: ignore[misc]  # noqa: E731
            made += vocabulary.sentences(plan.rng, [plan.rng.randint(4, 6)], fits)
        return vocabulary.said(made)

    plan.body = write


def _equal(text: Text) -> bool:
    sentences = text.sentences
    if len(sentences) != 3 or len({len(sentence) for sentence in sentences}) != 1:
        return False
    words = [word for sentence in sentences for word in Text(sentence).bare]
    return len(words) == len(set(words)) and len(words) >= 9


def _build_equal(plan: Plan) -> None:
    def write(plan: Plan) -> str:
        by_length: dict[int, list[list[str]]] = {}
        for _ in range(120):
            (made,) = vocabulary.sentences(plan.rng, [plan.rng.randint(4, 5)], lambda *_: True)
            found = by_length.setdefault(len(" ".join(made)), [])
            if all(set(made).isdisjoint(other) for other in found):
                found.append(made)
            if len(found) == 3:
                return vocabulary.said(found)
        raise Stuck("no three sentences of one length")

    plan.body = write


def is_japanese(word: str) -> bool:
    """Whether every letter is kana or a Chinese character."""
    letters = [mark for mark in word if mark.isalpha()]
    return bool(letters) and all("\u3040" <= mark <= "\u30ff" or "\u4e00" <= mark <= "\u9fff" for mark in letters)


def _japanese(text: Text, step: int) -> bool:
    words = text.words
    if len(words) < 2 * step:
        return False
    return all(is_japanese(word) == (place % step == 0) for place, word in enumerate(words, 1))


def _build_japanese(plan: Plan, step: int) -> None:
    plan.need_words(2 * step, 10**6)

    def change(text: str) -> str:
        tokens = text.split(" ")
        for place in range(step - 1, len(tokens), step):
            stop = "." if tokens[place].endswith(".") else ""
            tokens[place] = plan.rng.choice(JAPANESE) + stop
        return " ".join(tokens)

    plan.paragraphs = 1
    plan.finish.append((1, change))


def trigrams(words: list[str]) -> set[tuple[str, ...]]:
    """Every three words in a row."""
    return set(zip(words, words[1:], words[2:], strict=False))


def _overlap(text: Text, reference: str, share: int) -> bool:
    mine, given = trigrams(text.bare), trigrams(Text(reference).bare)
    return len(mine) >= 12 and abs(100 * len(mine & given) - share * len(mine)) <= 5 * len(mine)


def _build_overlap(plan: Plan, reference: str, share: int) -> None:
    given = Text(reference).sentences

    def write(plan: Plan) -> str:
        for _ in range(60):
            kept = given[: plan.rng.randint(1, len(given))]
            more = [plan.rng.randint(3, 8) for _ in range(plan.rng.randint(1, 9))]
            text = f"{' '.join(kept)} {vocabulary.said(vocabulary.sentences(plan.rng, more, lambda *_: True))}"
            if _overlap(Text(text), reference, share):
                return text
        raise Stuck("no text with that overlap")

    plan.body = write


def _draw_overlap(setting: Setting) -> Args:
    sizes = [setting.rng.randint(5, 8) for _ in range(3)]
    return vocabulary.said(vocabulary.sentences(setting.rng, sizes, lambda *_: True)), setting.rng.randint(25, 60)


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "words:no_consecutive",
        lambda setting: (least_words(setting),),
        lambda least: (
            f"No two neighbouring words may start with the same letter; write at least {least} words.",
            f"Each word must begin with another letter than the word before it, over {least} words or more.",
        ),
        _neighbours,
        lambda plan, least: body(plan, least, lambda place, word, before: not before or before[-1][0] != word[0]),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:last_first",
        lambda setting: (setting.count(3, 8),),
        lambda least: (
            f"Write at least {least} sentences; the last word of each must be the first word of the next.",
            f"Each sentence must begin with the word that ended the one before; write {least} sentences or more.",
        ),
        _chained,
        _build_chained,
        slots=WHOLE,
        avoid=APART,
        notes="sentence",
        local=True,
    ),
    rule(
        "words:paragraph_last_first",
        lambda setting: (setting.count(2, 5), 8),
        lambda count, least: (
            f"Write {count} paragraphs with blank lines between them, each of at least {least} words, each "
            "ending with the "
            "word that it starts with.",
            f"There must be {count} paragraphs (blank lines between), and the first word of each must be its "
            "last word too; "
            f"none may be shorter than {least} words.",
        ),
        _rings,
        _build_rings,
        slots=WHOLE,
        avoid=APART,
        notes="word",
    ),
    rule(
        "sentence:alliteration_increment",
        lambda setting: (setting.count(3, 6),),
        lambda least: (
            f"Write at least {least} sentences. The longest run of neighbouring words with the same first "
            "letter must be two "
            "words or more in the first sentence, and longer in each next one.",
            f"From sentence to sentence, over {least} or more, let ever more words in a row start with one "
            "letter, beginning "
            "with two or more.",
        ),
        _alliterates,
        _build_alliterates,
        slots=WHOLE,
        avoid=APART,
        notes="sentence",
        local=True,
    ),
    rule(
        "custom:sentence_alphabet",
        lambda setting: (setting.rng.choice((8, 12, 16, 20, 26)),),
        lambda count: (
            f"Tell it in exactly {count} sentences; their first letters must be a, b, c and so on.",
            f"Write {count} sentences, the first starting with a, the second with b, and so on through the alphabet.",
        ),
        _letters_in_order,
        _build_letters_in_order,
        slots=WHOLE,
        avoid=APART,
        notes="sentence",
        local=True,
    ),
    rule(
        "ratio:sentence_words",
        lambda setting: (),
        lambda: (
            "Write exactly three sentences with the same number of characters, of three words or more each, in "
            "which no "
            "word comes twice.",
            "Three sentences, equally long to the character, nine words at least in all, and all words different.",
        ),
        _equal,
        _build_equal,
        slots=WHOLE,
        avoid=APART,
        notes="sentence",
        local=True,
    ),
    rule(
        "count:words_japanese",
        lambda setting: (setting.rng.randint(2, 4 + 3 * setting.size),),
        lambda step: (
            f"Every {nth(step)} word must be in Japanese script, all others not; write "
            f"{times(2 * step, 'word')} or more.",
            f"Replace each {nth(step)} word by a Japanese one, and no other; there must be {2 * step} words at least.",
        ),
        _japanese,
        _build_japanese,
        slots="start end ordinal body paragraphs layout case",
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "ratio:overlap",
        _draw_overlap,
        lambda reference, share: (
            f"Of the different runs of three words in the text, {share}% (give or take 5) must also stand in "
            "this passage; "
            f"there must be at least 12: {reference}",
            f"Share {share}% (5 more or less will do) of your three-word sequences, of which there must be 12 "
            "or more, with "
            f"this: {reference}",
        ),
        _overlap,
        _build_overlap,
        slots=WHOLE,
        avoid=APART,
    ),
)
