"""Reading SATURN and DIMACS files: what is read, what is refused, and that the rows can be scored."""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import files
from verienv.errors import UsageError
from verienv.families import sat
from verienv.families.sat import counting, formula, reading

SAT = sat.task
GOOD = {"id": "a", "n_sat": 3, "k": 5, "clause": "!A!B!C & !A!CE & ABE", "solution": "00001", "prompt": "Solve."}


def line(**changes: Any) -> str:
    """GOOD with changes; None leaves a field out."""
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not None})


def problem(text: str) -> Any:
    (found,) = reading.read(text)
    return found.problem


def test_a_saturn_line_becomes_the_problem_it_states():
    (found,) = reading.read(line() + "\n")
    assert (found.line, found.name, found.notes) == (1, "a", ())
    assert found.problem.k == 5
    assert set(found.problem.clauses) == {(-1, -2, -3), (-1, -3, 5), (1, 2, 5)}
    solutions = [bits for bits in map("".join, product("01", repeat=5)) if SAT.verify(found.problem, bits).right]
    assert found.problem.solutions.low == found.problem.solutions.high == len(solutions)
    assert "00001" in solutions


def test_lines_are_counted_from_one_and_blank_ones_pass():
    text = "\ufeff\n" + line() + "\r\n\n" + line(id=7, clause="ABC & CDE", solution=None) + "\n"
    assert [(found.line, found.name) for found in reading.read(text)] == [(2, "a"), (4, "7")]


def test_the_order_of_clauses_and_literals_is_no_difference():
    first, second = problem(line()), problem(line(clause="EBA & E!C!A & !C!B!A"))
    assert SAT.identity(first) == SAT.identity(second)
    assert files.digest(SAT, first) == files.digest(SAT, second)


def test_the_digest_is_the_one_a_generated_problem_has():
    instance = SAT.instance(level=2)
    assert files.digest(SAT, instance.problem) == instance.digest


def test_what_was_set_right_is_stated():
    (found,) = reading.read(line(clause="ABC & CBA & AA!B & A!AC & !A!B!C", solution=None))
    assert len(found.problem.clauses) == 3
    assert found.notes == (
        "line 1: clause 2 (CBA) repeats clause 1: kept once",
        "line 1: clause 3 (AA!B) repeats a literal: kept once",
        "line 1: clause 4 (A!AC) is always true: left out",
    )


BAD_LINES = [
    ("[1]", "neither SATURN's JSON object nor DIMACS"),
    ('{"n_sat": 3', "not JSON"),
    ('{"n_sat": NaN}', "NaN is not JSON"),
    ('{"k": 1, "k": 2}', "given twice"),
    ('{"k": ' + "9" * 9999 + "}", "too many digits"),
    ('{"k": ' + "[" * 50_000, "nested too deep"),
    ('{"k": "' + "x" * 300_000 + '"}', "at most 200,000"),
    (line(clause=None), "field 'clause' is missing"),
    (line(k="5"), "field 'k' is a whole number, not '5'"),
    (line(k=True), "field 'k' is a whole number"),
    (line(k=0), "1 to 26"),
    (line(k=27), "1 to 26"),
    (line(k=10**4000), "1 to 26"),
    (line(n_sat=0), "1 to k=5 literals"),
    (line(n_sat=6), "1 to k=5 literals"),
    (line(id=[1]), "field 'id'"),
    (line(clause=""), "clause 1 () has 0 literals"),
    (line(clause="ABC & "), "clause 2 () has 0 literals"),
    (line(clause="AB"), "clause 1 (AB) has 2 literals; n_sat says 3"),
    (line(clause="ABF"), "names F"),
    (line(clause="AB!"), "ends with !"),
    (line(clause="A!!BC"), "'!' is out of place"),
    (line(clause="A B C"), "' ' is out of place"),
    (line(clause="abc"), "'a' is out of place"),
    (line(clause="A\x1b[31mBC"), "out of place"),
    (line(clause=" & ".join(["ABC"] * 1001)), "at most 1000"),
    (line(solution="0001"), "not 5 binary digits"),
    (line(solution="0000x"), "not 5 binary digits"),
    (line(solution=1), "not 5 binary digits"),
    (line(solution="00000"), "solution 00000 is wrong: it makes clause 3 (ABE) false"),
    (line(n_sat=1, clause="A & !A", solution=None), "no assignment satisfies"),
    (line(n_sat=2, clause="A!A", solution=None), "nothing to solve"),
]


