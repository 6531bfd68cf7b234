"""Edits are read in one form and applied to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv.families.patch import edits
from verienv.families.patch.edits import Edit, Unappliable
from verienv.parsing import Unparsable, say

FILES = {"a.py": "x = 1\ny = 2\n\n\ndef f():\n    return x\n", "b.py": "x = 1\nx = 1\n"}
BOTH = frozenset(FILES)


def applied(*found: Edit) -> dict[str, str]:
    return edits.apply(FILES, BOTH, found)


def test_lines_are_replaced_where_they_stand():
    assert applied(Edit("a.py", "y = 2", "y = 3\nz = 4"))["a.py"].startswith("x = 1\ny = 3\nz = 4\n\n")
    assert applied(Edit("a.py", "x = 1\ny = 2", "y = 2"))["a.py"].startswith("y = 2\n\n")
    assert applied(Edit("a.py", "    return x", "    return y"))["a.py"].endswith("return y\n")


def test_no_line_takes_lines_out_and_an_empty_one_stays():
    assert applied(Edit("a.py", "y = 2", None))["a.py"].startswith("x = 1\n\n\ndef")
    assert applied(Edit("a.py", "y = 2", ""))["a.py"].startswith("x = 1\n\n\n\ndef")


def test_edits_follow_one_another():
    found = applied(Edit("a.py", "y = 2", "z = 9"), Edit("a.py", "z = 9", "y = 7"))
    assert found["a.py"].startswith("x = 1\ny = 7\n")
    assert found["b.py"] == FILES["b.py"]


def test_a_last_line_without_an_end_is_a_line():
    assert edits.apply({"a": "x\ny"}, frozenset({"a"}), (Edit("a", "y", "z"),)) == {"a": "x\nz\n"}


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (Edit("c.py", "x", "y"), "undeclared_file"),
        (Edit("./a.py", "x = 1", "y"), "undeclared_file"),
        (Edit("a.py ", "x = 1", "y"), "undeclared_file"),
        (Edit("a.py", "x =", "y"), "not_found"),
        (Edit("a.py", "return x", "y"), "not_found"),
        (Edit("a.py", "x = 1\n", "y"), "not_found"),
        (Edit("a.py", "x = 1 ", "y"), "not_found"),
        (Edit("b.py", "x = 1", "y"), "not_unique"),
        (Edit("a.py", "x = 1", "x = 1"), "no_change"),
    ],
)
def test_what_does_not_fit_says_why(edit, reason):
    with pytest.raises(Unappliable) as unfit:
        applied(edit)
    assert unfit.value.reason == reason


def test_what_is_done_and_undone_is_no_change():
    with pytest.raises(Unappliable, match="no_change"):
        applied(Edit("a.py", "y = 2", "y = 3"), Edit("a.py", "y = 3", "y = 2"))


LINES = st.lists(st.sampled_from(["", "x", "    y = 1", "}", "# ###", "<<<", "======", "```"]), min_size=1, max_size=4)
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["a.py", "dir/b c.py"]),
        LINES.map("\n".join).filter(str.strip),
        st.none() | LINES.map("\n".join),
    ),
    min_size=1,
    max_size=4,
).map(tuple)


@given(EDITS, st.booleans())
def test_what_is_written_reads_back(found, fenced):
    assert edits.read(say(edits.write(found, fenced=fenced))) == found


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("nothing", "no_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n=======\ny", "no_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n>>>>>>> REPLACE", "unfinished_edit"),
        ("### a.py\n<<<<<<< SEARCH\n<<<<<<< SEARCH\n=======\n>>>>>>> REPLACE", "unfinished_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n=======\n=======\n>>>>>>> REPLACE", "unfinished_edit"),
        ("### a.py\n<<<<<<< SEARCH\n\n=======\ny\n>>>>>>> REPLACE", "empty_search"),
        ("### a.py\nx\n>>>>>>> REPLACE", "not_an_edit"),
        ("## a.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE", "no_edit"),
        ("Here: ### a.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE", "not_an_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\nand so on", "not_an_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\nthen\n### a.py\n>>>>>>> REPLACE", "not_an_edit"),
        ("### a.py\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n\n" * 40, "too_many_edits"),
    ],
)
def test_any_other_form_is_unreadable(inner, reason):
    with pytest.raises(Unparsable) as unread:
        edits.read(say(inner))
    assert unread.value.reason == reason


@given(LINES.map("\n".join), LINES.map("\n".join))
def test_an_edit_between_two_texts_makes_the_one_of_the_other(old, new):
    old, new = f"{old}\n", f"{new}\n"
    try:
        edit = edits.between("a.py", old, new)
    except ValueError:
        return
    if old != new:
        assert edits.apply({"a.py": old}, frozenset({"a.py"}), (edit,)) == {"a.py": new}
