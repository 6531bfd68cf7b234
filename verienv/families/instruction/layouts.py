"""Constraints on the lines of a text: lists, sections, paragraphs with marks, JSON, stairs, one word a line."""

from __future__ import annotations

import json
import re
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.composing import Plan, plain
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Args, Rule, Setting, rule, times

_BULLET: Final = re.compile(r"[*-] +\S")


LABELS: Final = ("My Answer:", "My Conclusion:", "Future Outlook:")


MARKERS: Final = ("...", "SEPARATOR", "!?!?", "=>", "+")


DEPTH_MAX: Final = 40


def bullets(text: Text) -> list[int]:
    """The lines that are bullet points: an asterisk or a hyphen, a blank, and something to say."""
    return [place for place, line in enumerate(text.lines) if _BULLET.match(line.lstrip())]


def _bullets(text: Text, count: int) -> bool:
    return len(bullets(text)) == count


def _build_bullets(plan: Plan, count: int) -> None:
    plan.need_sentences(count + 2)

    def lay(parts: list[list[str]]) -> str:
        sentences = [sentence for part in parts for sentence in part]
        head, points = sentences[:-count], sentences[-count:]
        return plain([head]) + "\n\n" + "\n".join(f"* {point}" for point in points)

    plan.layout = lay


def headings(text: Text, splitter: str) -> list[str]:
    """What stands under each line "Section 1", "Section 2" …; nothing if they are not numbered in order."""
    found: list[list[str]] = []
    for line in text.lines:
        head = line.strip().rstrip(":.")
        if head.startswith(f"{splitter} ") and head[len(splitter) + 1 :].isdecimal():
            if head != f"{splitter} {len(found) + 1}":
                return []
            found.append([])
        elif found:
            found[-1].append(line)
    return ["\n".join(lines) for lines in found]


def _sections(text: Text, splitter: str, count: int) -> bool:
    under = headings(text, splitter)
    return len(under) == count and all(reading.words(part) for part in under)


def _build_sections(plan: Plan, splitter: str, count: int) -> None:
    plan.paragraphs = count
    plan.need_sentences(2 * count)
    plan.layout = lambda parts: "\n\n".join(
        f"{splitter} {place}\n{' '.join(sentences)}" for place, sentences in enumerate(parts, 1)
    )


def read_json(raw: str) -> object:
    """The value that a text is, fences aside; None for anything that is no object, or nests too deeply."""
    raw = raw.strip()
    if raw.startswith("```") and raw.endswith("```") and len(raw) > 6:
        raw = raw[3:-3].removeprefix("json").strip()
    if nesting(raw) > DEPTH_MAX or not raw.startswith("{"):
        return None
    try:
        return json.loads(raw, parse_constant=_refuse, object_pairs_hook=_object)
    except ValueError:
        return None


def nesting(raw: str) -> int:
    """How deep brackets and braces nest, wherever they stand."""
    depth = most = 0
    for mark in re.findall(r"[\[{}\]]", raw):
        depth += 1 if mark in "[{" else -1
        most = max(most, depth)
    return most


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _json(text: Text, *keys: str) -> bool:
    value = read_json(text.raw)
    return isinstance(value, dict) and set(value) == set(keys) and all(_says(each) for each in value.values())


def _says(value: object) -> bool:
    return isinstance(value, str) and bool(reading.words(value))


def _build_json(plan: Plan, *keys: str) -> None:
    plan.paragraphs = len(keys)
    plan.need_sentences(len(keys))
    plan.layout = lambda parts: json.dumps(
        {key: " ".join(part) for key, part in zip(keys, parts, strict=True)}, ensure_ascii=False, indent=1
    )


def two(text: Text) -> list[str]:
    """The parts that a line of six asterisks separates."""
    found: list[list[str]] = [[]]
    for line in text.lines:
        if line.strip() == "******":
            found.append([])
        else:
            found[-1].append(line)
    return ["\n".join(lines).strip() for lines in found]


def _two(text: Text) -> bool:
    parts = two(text)
    if len(parts) != 2 or not all(reading.words(part) for part in parts):
        return False
    one, other = ({reading.bare(sentence) for sentence in Text(part).sentences} for part in parts)
    return one.isdisjoint(other)


def _build_two(plan: Plan) -> None:
    plan.paragraphs = 2
    plan.need_sentences(4)
    plan.layout = lambda parts: "\n\n******\n\n".join(" ".join(sentences) for sentences in parts)


def _marked(text: Text, marker: str, count: int) -> bool:
    points = [line for line in text.lines if line.startswith(f"{marker} ") and reading.words(line[len(marker) :])]
    return len(points) == count and not bullets(text)


