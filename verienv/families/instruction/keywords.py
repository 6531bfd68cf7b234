"""Constraints on which words stand in a text, how often, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.maker import OPENERS
from verienv.families.instruction.reading import NAMES, Text, listed
from verienv.families.instruction.rules import Args, Rule, Setting, holds, nth, rule, times, within
from verienv.families.instruction.subjects import KEYWORDS

ONCE: Final = ("once", "twice", "three times", "five times", "seven times")
SEVERAL: Final = (1, 2, 3, 5, 7)
PALINDROMES: Final = listed(
    "level radar civic refer rotor kayak madam tenet minim sagas solos stats redder reviver rotator racecar deified"
)
STARTERS: Final = listed("Imagine Picture Consider Remember Visit Follow Meet Watch Listen Begin")
RARE: Final = {
    "j": ("jar", "jacket", "jug", "jewel"),
    "q": ("quilt", "queue", "square", "quarry"),
    "x": ("box", "axle", "taxi", "sixpence"),
    "z": ("lizard", "wizard", "puzzle box", "prize"),
    "k": ("kiosk", "bookmark", "knapsack", "backpack"),
    "v": ("vase", "oven", "vivid flag", "river valve"),
}


def quoted(words: tuple[str, ...]) -> str:
    """Words in quotes, the last after "and"."""
    marked = [f'"{word}"' for word in words]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}"


def _existence(text: Text, *words: str) -> bool:
    return set(words) <= set(text.atoms)


def _mention_all(plan: Plan, *words: str) -> None:
    for word in words:
        plan.mention(word)


def _frequency(setting: Setting) -> Args:
    relation = setting.rng.choice(("at least", "exactly", "exactly", "fewer than"))
    return setting.rng.choice(KEYWORDS), relation, setting.count(2, 5)


def _build_frequency(plan: Plan, word: str, relation: str, count: int) -> None:
    low, high = within(relation, count)
    plan.mention(word, min(high, max(low, 1)))


def _forbidden(text: Text, *words: str) -> bool:
    return set(words).isdisjoint(text.atoms)


def _forbid(plan: Plan, *words: str) -> None:
    plan.banned.update(words)


def _multiple(text: Text, *words: str) -> bool:
    return all(text.atoms.count(word) == count for word, count in zip(words, SEVERAL, strict=True))


def _build_multiple(plan: Plan, *words: str) -> None:
    for word, count in zip(words, SEVERAL, strict=True):
        plan.mention(word, count)


def _in_sentence(text: Text, word: str, number: int) -> bool:
    return number <= len(text.sentences) and word in Text(text.sentences[number - 1]).atoms


def _build_in_sentence(plan: Plan, word: str, number: int) -> None:
    plan.spec(number).tails.append(f"near the {word}")


def _at_place(text: Text, word: str, sentence: int, place: int) -> bool:
    if sentence > len(text.sentences):
        return False
    words = Text(text.sentences[sentence - 1]).bare
    return place <= len(words) and words[place - 1] == word


def _build_at_place(plan: Plan, word: str, sentence: int, place: int) -> None:
    spec = plan.spec(sentence)
    spec.words, spec.ending = place, f"near the {word}"


def _second(text: Text, word: str) -> bool:
    return len(text.bare) > 3 and text.bare[1] == word and text.bare[-2] == word


def _build_second(plan: Plan, word: str) -> None:
    plan.need_sentences(2)
    plan.spec(1).agent = f"the {word}"
    plan.spec(-1).ending = f"behind the {word} again"


def _first(text: Text, word: str) -> bool:
    return text.bare[:1] == [word.lower()]


def _build_first(plan: Plan, word: str) -> None:
    plan.spec(1).first = word.lower()


def _last(text: Text, word: str) -> bool:
    return text.bare[-1:] == [word]


def _build_last(plan: Plan, word: str) -> None:
    plan.need_sentences(2)
    plan.spec(-1).ending = f"beside the {word}"


def _names(text: Text, count: int) -> bool:
    return len({name.lower() for name in NAMES} & set(text.atoms)) >= count


def _build_names(plan: Plan, count: int) -> None:
    plan.mentions += [f"with {name}" for name in plan.rng.sample(NAMES, count)]


def _palindromes(text: Text, count: int, length: int) -> bool:
    return len({word for word in text.bare if len(word) >= length and word == word[::-1]}) >= count


def _build_palindromes(plan: Plan, count: int, length: int) -> None:
    words = plan.rng.sample([word for word in PALINDROMES if len(word) >= length], count)
    plan.mentions += [f"below the word {word}" for word in words]


def _start_verb(text: Text) -> bool:
    return text.bare[:1] != [] and text.bare[0] in {verb.lower() for verb in STARTERS}


def _build_start_verb(plan: Plan) -> None:
    verb = plan.rng.choice(STARTERS)
    objects = ["the place as it was", "this for a moment", "what people saw there"]
    plan.spec(1).text = f"{verb} {plan.rng.choice(objects)}."


def _letters(setting: Setting) -> Args:
    if setting.rng.random() < 0.6:
        return setting.rng.choice(sorted(RARE)), "at least", setting.count(3, 10)
    return setting.rng.choice("bfgjkmpqvwxyz"), "fewer than", setting.rng.randint(1, 4)


def _letter(text: Text, letter: str, relation: str, count: int) -> bool:
    return holds(text.lower.count(letter), relation, count)


def _build_letter(plan: Plan, letter: str, relation: str, count: int) -> None:
    if relation == "fewer than":
        plan.letters.add(letter)
        return
    left = count
    while left > 0:
        word = plan.rng.choice(RARE[letter])
        plan.mention(word)
        left -= word.count(letter)


def _conjunctions(text: Text, count: int) -> bool:
    return len(set(reading.CONJUNCTIONS) & set(text.bare)) >= count


def _build_conjunctions(plan: Plan, count: int) -> None:
    ways = {
        "and": "and nothing more",
        "but": "but not for long",
        "for": "for a while",
        "nor": "nor did it matter",
        "or": "or so it seemed",
        "so": "so people said",
        "yet": "yet nobody minded",
    }
    plan.mentions += [ways[word] for word in plan.rng.sample(reading.CONJUNCTIONS, count)]


def _pronouns(text: Text, count: int) -> bool:
    return sum(atom in reading.PRONOUNS for atom in text.atoms) >= count


def _build_pronouns(plan: Plan, count: int) -> None:
    ways = (
        "as he told us",
        "as she told me",
        "as they told him",
        "as we told her",
        "as you told them",
        "as I told you",
    )
    plan.mentions += [plan.rng.choice(ways) for _ in range(-(-count // 2))]


def _stop_words(text: Text, share: int) -> bool:
    return bool(text.words) and 100 * sum(word in reading.STOP_WORDS for word in text.bare) <= share * len(text.words)


def _some(count: int) -> Callable[[Setting], Args]:
    return lambda setting: tuple(setting.rng.sample(KEYWORDS, count))


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "keywords:existence",
        lambda setting: tuple(setting.rng.sample(KEYWORDS, setting.count(2, 4))),
        lambda *words: (
            f"Use the words {quoted(words)}.",
            f"The words {quoted(words)} must all appear.",
            f"Work in each of these words: {', '.join(words)}.",
        ),
        _existence,
        _mention_all,
        local=True,
        tags="keyword",
    ),
    rule(
        "keywords:frequency",
        _frequency,
        lambda word, relation, count: (
            f'Use the word "{word}" {relation} {times(count, "time")}.',
            f'The word "{word}" must stand in the text {relation} {times(count, "time")}.',
        ),
        lambda text, word, relation, count: holds(text.atoms.count(word), relation, count),
        _build_frequency,
        local=True,
        tags="keyword",
    ),
    rule(
        "keywords:forbidden_words",
        lambda setting: tuple(setting.rng.sample(setting.subject.own, setting.count(2, 6))),
        lambda *words: (
            f"Do not use any of these words: {', '.join(words)}.",
            f"Avoid the words {quoted(words)} altogether.",
        ),
        _forbidden,
        _forbid,
        local=True,
        spreads=True,
        tags="spread",
    ),
    rule(
        "keywords:letter_frequency",
        _letters,
        lambda letter, relation, count: (
            f'The letter "{letter}" must appear {relation} {times(count, "time")}, capital or small.',
            f'Write the letter "{letter}" {relation} {times(count, "time")}; capitals count too.',
        ),
        _letter,
        _build_letter,
        slots="letters",
        local=True,
    ),
    rule(
        "count:keywords_multiple",
        _some(5),
        lambda *words: (
            "Use "
            + ", ".join(f'"{word}" {many}' for word, many in zip(words, ONCE, strict=True))
            + ", no more or less.",
        ),
        _multiple,
        _build_multiple,
        slots="many",
        tags="keyword",
    ),
    rule(
        "sentence:keyword",
        lambda setting: (setting.rng.choice(KEYWORDS), setting.count(2, 10)),
        lambda word, number: (
            f'The {nth(number)} sentence must contain the word "{word}".',
            f'Use the word "{word}" in the {nth(number)} sentence.',
        ),
        _in_sentence,
        _build_in_sentence,
        slots="ordinal",
        avoid="prefix",
        notes="sentence",
        local=True,
        tags="keyword",
    ),
    rule(
        "words:keywords_specific_position",
        lambda setting: (setting.rng.choice(KEYWORDS), setting.count(2, 10), setting.rng.randint(8, 14)),
        lambda word, sentence, place: (
            f'The {nth(place)} word of the {nth(sentence)} sentence must be "{word}".',
            f'Put the word "{word}" in the {nth(sentence)} sentence, as its {nth(place)} word.',
        ),
        _at_place,
        _build_at_place,
        slots="ordinal sizes",
        avoid="prefix",
        notes="sentence word",
        local=True,
        tags="keyword",
    ),
    rule(
        "words:words_position",
        _some(1),
        lambda word: (
            f'The second word and the second to last word must both be "{word}".',
            f'Let "{word}" be the second word of the text, and the last but one too.',
        ),
        _second,
        _build_second,
        slots="start end",
        avoid="prefix suffix",
        notes="word",
        local=True,
    ),
    rule(
        "first_word:first_word_answer",
        lambda setting: (setting.rng.choice(OPENERS).capitalize(),),
        lambda word: (f'Begin with the word "{word}".', f'The first word must be "{word}".'),
        _first,
        _build_first,
        slots="start",
        avoid="prefix",
        local=True,
        tags="capital",
    ),
    rule(
        "last_word:last_word_answer",
        _some(1),
        lambda word: (f'End with the word "{word}".', f'The very last word must be "{word}".'),
        _last,
        _build_last,
        slots="end",
        avoid="suffix",
        local=True,
    ),
    rule(
        "count:person_names",
        lambda setting: (setting.count(2, 10),),
        lambda count: (
            f"Mention at least {count} different people from this list: {', '.join(NAMES)}.",
            f"Let at least {count} of these people appear by name: {', '.join(NAMES)}.",
        ),
        _names,
        _build_names,
        tags="mention",
    ),
    rule(
        "words:palindrome",
        lambda setting: (setting.count(3, 10), 5),
        lambda count, length: (
            f"Include at least {count} different palindromes of one word, each of {length} letters or more.",
            f"Work in at least {count} different words of {length} letters or more that read the same backwards.",
        ),
        _palindromes,
        _build_palindromes,
        tags="mention",
    ),
    rule(
        "words:start_verb",
        lambda setting: (),
        lambda: (
            f"Begin with one of these verbs: {', '.join(STARTERS)}.",
            f"The first word must be a verb out of {', '.join(STARTERS)}.",
        ),
        _start_verb,
        _build_start_verb,
        slots="start",
        avoid="prefix",
    ),
    rule(
        "count:conjunctions",
        lambda setting: (setting.count(3, 7),),
        lambda count: (
            f"Use at least {count} different words out of these: {', '.join(reading.CONJUNCTIONS)}.",
            f"At least {count} different coordinating conjunctions ({', '.join(reading.CONJUNCTIONS)}) must appear.",
        ),
        _conjunctions,
        _build_conjunctions,
        tags="mention",
    ),
    rule(
        "count:pronouns",
        lambda setting: (setting.count(4, 25),),
        lambda count: (
            f"Use at least {count} personal, possessive or reflexive pronouns, each counted as often as it stands.",
            f"There must be {count} pronouns or more (personal, possessive or reflexive), repetitions included.",
        ),
        _pronouns,
        _build_pronouns,
        tags="mention",
    ),
)
