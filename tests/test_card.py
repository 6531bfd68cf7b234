"""A card says what the code does."""

from __future__ import annotations

import pytest

import verienv
from verienv import baselines, card
from verienv.errors import UsageError
from verienv.families.sat import Knobs, Sat


class Small(Sat):
    """sat's first levels."""

    levels: tuple[Knobs, ...] = Sat.levels[:2]  # type: ignore[assignment]
    __module__ = Sat.__module__  # whose docstring the card quotes


class Retitled(Small):
    """sat under another title."""

    title = "Something else"
    __module__ = Sat.__module__


SAT = Small()


@pytest.mark.parametrize("name", verienv.names())
def test_the_card_is_what_the_code_says(name):
    assert card.compare(verienv.load(name)) == []


@pytest.mark.parametrize("name", verienv.names())
def test_the_card_has_a_measured_table(name):
    task = verienv.load(name)
    text = card.path(task).read_text(encoding="utf-8")
    assert f"<!-- measured: {card.MEASURED_OVER} instances" in text
    table = text.partition("<!-- measured")[2].partition("<!-- end")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")]
    assert len(rows) == len(task.levels) + 2, "a line for each level under the head"
    assert rows[0].count("|") == len(baselines.players(task)) + 3


@pytest.mark.parametrize("name", verienv.names())
def test_the_sample_picture_is_the_samples(name):
    picture = card.sample_picture(verienv.load(name))
    file = card.path(verienv.load(name)).parent / "sample.png"
    assert file.exists() == (picture is not None)
    if picture is not None:
        from PIL import Image

        with Image.open(file) as kept:
            same = kept.convert("RGB").tobytes() == picture.convert("RGB").tobytes()
        assert same, f"write it with `verienv card {name} --write`"  # a diff of the bytes would take minutes


def test_a_stale_card_is_found(tmp_path):
    file = card.path(SAT, tmp_path)
    assert "write it with" in card.compare(SAT, tmp_path)[0]
    file.parent.mkdir()
    file.write_text(card.build(SAT), encoding="utf-8")
    assert card.compare(SAT, tmp_path) == []
    assert card.compare(Retitled(), tmp_path) == [
        "sat/README.md lacks: # Something else",
        "sat/README.md is stale: # Satisfiability with certificates",
    ]


def test_measures_do_not_count_as_drift(tmp_path):
    file = card.path(SAT, tmp_path)
    file.parent.mkdir()
    file.write_text(card.build(SAT, [baselines.floor(SAT, 0, 4)]), encoding="utf-8")
    assert card.compare(SAT, tmp_path) == []


def test_outside_a_checkout_no_card_is_written(tmp_path):
    with pytest.raises(UsageError, match="checkout"):
        card.write(SAT, tmp_path / "nowhere")