def _build_marked(plan: Plan, marker: str, count: int) -> None:
    plan.need_sentences(count + 1)

    def lay(parts: list[list[str]]) -> str:
        sentences = [sentence for part in parts for sentence in part]
        return " ".join(sentences[:-count]) + "\n\n" + "\n".join(f"{marker} {each}" for each in sentences[-count:])

    plan.layout = lay


def _thesis(text: Text, count: int) -> bool:
    if len(text.paragraphs) != count:
        return False
    for paragraph in text.paragraphs:
        inside, closed, after = paragraph.removeprefix("<i>").partition("</i>")
        if not paragraph.startswith("<i>") or not closed or "<" in inside or "<i>" in after:
            return False
        if not reading.words(inside) or not reading.words(after):
            return False
    return True


def _build_thesis(plan: Plan, count: int) -> None:
    plan.paragraphs = count
    plan.need_sentences(3 * count)
    plan.layout = lambda parts: "\n\n".join(f"<i>{first}</i> {' '.join(rest) or first}" for first, *rest in parts)


def _sub_bullets(text: Text, count: int) -> bool:
    points: list[int] = []
    for line in text.lines:
        mark = line.lstrip()
        if not _BULLET.match(mark):
            continue
        if mark[0] == "*":
            points.append(0)
        elif points:
            points[-1] += 1
        else:
            return False
    return len(points) == count and all(points)


def _build_sub_bullets(plan: Plan, count: int) -> None:
    plan.need_sentences(2 * count + 1)

    def lay(parts: list[list[str]]) -> str:
        sentences = [sentence for part in parts for sentence in part]
        points = sentences[len(sentences) - 2 * count :]
        lines = [f"{'  - ' if place % 2 else '* '}{point}" for place, point in enumerate(points)]
        return " ".join(sentences[: len(sentences) - 2 * count]) + "\n\n" + "\n".join(lines)

    plan.layout = lay


def _some_bullets(text: Text, sentences: int, points: int) -> bool:
    marked = bullets(text)
    if len(marked) != points or not marked:
        return False
    before = Text("\n".join(text.lines[: marked[0]]))
    after = [line for line in text.lines[marked[0] :] if line.strip()]
    stops = all(reading.end_mark(sentence) == "." for sentence in before.sentences)
    return len(before.sentences) == sentences and stops and len(after) == points


def _build_some_bullets(plan: Plan, sentences: int, points: int) -> None:
    plan.need_sentences(sentences + points, sentences + points)
    _build_bullets(plan, points)


def _template(text: Text) -> bool:
    said = [line.strip() for line in text.lines if line.strip()]
    starts = [line for line in said if line.startswith(LABELS)]
    if len(starts) != len(LABELS) or not said[0].startswith(LABELS[0]):
        return False
    return all(
        line.startswith(label) and reading.words(line[len(label) :]) for line, label in zip(starts, LABELS, strict=True)
    )


def _build_template(plan: Plan) -> None:
    plan.paragraphs = 3
    plan.need_sentences(3)
    plan.layout = lambda parts: "\n".join(
        f"{label} {' '.join(sentences)}" for label, sentences in zip(LABELS, parts, strict=True)
    )


def _stairs(text: Text, step: int) -> bool:
    lines = [line for line in text.lines if line.strip()]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    return len(lines) > 2 and indents == [step * place for place in range(len(lines))]


def _build_stairs(plan: Plan, step: int) -> None:
    plan.need_sentences(4)
    plan.layout = lambda parts: "\n".join(
        " " * (step * place) + sentence for place, sentence in enumerate([each for part in parts for each in part])
    )


def _newline(text: Text) -> bool:
    return len(text.words) > 5 and all(len(line.split()) <= 1 for line in text.lines)


def _build_newline(plan: Plan) -> None:
    plan.finish.append((6, lambda text: "\n".join(text.split())))


def _no_whitespace(text: Text) -> bool:
    return len(text.raw) >= 20 and len(text.raw.split()) == 1


