"""The answer form: `ask` and `say` write it, `answer` and the typed readers read it.

The written rule, the same for every family:

1. A reply is at most 65,536 characters; only what follows the last `</think>` counts, and no `<think>` may be
   open there.
2. The answer stands in `<answer>…</answer>` or `\\boxed{…}`. Prose around it is ignored. Several answers are
   read only when they are the same after step 3; otherwise the reply is a hedge and reads as nothing. Tags around
   no more than `and`, `...` or `…` only speak of the form ("between <answer> and </answer>") and are no answer.
3. Zero-width characters are dropped wherever they stand; around the answer, white space, one trailing full stop,
   quotes, code fences, back-ticks, bold and italics, `$…$`, `\\(…\\)`, `\\[…\\]`, `\\text{…}` and `\\boxed{…}`.
4. What is left must match the typed reader's grammar from end to end, in ASCII.

Where the answer is itself a text (`ask_text`, `text`), the tags alone hold it, several are read only when they are the
same, and of step 3 no more is dropped than zero-width characters and white space around it: bold, quotes and full stops
are its own.

Every reader is linear in the reply, uses no backtracking pattern, converts no number before bounding its digits,
and answers by returning a value or raising `Unparsable` with a short reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

MAX_CHARS: Final = 65_536
MAX_ANSWERS: Final = 8
MAX_DIGITS: Final = 12

_OPEN, _CLOSE, _BOX = "<answer>", "</answer>", "\\boxed{"
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WRAPPERS: Final = (
    ("```", "```"),
    ("`", "`"),
    ("**", "**"),
    ("__", "__"),
    ("*", "*"),
    ("$$", "$$"),
    ("$", "$"),
    ("\\(", "\\)"),
    ("\\[", "\\]"),
    ('"', '"'),
    ("'", "'"),
    ("“", "”"),
)
_MENTIONS: Final = frozenset(("and", "...", "…"))
_COMMANDS: Final = ("\\boxed{", "\\text{", "\\mathrm{", "\\texttt{", "\\mathbf{", "\\textbf{")


class Unparsable(Exception):
    """The reply holds no answer of the form asked for. `reason` is a short stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ask(form: str, example: str) -> str:
    """The closing lines of a prompt: what the answer looks like and where it goes.

    The example stands outside the tags, and "and" between them is no answer: echoing the prompt says nothing.
    """
    return (
        f"The answer is {form}, written like {example}\n"
        f"Think as long as you like, then put only the final answer between {_OPEN} and {_CLOSE}."
    )


def ask_text() -> str:
    """The closing line of a prompt whose answer is itself a text, read as it stands between the tags."""
    return f"Think as long as you like, then put the text, and nothing else, between {_OPEN} and {_CLOSE}."


def say(answer: str) -> str:
    """A reply that gives `answer` in the form asked for."""
    return f"{_OPEN}{answer}{_CLOSE}"


def answer(text: str) -> str:
    """The one answer in a reply, with its wrapping dropped; never empty."""
    tail = _after_thought(text)
    start = tail.find(_OPEN)
    end = tail.find(_CLOSE)
    if start >= 0 and end > start and _BOX not in tail and tail.find(_OPEN, start + 1) < 0:
        found = unwrap(tail[start + 8 : end])  # the common case: one answer, plainly tagged
        if tail.find(_CLOSE, end + 1) >= 0:
            raise Unparsable("unbalanced_tags")
        if found in _MENTIONS:
            raise Unparsable("no_answer")
    else:
        answers = {unwrap(inner) for inner in _blocks(tail)} - _MENTIONS
        if not answers:
            raise Unparsable("no_answer")
        if len(answers) > 1:
            raise Unparsable("several_answers")
        found = answers.pop()
    if not found:
        raise Unparsable("empty")
    return found


def text(reply: str) -> str:
    """The one text between the tags of a reply, without zero-width characters and white space around it; never empty.

    New lines are "\\n", whatever the reply writes.
    """
    found = {_visible(inner).replace("\r\n", "\n").strip() for inner in _tagged(_after_thought(reply))[0]} - _MENTIONS
    if not found:
        raise Unparsable("no_answer")
    if len(found) > 1:
        raise Unparsable("several_answers")
    if not (only := found.pop()):
        raise Unparsable("empty")
    return only


def unwrap(text: str) -> str:
    """`text` without the wrapping that step 3 of the rule drops."""
    text = _visible(text).strip()
    for _ in range(6):
        bare = _unwrap_once(text)
        if bare == text:
            break
        text = bare
    return text


