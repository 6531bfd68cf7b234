"""Hypothesis strategies that every test shares: knobs from their declared bounds, and replies of all kinds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from verienv import attacks
from verienv.errors import KnobError
from verienv.knobs import Knob, KnobSet

_TOKENS = st.sampled_from(
    ["<answer>", "</answer>", "<think>", "</think>", "\\boxed{", "\\text{", "}", "{", "```", "`", "**", "$", "\n", " ",
     ",", ";", ".", "-", "[", "]", "(", ")", '"', "0", "1", "7", "42", "A", "B", "x", "or", "UNSAT", "\u200b", "\u0661",
     "\u00a0", "\ufeff", "é"]
)  # fmt: skip


@st.composite
def knobs(draw: st.DrawFn, kind: type[KnobSet], spread: int | None = None) -> Any:
    """Legal knobs; numbers at most `spread` above their least value, or anywhere within bounds."""
    values = {each.name: draw(_values(each, spread)) for each in kind.knobs()}
    try:
        return kind(**values)
    except KnobError:
        from hypothesis import reject

        reject()


def replies() -> st.SearchStrategy[str]:
    """Replies: any text, token soup bare and in tags, and the noise of the catalogue."""
    soup = st.lists(_TOKENS, max_size=40).map("".join)
    noise = st.randoms(use_true_random=False).map(attacks.blind)
    return st.one_of(st.text(), soup, soup.map(lambda text: f"<answer>{text}</answer>"), noise)


def _values(each: Knob, spread: int | None) -> st.SearchStrategy[Any]:
    if each.type is bool:
        return st.booleans()
    if each.choices:
        return st.sampled_from(each.choices)
    if each.type is str:
        return st.text(st.characters(codec="utf-8"), max_size=20)
    assert each.low is not None
    assert each.high is not None
    if each.type is int:
        low, high = int(each.low), int(each.high)
        return st.integers(low, high if spread is None else min(high, low + spread))
    return st.floats(each.low, each.high)
