"""Constraints that say all of a text: lists, tables, copies and reversals."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from verienv.families.instruction import reading, vocabulary
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.maker import Spec
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.rules import APART, WHOLE, Args, Rule, Setting, nth, rule

TOWNS: Final = listed(
    "Aldenmoor Brackwater Cindermouth Dunholt Eastvale Fernhollow Grimsby Harrowgate Ironbridge Juniper Kestrel "
    "Larkhill Millbrook Northwick Oakhurst Pinecrest Quarrybank Ravenscar Silverdale Thornbury Upperton Vinemont "
    "Westerlow Yarrow"
)
COUNTRIES: Final = ("Norland", "Ostria", "Pellia", "Quorn", "Ruvia", "Sandor")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_OPTION: Final = re.compile(r"([A-E])\) \S")
SPECIAL: Final = "%&#;$@,"


def _says(plan: Plan, text: str) -> None:
    plan.body = lambda _: text


def _multiples(text: Text, step: int, low: int, high: int) -> bool:
    wanted = [str(number) for number in range(low, high + 1) if number % step == 0]
    return re.split(r"[,\s]+", text.raw.strip(" ,.\n")) == wanted


def _draw_multiples(setting: Setting) -> Args:
    low = setting.rng.randint(5, 60)
    return setting.rng.randint(3, 12), low, low + 20 * setting.size + setting.rng.randint(15, 40)


def _lines(text: Text) -> list[str]:
    return [line.strip() for line in text.lines if line.strip()]


def _reverse_sorted(text: Text, *items: str) -> bool:
    return _lines(text) == sorted(items, reverse=True)


def _ranked(text: Text, *given: Any) -> bool:
    return [each.strip() for each in text.raw.rstrip(".").split(",")] == ranked(given)


def ranked(given: Sequence[Any]) -> list[str]:
    """The names of (name, number, name, number …) from the greatest number to the least."""
    pairs = list(zip(given[::2], given[1::2], strict=True))
    return [name for name, _ in sorted(pairs, key=lambda pair: -pair[1])]


def _draw_ranked(setting: Setting) -> Args:
    names = setting.rng.sample(TOWNS, setting.count(4, 14))
    heights = setting.rng.sample(range(40, 2400), len(names))
    return tuple(each for pair in zip(names, heights, strict=True) for each in pair)


def _draw_sentence(low: int, high: int) -> Callable[[Setting], Args]:
    def draw(setting: Setting) -> Args:
        (words,) = vocabulary.sentences(setting.rng, [setting.count(low, high)], lambda *_: True)
        return (vocabulary.said([words]),)

    return draw


def _words_reversed(text: Text, sentence: str) -> bool:
    return text.bare == Text(sentence).bare[::-1]


def _backwards(text: Text, sentence: str) -> bool:
    return text.lower == sentence[::-1].lower()


def _draw_span(setting: Setting) -> Args:
    sizes = [setting.rng.randint(5, 8) for _ in range(1 + setting.size)]
    passage = vocabulary.said(vocabulary.sentences(setting.rng, sizes, lambda *_: True))
    count = len(passage.split())
    start = setting.rng.randint(2, count - 4)
    return passage, start, setting.rng.randint(start + 2, count - 1)


def _span(text: Text, passage: str, start: int, end: int) -> bool:
    return text.raw.split() == passage.split()[start - 1 : end]


def _changed(text: Text, request: str) -> bool:
    said, asked = text.raw.split(), request.split()
    return said[1:] == asked[1:] and said[:1] != asked[:1] and bool(said) and said[0].isalpha()


def _only(text: Text, sentence: str) -> bool:
    return text.raw == sentence


def _dates(text: Text, count: int, first: int, last: int) -> bool:
    found = [day(each.strip()) for each in text.raw.split(",")]
    days = [each for each in found if each is not None and first <= each.year <= last]
    return len(days) == len(found) == count and all(one < two for one, two in itertools.pairwise(days))


def day(text: str) -> datetime.date | None:
    """The date that a text is, if it is one of the calendar in the form YYYY-MM-DD."""
    match = _DATE.fullmatch(text)
    try:
        return None if match is None else datetime.date(*map(int, match.groups()))
    except ValueError:
        return None


def _build_dates(plan: Plan, count: int, first: int, last: int) -> None:
    low, high = datetime.date(first, 1, 1).toordinal(), datetime.date(last, 12, 31).toordinal()
    days = sorted(plan.rng.sample(range(low, high + 1), count))
    _says(plan, ", ".join(datetime.date.fromordinal(each).isoformat() for each in days))


def rows(raw: str, delimiter: str, strict: bool = True) -> list[list[str]] | None:
    """The rows of a table; None if it is none."""
    try:
        return list(csv.reader(io.StringIO(raw), delimiter=delimiter, strict=strict))
    except csv.Error:
        return None


def _table(text: Text, count: int, *columns: str) -> bool:
    found = rows(text.raw, ",")
    if found is None or len(found) != count + 1 or found[0] != list(columns):
        return False
    whole = all(len(row) == len(columns) and all(field.strip() for field in row) for row in found)
    return whole and [row[0] for row in found[1:]] == [str(number) for number in range(1, count + 1)]


def _fields(plan: Plan, columns: Sequence[str], number: int) -> list[str]:
    values = {
        "Country": plan.rng.choice(COUNTRIES),
        "City": plan.rng.choice(TOWNS),
        "Year": str(plan.rng.randint(1950, 2020)),
        "Count": str(plan.rng.randint(1, 999)),
        "Category": plan.rng.choice(("tools", "toys", "books")),
        "Brand": plan.rng.choice(TOWNS),
        "Price": f"{plan.rng.randint(1, 99)}.50",
        "Stock": str(plan.rng.randint(0, 50)),
        "Subject": plan.rng.choice(("music", "history", "botany")),
        "Grade": plan.rng.choice("ABCD"),
        "Semester": plan.rng.choice(("spring", "autumn")),
        "Score": str(plan.rng.randint(40, 100)),
    }
    return [str(number), *[values[column] for column in columns[1:]]]


def _build_table(plan: Plan, count: int, *columns: str) -> None:
    lines = [",".join(columns), *[",".join(_fields(plan, columns, number)) for number in range(1, count + 1)]]
    _says(plan, "\n".join(lines))


def _special(text: Text, count: int, *columns: str) -> bool:
    quoted = re.findall(r'(?:^|,)"([^"\n]*)"(?=,|$)', text.raw, re.MULTILINE)
    return _table(text, count, *columns) and any(set(field) & set(SPECIAL) for field in quoted)


def _build_special(plan: Plan, count: int, *columns: str) -> None:
    lines = [_fields(plan, columns, number) for number in range(1, count + 1)]
    chosen = plan.rng.choice(lines)
    chosen[2] = f'"{chosen[2]} & Sons"'
    _says(plan, "\n".join([",".join(columns), *map(",".join, lines)]))


def _quoted(text: Text, count: int, *columns: str) -> bool:
    lines = text.lines
    if len(lines) != count + 1:
        return False
    found = [line.split("\t") for line in lines]
    proper = all(len(row) == len(columns) and all(_is_quoted(field) for field in row) for row in found)
    return proper and [field[1:-1] for field in found[0]] == list(columns)


def _is_quoted(field: str) -> bool:
    return len(field) > 2 and field[0] == field[-1] == '"' and '"' not in field[1:-1]


def _build_quoted(plan: Plan, count: int, *columns: str) -> None:
    lines = [list(columns), *[_fields(plan, columns, number) for number in range(1, count + 1)]]
    _says(plan, "\n".join("\t".join(f'"{field}"' for field in line) for line in lines))


def _quiz(text: Text, count: int, options: int) -> bool:
    lines = _lines(text)
    if len(lines) != count * (options + 1):
        return False
    lengths = []
    for number in range(count):
        head, *answers = lines[number * (options + 1) : (number + 1) * (options + 1)]
        label = f"Question {number + 1}: "
        if not head.startswith(label) or not head.endswith("?"):
            return False
        letters = [match[1] for match in map(_OPTION.match, answers) if match]
        if letters != list("ABCDE"[:options]) or len({answer[3:] for answer in answers}) != options:
            return False
        lengths.append(len(head))
    return all(one < two for one, two in itertools.pairwise(lengths))


def _build_quiz(plan: Plan, count: int, options: int) -> None:
    def write(plan: Plan) -> str:
        maker = plan.maker()
        asked = sorted({maker.sentence(Spec(9 + 2 * place, mark="?")) for place in range(count + 3)}, key=len)
        by_length = {len(question): question for question in asked}
        lines = []
        for number, question in enumerate(list(by_length.values())[:count], 1):
            lines.append(f"Question {number}: {question}")
            names = plan.rng.sample(reading.NAMES, options)
            lines += [f"{letter}) {name}" for letter, name in zip("ABCDE", names, strict=False)]
        return "\n".join(lines)

    plan.body = write


CITY: Final = ("ID", "Country", "City", "Year", "Count")
PRODUCT: Final = ("ProductID", "Category", "Brand", "Price", "Stock")
STUDENT: Final = ("StudentID", "Subject", "Grade", "Semester", "Score")
_ALL: Final = f"{WHOLE} commas wrap"


def _whole(kind: str, draw: Any, tell: Any, check: Any, build: Any, local: bool = True) -> Rule:
    """A rule that leaves no room for another one."""
    return rule(kind, draw, tell, check, build, slots=_ALL, avoid=APART, tags="whole", local=local)


RULES: Final[tuple[Rule, ...]] = (
    _whole(
        "custom:multiples",
        _draw_multiples,
        lambda step, low, high: (
            f"Instead of a text, count from {low} to {high}, but write only the multiples of {step}, with "
            "commas between.",
            f"Give nothing but the multiples of {step} from {low} to {high}, in order, separated by commas.",
        ),
        _multiples,
        lambda plan, step, low, high: _says(
            plan, ", ".join(str(number) for number in range(low, high + 1) if number % step == 0)
        ),
    ),
    _whole(
        "custom:reverse_newline",
        lambda setting: tuple(setting.rng.sample(TOWNS, setting.count(5, 16))),
        lambda *items: (
            f"Instead of a text, list these towns in reverse alphabetical order, one to a line: {', '.join(items)}.",
            f"Give just these names from z to a, each on its own line: {', '.join(items)}.",
        ),
        _reverse_sorted,
        lambda plan, *items: _says(plan, "\n".join(sorted(items, reverse=True))),
    ),
    _whole(
        "custom:european_capitals_sort",
        _draw_ranked,
        lambda *given: (
            "Instead of a text, list the names of these towns from the highest to the lowest, separated by "
            "commas, without "
            "their heights: " + _heights(given),
            "Give only the names, with commas between, in the order of height, the highest first: " + _heights(given),
        ),
        _ranked,
        lambda plan, *given: _says(plan, ", ".join(ranked(given))),
    ),
    _whole(
        "custom:word_reverse",
        _draw_sentence(5, 9),
        lambda sentence: (
            f"Instead of a text, write the words of this sentence in reverse order: {sentence}",
            f"Give just this sentence with its words from last to first: {sentence}",
        ),
        _words_reversed,
        lambda plan, sentence: _says(plan, " ".join(Text(sentence).bare[::-1]).capitalize() + "."),
    ),
    _whole(
        "custom:character_reverse",
        _draw_sentence(3, 7),
        lambda sentence: (
            f"Instead of a text, write this sentence backwards, character by character: {sentence}",
            f"Give just this, spelt from its last character to its first: {sentence}",
        ),
        _backwards,
        lambda plan, sentence: _says(plan, sentence[::-1]),
    ),
    _whole(
        "repeat:repeat_span",
        _draw_span,
        lambda passage, start, end: (
            f"Instead of a text, copy the words from the {nth(start)} to the {nth(end)}, both included, as they "
            "stand, out "
            f"of this: {passage}",
            f"Give only words number {start} to {end} (counted from 1) of this passage, unchanged: {passage}",
        ),
        _span,
        lambda plan, passage, start, end: _says(plan, " ".join(passage.split()[start - 1 : end])),
    ),
    _whole(
        "repeat:repeat_change",
        lambda setting: (setting.request,),
        lambda request: (
            f"Do not do what is asked, but repeat this with another first word, and nothing else: {request}",
            f"Only copy this request, with its first word replaced by a different one: {request}",
        ),
        _changed,
        lambda plan, request: _says(plan, f"Compose {request.partition(' ')[2]}"),
    ),
    _whole(
        "repeat:repeat_simple",
        _draw_sentence(6, 9),
        lambda sentence: (
            f"Do not do what is asked; write this sentence alone: {sentence}",
            f"Leave the request aside and give nothing but this: {sentence}",
        ),
        _only,
        _says,
    ),
    _whole(
        "custom:date_format_list",
        lambda setting: (setting.count(3, 12), 1800 + (first := setting.rng.randint(0, 150)), 1830 + first),
        lambda count, first, last: (
            f"Instead of a text, list {count} different dates of the years {first} to {last} as YYYY-MM-DD, "
            "earliest first, "
            "with commas between.",
            f"Give only {count} dates in the form YYYY-MM-DD, from {first} to {last}, rising, separated by commas.",
        ),
        _dates,
        _build_dates,
    ),
    _whole(
        "custom:csv_city",
        lambda setting: (setting.count(3, 9), *CITY),
        lambda count, *columns: (
            f"Instead of a text, write a table in CSV with the columns {', '.join(columns)}, commas between, "
            f"and {count} rows; "
            f"{columns[0]} runs from 1.",
            f"Give comma-separated data: a line with {', '.join(columns)}, then {count} rows, with {columns[0]} "
            "1, 2, 3 …",
        ),
        _table,
        _build_table,
    ),
    _whole(
        "custom:csv_special_character",
        lambda setting: (setting.count(4, 14), *PRODUCT),
        lambda count, *columns: (
            f"Instead of a text, write CSV data with the columns {', '.join(columns)} and {count} rows "
            f"({columns[0]} from 1 "
            f"on); at least one field must hold one of {' '.join(SPECIAL)} and stand in double quotes.",
            f"Give a comma-separated table: {', '.join(columns)}, {count} rows numbered in {columns[0]}, with "
            "one or more "
            f"quoted fields that contain one of {' '.join(SPECIAL)}.",
        ),
        _special,
        _build_special,
    ),
    _whole(
        "custom:csv_quotes",
        lambda setting: (setting.count(3, 8), *STUDENT),
        lambda count, *columns: (
            f"Instead of a text, write a table with tabs between its columns {', '.join(columns)}, with a line "
            "of headings and "
            f"{count} rows, every field in double quotes.",
            f'Give tab-separated data, each field quoted ("…"): the headings {", ".join(columns)}, then {count} rows.',
        ),
        _quoted,
        _build_quoted,
    ),
    _whole(
        "custom:mcq_count_length",
        lambda setting: (setting.count(2, 5), setting.rng.choice((3, 4, 5))),
        lambda count, options: (
            f"Instead of a text, set {count} questions on the subject, each longer than the one before. Each is "
            "a line like "
            f'"Question 1: Who was there?", followed by {options} lines with different options: A) …, B) … and so on.',
            f"Write a quiz: {count} lines Question 1: …? to Question {count}: …?, of growing length, each with "
            f"{options} "
            "different options below it, one to a line, marked A), B) …",
        ),
        _quiz,
        _build_quiz,
    ),
)


def _heights(given: Sequence[Any]) -> str:
    return ", ".join(f"{name} ({height} m)" for name, height in zip(given[::2], given[1::2], strict=True)) + "."