def bits(text: str, count: int) -> str:
    """Exactly `count` binary digits; spaces, commas and underscores between them are dropped."""
    inner = answer(text)
    if inner[0] + inner[-1] in ("[]", "()"):
        inner = inner[1:-1]
    if len(inner) > 4 * count + 16:
        raise Unparsable("too_many")
    digits = inner.translate(_BIT_SEPARATORS) if len(inner) != count else inner
    if digits.strip("01"):
        raise Unparsable("not_bits")
    if len(digits) != count:
        raise Unparsable("incomplete" if len(digits) < count else "too_many")
    return digits


_BIT_SEPARATORS: Final = dict.fromkeys(map(ord, " ,_\n\t\r"))


def integers(text: str, count: int | None = None, *, low: int = 0, high: int = 10**9) -> tuple[int, ...]:
    """Whole numbers in [low, high], separated by spaces, commas or new lines, in at most two levels of brackets."""
    values = read_integers(answer(text), limit=count if count is not None else 4096)
    if count is not None and len(values) != count:
        raise Unparsable("incomplete" if len(values) < count else "too_many")
    if any(not low <= value <= high for value in values):
        raise Unparsable("out_of_range")
    return values


def integer(text: str, *, low: int = 0, high: int = 10**9) -> int:
    """One whole number in [low, high]."""
    return integers(text, 1, low=low, high=high)[0]


def letter(text: str, choices: str) -> str:
    """One of the capital letters in `choices`; `b`, `(B)` and `B)` count, `B or C` does not."""
    inner = answer(text)
    if inner[0] == "(" and inner[-1] == ")":
        inner = inner[1:-1]
    elif inner[-1] == ")":
        inner = inner[:-1]
    if len(inner) != 1 or not inner.isascii():
        raise Unparsable("not_one_letter")
    if inner.upper() not in choices:
        raise Unparsable("not_a_choice")
    return inner.upper()


def read_integers(inner: str, limit: int) -> tuple[int, ...]:
    """The whole numbers that `inner` lists; brackets must balance, at most two deep."""
    if len(inner) > limit * (MAX_DIGITS + 8) + 64:
        raise Unparsable("too_many")
    closing: list[str] = []
    spaced = inner
    if not inner.isascii():
        raise Unparsable("not_integers")
    if any(mark in inner for mark in "[]()"):
        for mark in inner:
            if mark in "[(":
                closing.append("]" if mark == "[" else ")")
                if len(closing) > 2:
                    raise Unparsable("too_deep")
            elif mark in "])" and (not closing or closing.pop() != mark):
                raise Unparsable("unbalanced_brackets")
        if closing:
            raise Unparsable("unbalanced_brackets")
        spaced = inner.translate(_BRACKETS)
    words = spaced.translate(_SEPARATORS).split()
    if not words:
        raise Unparsable("empty")
    if len(words) > limit:
        raise Unparsable("too_many")
    return tuple([_integer(word) for word in words])


_BRACKETS: Final = dict.fromkeys(map(ord, "[]()"), " ")
_SEPARATORS: Final = dict.fromkeys(map(ord, ",;\n\t\r"), " ")


def _integer(word: str) -> int:
    digits = word[1:] if word[0] == "-" else word
    if not digits.isdigit():
        raise Unparsable("not_integers")
    if len(digits) > MAX_DIGITS:
        raise Unparsable("number_too_long")
    return int(word)


def _after_thought(reply: str) -> str:
    if len(reply) > MAX_CHARS:
        raise Unparsable("too_long")
    thought = reply.rfind("</think>")
    tail = reply if thought < 0 else reply[thought + 8 :]
    if "<think>" in tail:
        raise Unparsable("unclosed_think")
    return tail


def _visible(text: str) -> str:
    return text if text.isascii() else text.translate(_INVISIBLE)


def _blocks(tail: str) -> list[str]:
    """The contents of every answer block, in order; each character is looked at a bounded number of times."""
    found, outside = _tagged(tail)
    for text in outside:
        found.extend(_boxes(text))
        if len(found) > MAX_ANSWERS:
            raise Unparsable("several_answers")
    return found


def _tagged(tail: str) -> tuple[list[str], list[str]]:
    """What stands between tags, and what stands outside them."""
    found: list[str] = []
    outside: list[str] = []
    at = 0
    while (start := tail.find(_OPEN, at)) >= 0:
        end = tail.find(_CLOSE, start)
        if end < 0:
            raise Unparsable("unclosed_answer")
        inner = tail[start + len(_OPEN) : end]
        if _OPEN in inner:
            raise Unparsable("nested_answer")
        outside.append(tail[at:start])
        found.append(inner)
        if len(found) > MAX_ANSWERS:
            raise Unparsable("several_answers")
        at = end + len(_CLOSE)
    outside.append(tail[at:])
    if any(_CLOSE in text for text in outside):
        raise Unparsable("unbalanced_tags")
    return found, outside


