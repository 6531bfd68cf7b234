"""Constraints on how a text begins, ends and is written throughout: titles, last words, case, quotation marks."""

from __future__ import annotations

import re
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.composing import Plan
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.rules import Rule, rule

_TITLE: Final = re.compile(r"<<[^<>\n]+>>")


RESPONSES: Final = ("My answer is yes.", "My answer is no.", "My answer is maybe.")


ENDINGS: Final = (
    "Is there anything else that you would like to know?",
    "That is all that anybody could tell.",
    "More than that nobody knows.",
    "Let us leave it at that.",
)


OPTIONS: Final = (("agreed", "refused", "undecided"), ("red", "green", "amber"), ("north", "south", "east", "west"))


SMALL: Final = frozenset(listed("a an the and but or nor for so yet at by in of on to up as"))


def _postscript(text: Text, marker: str) -> bool:
    last = [line for line in text.lines if line.strip()][-1:]
    return bool(last) and last[0].startswith(f"{marker} ") and len(reading.words(last[0])) > 1


def _build_postscript(plan: Plan, marker: str) -> None:
    said = plan.rng.choice(("Please write soon.", "Give them all my best.", "Do come and see for yourself."))
    plan.finish.append((2, lambda text: f"{text}\n\n{marker} {said}"))


def _response(text: Text) -> bool:
    return sum(text.sentences.count(response) for response in RESPONSES) == 1


def _build_response(plan: Plan) -> None:
    plan.need_sentences(3)
    plan.spec(-1).text = plan.rng.choice(RESPONSES)


def _title(text: Text) -> bool:
    return bool(text.lines[0].strip()) and _TITLE.fullmatch(text.lines[0].strip()) is not None and bool(text.words)


def _titled(text: Text) -> bool:
    return _title(text) and bool(reading.words(text.lines[0]))


def _build_title(plan: Plan) -> None:
    about = plan.subject.about
    plan.finish.append((3, lambda text: f"<<{about[0].upper()}{about[1:]}>>\n\n{text}"))


def _repeats(text: Text, request: str) -> bool:
    return text.lines[0].strip() == request and any(reading.words(line) for line in text.lines[1:])


def _build_repeats(plan: Plan, request: str) -> None:
    plan.finish.append((4, lambda text: f"{request}\n\n{text}"))


def _ends(text: Text, phrase: str) -> bool:
    return text.raw.endswith(phrase) and not text.raw[: -len(phrase)][-1:].isalnum() and text.raw != phrase


def _build_ends(plan: Plan, phrase: str) -> None:
    plan.need_sentences(2)
    plan.spec(-1).text = phrase


def _quotation(text: Text) -> bool:
    return len(text.raw) > 2 and text.raw[0] == text.raw[-1] == '"' and text.raw.count('"') == 2 and bool(text.words)


def _wrap_quotes(plan: Plan) -> None:
    plan.finish.append((9, lambda text: f'"{text}"'))


def _options(text: Text, *options: str) -> bool:
    said = [reading.bare(line) for line in text.lines]
    return len(text.lines) > 1 and said[-1] in options and sum(each in options for each in said) == 1


def _build_options(plan: Plan, *options: str) -> None:
    chosen = plan.rng.choice(options)
    plan.finish.append((2, lambda text: f"{text}\n\n{chosen}"))


def _title_case(text: Text) -> bool:
    seen = False
    for place, word in enumerate(text.words):
        letters = [mark for mark in word if mark.isalpha()]
        if not letters:
            continue
        seen = True
        small = reading.bare(word) in SMALL and place > 0
        if (letters[0].islower() and not small) or any(mark.isupper() for mark in letters[1:]):
            return False
    return seen


def to_title_case(text: str) -> str:
    """Every word with a capital, the rest of it small."""
    return re.sub(r"[^\W\d_]+", lambda match: match.group().capitalize(), text)


