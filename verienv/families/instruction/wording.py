"""Constraints that every word of a text has to keep: its letters, its length, its syllables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from verienv.families.instruction import reading, vocabulary
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import APART, WHOLE, Rule, Setting, rule
from verienv.families.instruction.vocabulary import Fits

VOWELS: Final = "aeiou"


PRIMES: Final = frozenset((2, 3, 5, 7, 11, 13, 17, 19, 23))


def syllables(word: str) -> int:
    """Groups of neighbouring vowels, y among them: what prompts call syllables."""
    groups, inside = 0, False
    for mark in word:
        vowel = mark in "aeiouy"
        groups += vowel and not inside
        inside = vowel
    return groups


def cluster(word: str) -> bool:
    """Whether two consonants stand together; y is one."""
    return any(one in _CONSONANTS and two in _CONSONANTS for one, two in pairwise(word))


_CONSONANTS: Final = frozenset("bcdfghjklmnpqrstvwxyz")


def body(plan: Plan, least: int, fits: Fits) -> None:
    """Sentences of plain words, `least` words or a few more."""

    def write(plan: Plan) -> str:
        sizes = [plan.rng.randint(4, 7)]
        while sum(sizes) < least:
            sizes.append(plan.rng.randint(4, 7))
        return vocabulary.said(vocabulary.sentences(plan.rng, sizes, fits))

    plan.body = write


def _every(least: int, text: Text, keeps: Callable[[str], bool]) -> bool:
    return len(text.bare) >= least and all(map(keeps, text.bare))


def _alphabet(text: Text, letter: str, least: int) -> bool:
    start = ord(letter) - 97
    firsts = [word[0] for word in text.bare]
    return len(firsts) >= least and all(
        first == ascii_lowercase[(start + place) % 26] for place, first in enumerate(firsts)
    )


def _build_alphabet(plan: Plan, letter: str, least: int) -> None:
    start = ord(letter) - 97
    body(plan, least, lambda place, word, before: word[0] == ascii_lowercase[(start + place) % 26])


def _vowels(text: Text, allowed: str, least: int) -> bool:
    return len(text.words) >= least and len(text.paragraphs) == 1 and not set(text.lower) & (set(VOWELS) - set(allowed))


def _build_vowels(plan: Plan, allowed: str, least: int) -> None:
    others = set(VOWELS) - set(allowed)
    body(plan, least, lambda place, word, before: others.isdisjoint(word))


def _parity(text: Text, least: int) -> bool:
    counts = [syllables(word) for word in text.bare]
    return len(counts) >= least and all(one % 2 != two % 2 for one, two in pairwise(counts))


def _alternates(place: int, word: str, before: object) -> bool:
    said = before[-1:] if isinstance(before, list) else []
    return not said or syllables(said[0]) % 2 != syllables(word) % 2


def _repeats(text: Text, most: int, least: int) -> bool:
    return len(text.bare) >= least and max(Counter(text.bare).values()) <= most


def _stops(text: Text, share: int, least: int) -> bool:
    stops = sum(word in reading.STOP_WORDS for word in text.bare)
    return len(text.bare) >= least and 100 * stops <= share * len(text.bare)


def least_words(setting: Setting) -> int:
    return 5 * setting.count(2, 8)


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "words:alphabet",
        lambda setting: (setting.rng.choice(ascii_lowercase), least_words(setting)),
        lambda letter, least: (
            f'Begin with a word that starts with "{letter}"; each further word must start with the next letter of the '
            f"alphabet, with a again after z. Write at least {least} words.",
            f'The first letters of the words must run through the alphabet in order, from "{letter}" on, from z to a, '
            f"over {least} words or more.",
        ),
        _alphabet,
        _build_alphabet,
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:vowel",
        lambda setting: ("".join(sorted(setting.rng.sample(VOWELS, 3))), least_words(setting)),
        lambda allowed, least: (
            f"Write one paragraph of at least {least} words, with no vowels (a, e, i, o, u) but {', '.join(allowed)}.",
            f"In a single paragraph of {least} words or more, use only the vowels {', '.join(allowed)}; y is none.",
        ),
        _vowels,
        _build_vowels,
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:consonants",
        lambda setting: (least_words(setting),),
        lambda least: (
            f"Every word must have two consonants in a row somewhere (y is a consonant); write {least} words or more.",
            f"Use at least {least} words, and only words in which two consonants, y among them, stand together.",
        ),
        lambda text, least: _every(least, text, cluster),
        lambda plan, least: body(plan, least, lambda place, word, before: cluster(word)),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:prime_lengths",
        lambda setting: (least_words(setting),),
        lambda least: (
            f"The number of letters of every word must be a prime number; write at least {least} words.",
            f"Use only words of 2, 3, 5, 7, 11 … letters, prime numbers all, and at least {least} of them.",
        ),
        lambda text, least: _every(least, text, lambda word: len(word) in PRIMES),
        lambda plan, least: body(plan, least, lambda place, word, before: len(word) in PRIMES),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:odd_even_syllables",
        lambda setting: (least_words(setting),),
        lambda least: (
            f"Words with an odd and with an even number of syllables must take turns, over at least {least} "
            "words; count "
            "each group of neighbouring vowels, y among them, as one syllable.",
            f"Alternate odd and even numbers of vowel groups (a, e, i, o, u, y; neighbours are one group) from word to "
            f"word; write {least} words or more.",
        ),
        _parity,
        lambda plan, least: body(plan, least, _alternates),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "words:repeats",
        lambda setting: (setting.rng.randint(1, 2), least_words(setting)),
        lambda most, least: (
            f"Use no word more than {('once', 'twice')[most - 1]}, and at least {least} words.",
            f"Among {least} words or more, none may stand more than {('once', 'twice')[most - 1]}.",
        ),
        _repeats,
        lambda plan, most, least: body(plan, least, lambda place, word, before: word not in before),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
    rule(
        "ratio:stop_words",
        lambda setting: (setting.rng.choice((0, 5, 10, 15)), least_words(setting)),
        lambda share, least: (
            f"Of at least {least} words, no more than {share}% may be stop words, such as: the, a, and, of, in, "
            "it, is, was.",
            f"Write at least {least} words; articles, pronouns, prepositions, conjunctions, auxiliaries and "
            "other stop words "
            f"may make up {share}% of them at most.",
        ),
        _stops,
        lambda plan, share, least: body(plan, least, lambda place, word, before: word not in reading.STOP_WORDS),
        slots=WHOLE,
        avoid=APART,
        notes="word",
        local=True,
    ),
)