@pytest.mark.parametrize(("bad", "told"), BAD_LINES, ids=[told for _, told in BAD_LINES])
def test_a_bad_saturn_line_is_refused_with_its_number(bad, told):
    before = "" if told.startswith("neither") else line() + "\n\n"
    with pytest.raises(UsageError) as refused:
        reading.read(before + bad)
    assert str(refused.value).startswith(f"line {before.count(chr(10)) + 1}: ")
    assert told in str(refused.value)
    assert len(str(refused.value)) < 500


CNF = "c a comment\np cnf 4 3\n1 -2\n 3 0 2 4 0\n-1 -4 0\n"


def test_a_dimacs_file_becomes_the_problem_it_states():
    found = problem(CNF)
    assert found.k == 4
    assert set(found.clauses) == {(1, -2, 3), (2, 4), (-1, -4)}
    assert found.rendering == "dimacs"
    assert SAT.score(_instance(found), SAT.solve(found)).right


def test_satlibs_closing_lines_are_read():
    assert problem(CNF + "%\n0\n\n") == problem(CNF)


def test_an_unsatisfiable_formula_asks_for_a_proof():
    found = problem("p cnf 2 4\n1 2 0\n1 -2 0\n-1 0\n2 0\n")
    assert found.solutions.high == 0
    reply = SAT.solve(found)
    assert "UNSAT" in reply
    assert SAT.score(_instance(found), reply).right
    assert not SAT.score(_instance(found), "<answer>01</answer>").right
    assert "There may be none" in str(SAT.prompt(found)[0])


def test_small_dimacs_formulas_all_ask_the_same_question():
    """The question would otherwise tell whether there is an assignment."""
    assert "There may be none" in str(SAT.prompt(problem(CNF))[0])


BAD_CNF = [
    ("c only\n", None, "no 'p cnf"),
    ("", None, "empty"),
    ("hello\n", 1, "neither"),
    ("p cnf 3\n", 1, "must read"),
    ("p dnf 3 1\n1 0\n", 1, "must read"),
    ("p cnf -3 1\n", 1, "must read"),
    ("p cnf 99999999999999999999 1\n", 1, "must read"),
    ("p cnf 0 1\n", 1, "1 to 200"),
    ("p cnf 201 1\n", 1, "1 to 200"),
    ("p cnf 3 0\n", 1, "1 to 1000"),
    ("p cnf 3 1\np cnf 3 1\n1 0\n", 2, "second 'p' line"),
    ("c\n1 0\np cnf 3 1\n", 2, "comes first"),
    ("p cnf 3 1\n1 4 0\n", 2, "variable 4 is named; there are 3"),
    ("p cnf 3 1\n1 x 0\n", 2, "x is not a whole number"),
    ("p cnf 3 1\n1 --2 0\n", 2, "--2 is not a whole number"),
    ("p cnf 3 1\n1 ²\n", 2, "is not a whole number"),
    ("p cnf 3 1\n1 2\n", 2, "clause 1 is not closed"),
    ("p cnf 3 2\n1 2 0\n", 1, "2 clauses are announced, 1 are there"),
    ("p cnf 3 1\n1 0\n2 0\n", 3, "more clauses than the 1"),
    ("p cnf 3 2\n1 0\n0\n", 3, "clause 2 is empty"),
    ("p cnf 3 1\n1 0\n%\n0\n7\n", 5, "follows the %"),
    ("p cnf 3 1\n1 -1 0\n", 1, "nothing to solve"),
    ("p cnf 13 2\n1 0\n-1 0\n", 1, "a proof of that cannot be checked"),
    ("p cnf 9 1\n" + "1 " * 30_000 + "0\n", 2, "more than 20,000 literals"),
]