def _keys(setting: Setting) -> Args:
    return tuple(setting.rng.sample(("summary", "details", "outlook", "people", "places"), setting.count(2, 4)))


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "detectable_format:number_bullet_lists",
        lambda setting: (setting.count(2, 6),),
        lambda count: (
            f"Include exactly {times(count, 'bullet point')}, each a line like * This is a point.",
            f"There must be exactly {times(count, 'bullet point')}: lines that begin with an asterisk and a blank.",
        ),
        _bullets,
        _build_bullets,
        slots="layout stars",
    ),
    rule(
        "detectable_format:multiple_sections",
        lambda setting: (setting.rng.choice(("Section", "SECTION", "Part")), setting.count(2, 5)),
        lambda splitter, count: (
            f"Write {count} sections, each under a line of its own: {splitter} 1, {splitter} 2 and so on.",
            f"Divide the text into {count} sections headed by the lines {splitter} 1 to {splitter} {count}.",
        ),
        _sections,
        _build_sections,
        slots="paragraphs layout",
        tags="prefix capital digits",
    ),
    rule(
        "detectable_format:json_format",
        _keys,
        lambda *keys: (
            f"Write it as one JSON object with the keys {', '.join(keys)}, each with a text as its value.",
            f"The whole text must be a JSON object whose keys are {', '.join(keys)}, and whose values are texts.",
        ),
        _json,
        _build_json,
        slots="paragraphs layout wrap start end commas quotes brackets sizes marks ordinal",
        tags="prefix suffix",
        avoid="case sentences",
    ),
    rule(
        "combination:two_responses",
        lambda setting: (),
        lambda: (
            "Give two different texts, with a line of six asterisks (******) between them; they may share no sentence.",
            "Write two versions that have no sentence in common, separated by a line that reads ******",
        ),
        _two,
        _build_two,
        slots="paragraphs layout stars",
    ),
    rule(
        "format:list",
        lambda setting: (setting.rng.choice(MARKERS), setting.count(2, 6)),
        lambda marker, count: (
            f"Include a list of exactly {count} items; each line of it begins with {marker} and a blank, not "
            "with a bullet.",
            f"Give {count} items as lines that start with {marker} and a blank, and use no bullet points.",
        ),
        _marked,
        _build_marked,
        slots="layout",
        tags="capital",
        avoid="marks",
    ),
    rule(
        "format:thesis",
        lambda setting: (setting.count(2, 4),),
        lambda count: (
            f"Write {count} paragraphs with blank lines between them, each opening with a thesis between <i> and </i>.",
            f"Each of exactly {count} paragraphs (blank lines between) must begin with a sentence in HTML "
            "italics: <i>…</i>.",
        ),
        _thesis,
        _build_thesis,
        slots="paragraphs layout start",
        tags="prefix",
        avoid="case suffix",
    ),
    rule(
        "format:sub-bullets",
        lambda setting: (setting.count(2, 4),),
        lambda count: (
            f"Include exactly {count} bullet points that begin with *, each followed by one or more that begin with -",
            f"Make a list of {count} points marked by *, and under each put at least one sub-point marked by -",
        ),
        _sub_bullets,
        _build_sub_bullets,
        slots="layout stars",
    ),
    rule(
        "format:no_bullets_bullets",
        lambda setting: (setting.count(2, 4), setting.count(2, 4)),
        lambda sentences, points: (
            f"Write exactly {sentences} sentences that end with a full stop, then exactly {points} bullet "
            "points marked "
            "by *, and nothing else.",
            f"After {sentences} sentences, each with a full stop, put {points} bullet points (*), and stop there.",
        ),
        _some_bullets,
        _build_some_bullets,
        slots="layout stars sentences marks paragraphs end start",
        notes="sentence",
        avoid="prefix suffix",
    ),
    rule(
        "format:output_template",
        lambda setting: (),
        lambda: (
            f"Use this form, one line each, with your words after the colons: {' / '.join(LABELS)}",
            f"The text must consist of three lines that begin {', '.join(LABELS)}, in this order.",
        ),
        _template,
        _build_template,
        slots="layout paragraphs start",
        tags="prefix capital",
    ),
    rule(
        "format:line_indent",
        lambda setting: (setting.rng.randint(1, 3),),
        lambda step: (
            "Write in stairs: at least three lines, the first not indented, each next one by "
            f"{times(step, 'blank')} more.",
            f"Indent each line by {times(step, 'blank')} more than the one above; begin without, and have three "
            "or more.",
        ),
        _stairs,
        _build_stairs,
        slots="layout paragraphs",
        avoid="prefix suffix wrap",
    ),
    rule(
        "format:newline",
        lambda setting: (),
        lambda: ("Put every word on a line of its own.", "Write one word to a line, throughout."),
        _newline,
        _build_newline,
        slots="layout paragraphs sentences sizes marks ordinal end start",
        avoid="prefix suffix starred nested",
    ),
    rule(
        "format:no_whitespace",
        lambda setting: (),
        lambda: (
            "Leave out all white space: write at least 20 characters without any blank or new line.",
            "The text may hold no blank and no new line, and must have 20 characters or more.",
        ),
        _no_whitespace,
        lambda plan: plan.finish.append((7, lambda text: "".join(text.split()))),
        slots="layout paragraphs sentences words sizes marks ordinal end start many case",
        avoid="prefix suffix keyword starred nested brackets quotes digits",
    ),
)