def _boxes(text: str) -> list[str]:
    found: list[str] = []
    at = 0
    while (start := text.find(_BOX, at)) >= 0:
        end = _closing_brace(text, start + len(_BOX))
        if end < 0:
            raise Unparsable("unclosed_box")
        found.append(text[start + len(_BOX) : end])
        if len(found) > MAX_ANSWERS:
            raise Unparsable("several_answers")
        at = end + 1
    return found


def _closing_brace(text: str, at: int) -> int:
    """Where the brace opened before `at` closes, or -1."""
    depth = 1
    while True:
        close = text.find("}", at)
        if close < 0:
            return -1
        depth += text.count("{", at, close) - 1
        if depth == 0:
            return close
        at = close + 1


def _unwrap_once(text: str) -> str:
    if not text or (text[0].isalnum() and text[-1].isalnum()):
        return text
    if text.endswith(".") and not text.endswith(".."):
        text = text[:-1].rstrip()
    for opening, closing in _WRAPPERS:
        if len(text) > len(opening) + len(closing) and text.startswith(opening) and text.endswith(closing):
            inner = text[len(opening) : -len(closing)]
            if opening == "```":
                language, newline, rest = inner.partition("\n")
                inner = rest if newline and language.strip().isalnum() else inner
            return inner.strip() if opening not in inner else text
    for command in _COMMANDS:
        if text.startswith(command) and _closing_brace(text, len(command)) == len(text) - 1:
            return text[len(command) : -1].strip()
    return text


def _in_think(reply: str) -> str:
    return f"<think>Let me see. Perhaps <answer>?</answer>, perhaps \\boxed{{?}}.</think>\n{reply}"


AROUND: Final[Sequence[tuple[str, Callable[[str], str]]]] = (
    ("plain tags", say),
    ("spaces inside the tags", lambda a: say(f"  {a}  ")),
    ("new lines inside the tags", lambda a: say(f"\n{a}\n")),
    ("carriage returns", lambda a: f"Done.\r\n{say(f'{chr(13)}{chr(10)}{a}{chr(13)}{chr(10)}')}\r\n"),
    ("trailing blanks", lambda a: say(a) + "   \n\n"),
    ("prose before", lambda a: f"After checking every case I conclude: {say(a)}"),
    ("prose after", lambda a: f"{say(a)}\nThat is my final answer."),
    ("reasoning with decoys first", lambda a: _in_think(say(a))),
    ("reasoning opened by the template", lambda a: f"so it must be right</think>{say(a)}"),
    ("two reasoning blocks", lambda a: f"<think>a</think><think>b</think>{say(a)}"),
    ("byte order mark", lambda a: f"\ufeff{say(a)}"),
    ("zero-width spaces", lambda a: say(f"\u200b{a}\u200b")),
    ("no-break spaces", lambda a: say(f"\u00a0{a}\u00a0")),
    ("the form repeated first", lambda a: f"It goes between <answer> and </answer>: <answer>...</answer>\n{say(a)}"),
    ("the same answer twice", lambda a: f"{say(a)}\nTo repeat: {say(a)}"),
)
"""Harmless ways of writing around an answer, by name: every family must pay all of them in full."""

DRESSED: Final[Sequence[tuple[str, Callable[[str], str]]]] = (
    ("boxed", lambda a: f"The answer is \\boxed{{{a}}}."),
    ("boxed inside the tags", lambda a: say(f"\\boxed{{{a}}}")),
    ("boxed text", lambda a: f"\\boxed{{\\text{{{a}}}}}"),
    ("dollars", lambda a: say(f"${a}$")),
    ("round maths", lambda a: say(f"\\({a}\\)")),
    ("square maths", lambda a: say(f"\\[{a}\\]")),
    ("bold", lambda a: say(f"**{a}**")),
    ("italics", lambda a: say(f"*{a}*")),
    ("inline code", lambda a: say(f"`{a}`")),
    ("fenced code", lambda a: say(f"```\n{a}\n```")),
    ("fenced code with a language", lambda a: say(f"```text\n{a}\n```")),
    ("quotes", lambda a: say(f'"{a}"')),
    ("full stop", lambda a: say(f"{a}.")),
)
"""Harmless dressing of an answer that is no text itself, by name."""

RENDERINGS: Final = (*AROUND, *DRESSED)
"""Harmless ways of writing one answer: every family must pay all of them in full, if its answer is no text itself."""