@pytest.mark.parametrize(("text", "number", "told"), BAD_CNF, ids=[told for _, _, told in BAD_CNF])
def test_a_bad_dimacs_file_is_refused_with_the_line(text, number, told):
    with pytest.raises(UsageError) as refused:
        reading.read(text)
    assert told in str(refused.value)
    if number is not None:
        assert str(refused.value).startswith(f"line {number}: ")


def test_a_formula_that_would_take_hours_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_CONFLICTS", 2_000)  # a tenth of a second instead of three
    holes = 10  # eleven pigeons
    clauses = [[p * holes + h + 1 for h in range(holes)] for p in range(holes + 1)]
    clauses += [[-(a * holes + h + 1), -(b * holes + h + 1)] for h in range(holes) for a in range(11) for b in range(a)]
    text = f"p cnf {11 * holes} {len(clauses)}\n" + "".join(" ".join(map(str, each)) + " 0\n" for each in clauses)
    with pytest.raises(UsageError, match="no verdict within"):
        reading.read(text)


def _instance(found: Any) -> Any:
    return files.instance(files.row(SAT, files.Found(found, 1), "x")["spec"])


@given(st.randoms(use_true_random=False), st.integers(3, 24), st.integers(1, 40))
def test_reading_what_was_written_gives_the_same_formula(rng, k, l):
    clauses = formula.draw_planted(rng, min(3, k), k, min(l, 7))
    solutions = counting.solve(clauses, k)
    assert solutions is not None
    text = f"p cnf {k} {len(clauses)}\n" + "".join(" ".join(map(str, each)) + " 0\n" for each in clauses)
    found = problem(text)
    assert found.clauses == tuple(clauses)
    assert reading.problem_from_json(json.loads(json.dumps(reading.problem_to_json(found)))) == found


@given(st.text(max_size=200) | st.text('pcnf 0123456789-%\n{}"ABC!&:,', max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        reading.read(text)
    except UsageError as refused:
        assert str(refused)  # noqa: PT017  # either outcome is right, any other exception is not


SPEC = reading.problem_to_json(SAT.instance(level=3).problem)
BAD_SPECS: list[Any] = [
    None,
    [],
    {},
    {**SPEC, "more": 1},
    {**SPEC, "k": "6"},
    {**SPEC, "k": True},
    {**SPEC, "k": 0},
    {**SPEC, "clauses": []},
    {**SPEC, "clauses": [[]]},
    {**SPEC, "clauses": [[0, 1]]},
    {**SPEC, "clauses": [[1, 1]]},
    {**SPEC, "clauses": [[2, 1]]},
    {**SPEC, "clauses": [[1, 99]]},
    {**SPEC, "clauses": [[1.0]]},
    {**SPEC, "rendering": "song"},
    {**SPEC, "rendering": ["letters"]},
    {**SPEC, "solutions": [1]},
    {**SPEC, "solutions": [5, 1]},
    {**SPEC, "core_limit": -1},
    {**SPEC, "core_limit": 10**6},
]


@pytest.mark.parametrize("spec", BAD_SPECS, ids=range(len(BAD_SPECS)))
def test_a_bad_spec_is_refused(spec):
    with pytest.raises(UsageError):
        reading.problem_from_json(spec)


@pytest.mark.parametrize("level", range(len(SAT.levels)))
def test_a_spec_gives_the_problem_back(level):
    made = SAT.instance(level=level).problem
    assert reading.problem_from_json(json.loads(json.dumps(reading.problem_to_json(made)))) == made


def test_import_writes_rows_that_can_be_scored(run, tmp_path):
    (tmp_path / "s.jsonl").write_text(line() + "\n" + line(id="b", clause="ABC & CDE", solution=None) + "\n")
    (tmp_path / "f.cnf").write_text(CNF)
    out = tmp_path / "new" / "rows.jsonl"
    result = run("import", "sat", tmp_path / "s.jsonl", tmp_path / "f.cnf", "-o", out)
    assert result.exit_code == 0
    assert "3 problems read" in result.stdout
    rows = [json.loads(each) for each in out.read_text().splitlines()]
    assert [(row["source"], row["id"]) for row in rows] == [("s.jsonl:1", "a"), ("s.jsonl:2", "b"), ("f.cnf:2", "")]
    for row in rows:
        instance = files.instance(row["spec"])
        assert instance.digest == row["digest"]
        assert instance.messages == row["messages"]
        assert row["difficulty"]["D"] > 0
        assert files.score(row["spec"], SAT.oracle(instance)).right
        assert not files.score(row["spec"], "").readable


def test_what_import_wrote_is_scored_by_the_command_line(run, tmp_path):
    (tmp_path / "s.jsonl").write_text(line() + "\n" + line(id="b", clause="ABC & CDE", solution=None) + "\n")
    assert run("import", "sat", tmp_path / "s.jsonl", "-o", tmp_path / "rows.jsonl").exit_code == 0
    rows = [json.loads(each) for each in (tmp_path / "rows.jsonl").read_text().splitlines()]
    replies = [
        {"address": rows[0]["address"], "response": "<answer>00001</answer>"},
        {"address": rows[1]["address"], "response": "<answer>00000</answer>"},
        {"spec": rows[1]["spec"], "response": "<answer>11111</answer>"},
    ]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(each) + "\n" for each in replies))
    result = run("score", tmp_path / "rows.jsonl", "--responses", tmp_path / "r.jsonl")
    assert result.exit_code == 0, result.output
    scored = [json.loads(each) for each in result.stdout.splitlines()]
    assert [(each["address"], each["value"]) for each in scored] == [
        (rows[0]["address"], 1.0),
        (rows[1]["address"], 0.0),
        (rows[1]["address"], 1.0),
    ]


