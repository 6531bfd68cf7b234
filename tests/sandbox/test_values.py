"""The data format: one canonical line for each plain value, and no other line is read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv.sandbox import values
from verienv.sandbox.values import Malformed, Opaque, Raised

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.builds(Raised, st.text(max_size=20))
)
PLAIN = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.sets(st.integers() | st.text(max_size=5), max_size=4)
        | st.frozensets(st.integers(), max_size=4)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_reads_back(value):
    line = values.write(value)
    assert "\n" not in line
    assert line.isascii()
    found = values.read(line)
    assert found == value
    assert values.write(found) == line


@given(PLAIN, PLAIN)
def test_lines_are_equal_exactly_for_equal_values_of_equal_types(one, other):
    assert (values.write(one) == values.write(other)) == _same(one, other)


def _same(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return one == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0, False),
        ([1], (1,)),
        ({1}, frozenset({1})),
        ("1", 1),
        (b"a", "a"),
        (None, "null"),
        ([], {}),
    ],
)
def test_types_count(one, other):
    assert values.write(one) != values.write(other)


def test_zero_has_no_sign():
    assert values.write(-0.0) == values.write(0.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan], 2**10_001, "x" * 300_000, [0] * 30_000])
def test_what_breaks_a_bound_is_opaque(value):
    assert isinstance(values.read(values.write(value)), Opaque)


def test_depth_is_bounded():
    deep: object = 0
    for _ in range(60):
        deep = [deep]
    assert values.read(values.write(deep)) == Opaque("too deep")


class Number(int):
    """No plain value."""


@pytest.mark.parametrize(
    "value", [object(), Number(1), len, type, iter([]), {1: Number(2)}, 1j, range(3), bytearray(b"a")]
)
def test_what_is_no_plain_value_is_opaque(value):
    assert isinstance(values.read(values.write(value)), Opaque)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "",
            " 1",
            "1 ",
            "01",
            "+1",
            "1.5",
            "1e3",
            "NaN",
            "Infinity",
            "-Infinity",
            "True",
            "[1, 2]",
            "[1,]",
            "{}",
            "'a'",
        ),
        *('{"f":1}', '{"f":"nan"}', '{"f":"inf"}', '{"f":"1.5"}', '{"t":1}', '{"x":[]}', '{"f":"0x0p+0","f":"0x0p+0"}'),
        *('{"d":[[1]]}', '{"d":[[2,0],[1,0]]}', '{"d":[[1,0],[1,0]]}', '{"d":[[[],0]]}', '{"s":[2,1]}', '{"s":[[]]}'),
        *('{"b":"0"}', '{"b":"FF"}', '"\\u0061"', '"☃"', "9" * 5000, "[" * 100_000, "[" * 60 + "]" * 60, "1" * 500_000),
        *('{"a":1,"b":2}', '{"s":[1,1]}', '{"e":1}', '{"d":{}}', "null\n", "[1,2", '{"o":["a"]}', '{"d":[0]}'),
    ],
    ids=lambda line: line[:20] or "empty",
)
def test_any_other_line_is_malformed(line):
    with pytest.raises(Malformed):
        values.read(line)


@given(st.text(max_size=60) | st.text(alphabet='{}[]",:0123456789dtszbfeo.ux', max_size=60))
def test_no_text_raises_anything_else(line):
    try:
        value = values.read(line)
    except Malformed:
        return
    assert values.write(value) == line
