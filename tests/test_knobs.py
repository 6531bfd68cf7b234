"""Knobs: one declaration that validates, writes and reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given

from tests import strategies
from verienv.errors import KnobError, UnknownName
from verienv.knobs import KnobSet, knob


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """One knob of each type."""

    size: int = knob(3, low=-5, high=40, doc="a whole number")
    share: float = knob(0.5, low=-1.0, high=1.0, doc="a number")
    hard: bool = knob(False, doc="a switch")
    form: str = knob("plain", choices=("plain", "fancy"), doc="a choice")
    note: str = knob("", doc="any text")


@given(strategies.knobs(Knobs))
def test_knobs_read_back_from_their_text(knobs):
    assert Knobs.from_text(knobs.to_text()) == knobs
    assert Knobs.from_text(knobs.to_text()).to_text() == knobs.to_text()
    assert Knobs.from_mapping(knobs.to_dict()) == knobs
    assert Knobs.from_mapping({name: str(value) for name, value in knobs.to_dict().items()}) == knobs


def test_equal_knobs_have_one_text():
    assert Knobs(share=1).to_text() == Knobs(share=1.0).to_text() == "share=1.0"
    assert Knobs(share=-0.0).to_text() == Knobs(share=0.0).to_text() == "share=0.0"
    assert Knobs().to_text() == Knobs(size=3).to_text() == "default"


def test_text_is_quoted():
    assert Knobs(note="a=b,c d/é").to_text() == "note=a%3Db%2Cc%20d%2F%C3%A9"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("size", bad) for bad in (-6, 41, 3.0, True, None, math.nan, 10**30)],
        *[("share", bad) for bad in (-1.1, math.nan, math.inf, True, "0.5", None)],
        *[("hard", bad) for bad in (0, 1, "true", None)],
        *[("form", bad) for bad in ("Plain", "", 0, None)],
    ],
)
def test_values_out_of_bounds_are_refused_by_name(name, value):
    with pytest.raises((KnobError, UnknownName), match=name):
        Knobs(**{name: value})


@pytest.mark.parametrize(
    "text",
    ["", "size", "size=", "size=x", "size=1_0", "size=\u0663", "size= 3", "size=3.0", "size=" + "9" * 5000, "share=1_0",
     "share=nan", "share=1e999", "hard=1", "hard=", "form=plane", "size=3,size=4", "siez=3", ",", "size=3,"],
)  # fmt: skip
def test_bad_text_is_refused(text):
    with pytest.raises((KnobError, UnknownName)):
        Knobs.from_text(text)


def test_a_slip_of_the_pen_is_answered_with_the_nearest_name():
    with pytest.raises(UnknownName, match="did you mean 'size'"):
        Knobs.from_text("siez=3")
    with pytest.raises(UnknownName, match="did you mean 'plain'"):
        Knobs(form="plane")


def test_replace_changes_and_converts():
    assert Knobs().replace(size="7", hard="true") == Knobs(size=7, hard=True)
    with pytest.raises(UnknownName):
        Knobs().replace(sise=7)


def test_a_number_without_bounds_is_a_mistake_in_the_family():
    with pytest.raises(TypeError, match="low and high"):
        knob(3, doc="unbounded")


def test_declarations_can_be_read():
    assert [each.name for each in Knobs.knobs()] == ["size", "share", "hard", "form", "note"]
    assert [each.allowed for each in Knobs.knobs()] == ["-5 to 40", "-1 to 1", "true or false", "one of plain, fancy",
                                                        "any text"]  # fmt: skip