def test_import_as_json_prints_the_rows(rows, tmp_path):
    (tmp_path / "s.jsonl").write_text(line())
    (row,) = rows("import", "sat", tmp_path / "s.jsonl", "--json")
    assert row["prompt"] == row["messages"][0]["content"]


def test_import_leaves_a_repeated_problem_out_and_says_so(run, tmp_path):
    (tmp_path / "s.jsonl").write_text(line() + "\n" + line(id="again") + "\n")
    result = run("import", "sat", tmp_path / "s.jsonl")
    assert "s.jsonl:2: the same problem as s.jsonl:1: left out" in result.stderr
    assert "1 problem read" in result.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe{}", "line 1: not UTF-8"),
        (line().encode() + b"\n\x00\x80", "line 2: not UTF-8"),
        (b"\x1b]0;owned\x07\x1b[31m", "line 1: "),
        ((line() + "\n" + line(clause="\x1b[2JA\u202eB")).encode(), "line 2: clause 1"),
        (b"", "empty"),
    ],
)
def test_a_hostile_file_is_refused_harmlessly_and_nothing_is_written(run, tmp_path, content, told):
    path, out = tmp_path / "x", tmp_path / "out"
    path.write_bytes(content)
    result = run("import", "sat", path, "-o", out)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.startswith("error: ")
    assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == [path]


def test_hostile_names_are_printed_harmlessly(run, tmp_path):
    (tmp_path / "s.jsonl").write_text(line(id="\x1b[31mred\x07"))
    result = run("import", "sat", tmp_path / "s.jsonl")
    assert result.exit_code == 0
    assert not {"\x1b", "\x07"} & set(result.output)
    assert "\\x1b" in result.stdout


def test_a_spec_with_another_digest_is_refused():
    spec = json.loads(files.row(SAT, files.Found(SAT.instance(level=0).problem, 1), "x")["spec"])
    for bad in ({**spec, "digest": "0" * 64}, {**spec, "version": 99}, {**spec, "task": "sta"}, {"task": "sat"}):
        with pytest.raises(UsageError):
            files.instance(json.dumps(bad))
    for text in ("", "x", "[" * 100_000, "null"):
        with pytest.raises(UsageError):
            files.instance(text)


def test_random_assignments_score_as_the_formula_says():
    rng, found = Random(3), problem(CNF)
    for _ in range(20):
        bits = format(rng.getrandbits(4), "04b")
        right = formula.solves(found.clauses, int(bits[::-1], 2))
        assert SAT.verify(found, bits).right == right