def _case(text: Text, upper: bool) -> bool:
    letters = [mark for mark in text.raw if mark.isalpha()]
    return bool(letters) and (text.raw == text.raw.upper() if upper else text.raw == text.raw.lower())


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "detectable_content:postscript",
        lambda setting: (setting.rng.choice(("P.S.", "P.P.S.")),),
        lambda marker: (
            f"Close with a postscript: a last line that starts with {marker}",
            f"Add a postscript as the last line, beginning {marker}",
        ),
        _postscript,
        _build_postscript,
        slots="end",
        tags="suffix capital dots",
    ),
    rule(
        "detectable_format:constrained_response",
        lambda setting: (),
        lambda: (
            "One sentence, and no more than one, must be one of these, word for word: " + " ".join(RESPONSES),
            "Say exactly one of these sentences, exactly once: " + " ".join(RESPONSES),
        ),
        _response,
        _build_response,
        slots="end",
        tags="capital dots suffix",
        avoid="marks sizes",
    ),
    rule(
        "detectable_format:title",
        lambda setting: (),
        lambda: (
            "The first line must be a title in double angular brackets, like <<a quiet day>>.",
            "Give it a title as the first line, wrapped as in <<the title>>.",
        ),
        _titled,
        _build_title,
        slots="start",
        tags="prefix",
    ),
    rule(
        "combination:repeat_prompt",
        lambda setting: (setting.request,),
        lambda request: (
            f"First repeat this request word for word, on a line of its own: {request}",
            f"Begin with a line that repeats the request as it is ({request}), then answer it.",
        ),
        _repeats,
        _build_repeats,
        slots="start",
        tags="prefix capital dots",
    ),
    rule(
        "startend:end_checker",
        lambda setting: (setting.rng.choice(ENDINGS),),
        lambda phrase: (
            f"End with exactly these words, and nothing after them: {phrase}",
            f"The text must close with this sentence, letter for letter: {phrase}",
        ),
        _ends,
        _build_ends,
        slots="end",
        tags="suffix capital dots",
        avoid="marks sizes wrap",
        local=True,
    ),
    rule(
        "startend:quotation",
        lambda setting: (),
        lambda: (
            "Wrap the whole text in one pair of double quotation marks, and use no other double quotation mark.",
            'The first and the last character must be ", and there must be no other.',
        ),
        _quotation,
        _wrap_quotes,
        slots="wrap quotes",
        tags="wrapped",
    ),
    rule(
        "change_case:english_capital",
        lambda setting: (True,),
        lambda upper: ("Write everything in capital letters.", "Use capital letters only, no small ones."),
        _case,
        lambda plan, upper: plan.finish.append((5, str.upper)),
        slots="case",
        avoid="capital",
        local=False,
    ),
    rule(
        "change_case:english_lowercase",
        lambda setting: (False,),
        lambda upper: ("Write everything in small letters.", "Use no capital letters at all."),
        _case,
        lambda plan, upper: plan.finish.append((5, str.lower)),
        slots="case",
        avoid="capital",
    ),
    rule(
        "format:title_case",
        lambda setting: (),
        lambda: (
            "Begin every word with a capital and go on in small letters; only words such as "
            f"{', '.join(sorted(SMALL))} may be small.",
            f"Use title case throughout: a capital at each word, but for {', '.join(sorted(SMALL))}, where it "
            "is optional.",
        ),
        _title_case,
        lambda plan: plan.finish.append((5, to_title_case)),
        slots="case",
        avoid="capital",
    ),
    rule(
        "format:options",
        lambda setting: setting.rng.choice(OPTIONS),
        lambda *options: (
            f"The last line must be one of these words and nothing else: {', '.join(options)}. No other line may be.",
            f"Close with a line that is just one of {', '.join(options)}, and let none of them be another line.",
        ),
        _options,
        _build_options,
        slots="end",
        tags="suffix",
    ),
)
