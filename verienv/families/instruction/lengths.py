"""Constraints on how much of something a text has: words, sentences, paragraphs, numbers, capitals, marks."""

from __future__ import annotations

import itertools
import re
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.maker import OPENERS
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.rules import Args, Rule, Setting, holds, nth, rule, times, within

_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
SIGNS: Final = listed("STOP OPEN CLOSED DANGER WELCOME FRESH PRIVATE SILENCE EXIT HELP")
MARKS: Final = ".,!?;:"


def _words(setting: Setting) -> Args:
    relation = setting.rng.choice(("at least", "fewer than"))
    return relation, 10 * setting.rng.randint(4, 6 + 5 * setting.size)


def _build_words(plan: Plan, relation: str, count: int) -> None:
    plan.need_words(*within(relation, count))


def _range(setting: Setting) -> Args:
    low = setting.rng.randint(40, 60 + 40 * setting.size)
    return low, low + setting.rng.randint(max(1, low // 20), max(2, low // 10))


def _build_sentences(plan: Plan, relation: str, count: int) -> None:
    low, high = within(relation, count)
    plan.need_sentences(max(1, low), high)


def _unique(text: Text, count: int) -> bool:
    return len(set(text.bare)) >= count


def _build_unique(plan: Plan, count: int) -> None:
    plan.need_words(2 * count, 10**6)


def stars(text: Text) -> list[str]:
    """What lines of three asterisks separate."""
    found: list[list[str]] = [[]]
    for line in text.lines:
        if line.strip() == "***":
            found.append([])
        else:
            found[-1].append(line)
    return ["\n".join(lines).strip() for lines in found]


def _starred(text: Text, count: int) -> bool:
    parts = stars(text)
    return len(parts) == count and all(reading.words(part) for part in parts)


def _build_starred(plan: Plan, count: int) -> None:
    plan.paragraphs = count
    plan.need_sentences(count)
    plan.layout = lambda parts: "\n\n***\n\n".join(" ".join(sentences) for sentences in parts)


def _blank(text: Text, count: int) -> bool:
    return len(text.paragraphs) == count


def _build_blank(plan: Plan, count: int) -> None:
    plan.paragraphs = count
    plan.need_sentences(count)


def _nth_first(setting: Setting) -> Args:
    count = setting.count(2, 5)
    return count, setting.rng.randint(1, count), setting.rng.choice(OPENERS).capitalize()


def _begins(text: Text, count: int, number: int, word: str) -> bool:
    return len(text.paragraphs) == count and text.part(number).bare[:1] == [word.lower()]


def _build_begins(plan: Plan, count: int, number: int, word: str) -> None:
    _build_blank(plan, count)
    plan.opens[number] = word.lower()


def _numbers(text: Text, count: int) -> bool:
    return len(_NUMBER.findall(text.raw)) == count


def _build_numbers(plan: Plan, count: int) -> None:
    ways = ("for {} minutes", "with {} others", "after {} days", "in room {}", "for {} coins")
    plan.mentions += [plan.rng.choice(ways).format(plan.rng.randint(2, 99)) for _ in range(count)]


def _capitals(text: Text, relation: str, count: int) -> bool:
    return holds(sum(len(word) > 1 and word.isupper() for word in text.words), relation, count)


def _build_capitals(plan: Plan, relation: str, count: int) -> None:
    low, high = within(relation, count)
    plan.mentions += [f"near the sign {plan.rng.choice(SIGNS)}" for _ in range(min(high, max(low, 0)))]


def _types(text: Text) -> tuple[int, int, int]:
    marks = [reading.end_mark(sentence) for sentence in text.sentences]
    return marks.count("."), marks.count("?"), marks.count("!")


def _ratio(text: Text) -> bool:
    statements, questions, _ = _types(text)
    return questions > 0 and statements == 2 * questions


def _build_ratio(plan: Plan) -> None:
    plan.need_sentences(3)
    plan.marks = lambda count: _shared(plan, count, "..?")


def _balance(text: Text) -> bool:
    statements, questions, calls = _types(text)
    return statements == questions == calls > 0


def _build_balance(plan: Plan) -> None:
    plan.need_sentences(3)
    plan.marks = lambda count: _shared(plan, count, ".?!")


def _shared(plan: Plan, count: int, marks: str) -> list[str]:
    """So many marks, each of the three as often as the others; what is over are full stops or calls, if that "
    "is free.
    """
    whole, over = divmod(count, 3)
    chosen = [*marks] * whole
    if over:
        chosen += ["!"] * over if "!" not in marks else ["…"] * over
    return plan.rng.sample(chosen, len(chosen))


def _cover(text: Text) -> bool:
    left = text.raw
    for pair in ("?!", "!?"):
        if pair in left:
            rest = left.replace(pair, "", 1)
            return set(MARKS) <= set(rest)
    return "‽" in left and set(MARKS) <= set(left)


def _build_cover(plan: Plan) -> None:
    plan.need_sentences(4)
    said = (
        "How was that possible?!",
        "Who knows: perhaps it rained, perhaps not; nobody asked?",
        "What a day that was!",
    )
    for place, sentence in enumerate(said, 1):
        plan.spec(place).text = sentence


def _only_mark(text: Text, mark: str) -> bool:
    others = set(".!?…") - {mark}
    return mark in text.raw and others.isdisjoint(text.raw)


def _lower_count(text: Text, count: int) -> bool:
    return sum(word.islower() for word in text.words) <= count


def _sentence_range(text: Text, low: int, high: int) -> bool:
    sizes = [len(reading.words(sentence)) for sentence in text.sentences]
    return bool(sizes) and all(low <= size <= high for size in sizes)


def _build_sentence_range(plan: Plan, low: int, high: int) -> None:
    plan.sizes = lambda count, rng: [rng.randint(low, high) for _ in range(count)]


def _increment(text: Text, step: int) -> bool:
    sizes = [len(reading.words(sentence)) for sentence in text.sentences]
    return len(sizes) > 2 and all(after - before == step for before, after in itertools.pairwise(sizes))


def _build_increment(plan: Plan, step: int) -> None:
    plan.need_sentences(3, 4 if step > 3 else 6)
    least = plan.rng.randint(6, 8) + (4 if plan.marks else 0)
    plan.sizes = lambda count, rng: [least + step * place for place in range(count)]


def _size_draw(setting: Setting) -> Args:
    low = setting.rng.randint(6, 10)
    return low, low + max(1, 6 - setting.size)


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "length_constraints:number_words",
        _words,
        lambda relation, count: (
            f"The text must have {relation} {times(count, 'word')}.",
            f"Write {relation} {times(count, 'word')}.",
        ),
        lambda text, relation, count: holds(len(text.words), relation, count),
        _build_words,
        slots="words",
        avoid="sizes",
        notes="word",
        local=True,
    ),
    rule(
        "count:word_count_range",
        _range,
        lambda low, high: (
            f"The text must have between {low} and {high} words.",
            f"Write no fewer than {low} and no more than {high} words.",
        ),
        lambda text, low, high: low <= len(text.words) <= high,
        lambda plan, low, high: plan.need_words(low, high),
        slots="words",
        avoid="sizes",
        notes="word",
        local=True,
    ),
    rule(
        "length_constraints:number_sentences",
        lambda setting: (setting.rng.choice(("at least", "fewer than", "exactly")), setting.count(4, 14)),
        lambda relation, count: (
            f"The text must have {relation} {times(count, 'sentence')}.",
            f"Write {relation} {times(count, 'sentence')}.",
        ),
        lambda text, relation, count: holds(len(text.sentences), relation, count),
        _build_sentences,
        slots="sentences",
        notes="sentence",
        local=True,
    ),
    rule(
        "count:unique_word_count",
        lambda setting: (5 * setting.count(5, 20),),
        lambda count: (
            f"Use at least {count} different words; capitals make no difference.",
            f"At least {count} different words must appear, however they are capitalised.",
        ),
        _unique,
        _build_unique,
        avoid="sizes",
        notes="word",
        tags="mention",
    ),
    rule(
        "length_constraints:number_paragraphs",
        lambda setting: (setting.count(2, 6),),
        lambda count: (
            f"Write {count} paragraphs, with a line of three asterisks (***) between one and the next.",
            f"There must be {count} paragraphs; separate them by a line that reads ***.",
        ),
        _starred,
        _build_starred,
        slots="paragraphs layout stars",
    ),
    rule(
        "length_constraints:blank_line_paragraphs",
        lambda setting: (setting.count(2, 6),),
        lambda count: (
            f"Write exactly {count} paragraphs, with a blank line between one and the next.",
            f"There must be {count} paragraphs, no more and no fewer; a blank line separates them.",
        ),
        _blank,
        _build_blank,
        slots="paragraphs",
        avoid="prefix suffix layout",
    ),
    rule(
        "length_constraints:nth_paragraph_first_word",
        _nth_first,
        lambda count, number, word: (
            f"Write {count} paragraphs with a blank line between one and the next; the {nth(number)} must begin with "
            f'the word "{word}".',
            f'There must be {count} paragraphs, separated by blank lines, and "{word}" is the first word of the '
            f"{nth(number)} one.",
        ),
        _begins,
        _build_begins,
        slots="paragraphs",
        avoid="prefix suffix layout start",
        tags="capital",
    ),
    rule(
        "count:numbers",
        lambda setting: (setting.count(2, 8),),
        lambda count: (
            f"Include exactly {count} numbers, written in digits.",
            f"Exactly {count} numbers must appear, each in digits.",
        ),
        _numbers,
        _build_numbers,
        slots="digits",
        local=True,
    ),
    rule(
        "change_case:capital_word_frequency",
        lambda setting: (setting.rng.choice(("at least", "fewer than", "exactly")), setting.count(2, 8)),
        lambda relation, count: (
            f"Write {relation} {times(count, 'word')} of two or more letters all in capitals.",
            f"{relation.capitalize()} {times(count, 'word')} of more than one letter must be in capitals throughout.",
        ),
        _capitals,
        _build_capitals,
        slots="case",
        local=True,
    ),
    rule(
        "ratio:sentence_type",
        lambda setting: (),
        lambda: (
            "For each question there must be exactly two sentences that end with a full stop, and there must "
            "be a question.",
            "Keep sentences with a full stop and questions at a ratio of 2 to 1, with at least one question.",
        ),
        _ratio,
        _build_ratio,
        slots="marks",
        notes="sentence",
    ),
    rule(
        "ratio:sentence_balance",
        lambda setting: (),
        lambda: (
            "As many sentences must end with a full stop as with a question mark and as with an exclamation mark, and "
            "there must be some of each.",
            "Balance statements, questions and exclamations: equally many of each, at least one.",
        ),
        _balance,
        _build_balance,
        slots="marks",
        notes="sentence",
    ),
    rule(
        "count:punctuation",
        lambda setting: (),
        lambda: (
            "Use each of these marks at least once: full stop, comma, exclamation mark, question mark, "
            "semicolon, colon; "
            "and besides them the pair ?! once.",
            "All of . , ! ? ; : must appear, and in addition ?! (both together).",
        ),
        _cover,
        _build_cover,
        slots="marks commas",
        avoid="ordinal start prefix",
    ),
    rule(
        "punctuation:punctuation_exclamation",
        lambda setting: ("!",),
        lambda mark: (
            "Every sentence must end with an exclamation mark; use no full stop, question mark or ellipsis at all.",
            "End all sentences with ! and do without any . or ? anywhere.",
        ),
        _only_mark,
        lambda plan, mark: setattr(plan, "marks", lambda count: [mark] * count),
        slots="marks",
        avoid="dots",
        local=True,
    ),
    rule(
        "sentence:length",
        _size_draw,
        lambda low, high: (
            f"Every sentence must have between {low} and {high} words.",
            f"No sentence may have fewer than {low} or more than {high} words.",
        ),
        _sentence_range,
        _build_sentence_range,
        slots="sizes",
        avoid="prefix suffix start end ordinal many",
        notes="sentence word",
        local=True,
    ),
    rule(
        "sentence:increment",
        lambda setting: (setting.count(1, 5),),
        lambda step: (
            f"There must be three sentences or more, and each must have exactly {times(step, 'word')} more than "
            "the one "
            "before it.",
            f"Let every sentence be {times(step, 'word')} longer than the last, no more and no less, over at "
            "least three "
            "sentences.",
        ),
        _increment,
        _build_increment,
        slots="sizes sentences",
        avoid="prefix suffix start end ordinal many words",
        notes="sentence word",
        local=True,
    ),
)
