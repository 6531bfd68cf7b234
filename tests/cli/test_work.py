"""check, card, golden, bench, doctor, demo, new."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from PIL import Image

import verienv
from verienv import bench, card, contract, golden
from verienv.cli import demo, doctor, new, terminal
from verienv.cli.bench import short
from verienv.cli.check import _ranges
from verienv.contract import Result
from verienv.errors import UsageError

PYPROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def test_check_passes_and_says_what_it_saw(run):
    result = run("check", "sat", "--level", "0", "--size", "4")
    assert result.exit_code == 0
    for check in contract.CHECKS:
        assert check.name in result.stdout
    assert "checks on levels 0 passed" in result.stdout


def broken_results(*_: object) -> list[Result]:
    return [Result("plain", 0, True, "fine", 0.1), Result("oracle", 1, False, "\x1b[31mit is \x07wrong", 0.1)]


def test_check_fails_with_what_is_broken(run, rows, monkeypatch):
    monkeypatch.setattr(contract, "results", broken_results)
    result = run("check", "sat")
    assert result.exit_code == 1
    assert "✗ 1 of 2 checks failed" in result.stdout
    assert "\\x1b[31mit is \\x07wrong" in " ".join(result.stdout.split())
    assert run("check", "sat", "--json").exit_code == 1


def test_check_as_json(rows):
    listed = rows("check", "sat", "--level", "0", "--size", "4", "--json")
    assert {row["check"] for row in listed} == {check.name for check in contract.CHECKS}
    assert all(row.keys() == {"task", "check", "level", "ok", "detail", "seconds"} for row in listed)


def test_ranges_are_written_short():
    assert _ranges([0, 1, 2, 3, 5, 7, 8]) == "0–3,5,7–8"
    assert _ranges([]) == ""


def test_golden_records_and_compares(run, rows, tmp_path, monkeypatch):
    monkeypatch.setattr(golden, "PLACES", golden.PLACES[:1])
    assert run("golden", "sat", "--tasks", tmp_path).exit_code == 1
    assert run("golden", "sat", "--record", "--tasks", tmp_path).exit_code == 0
    assert rows("golden", "sat", "--tasks", tmp_path, "--json") == [{"task": "sat", "ok": True, "differences": []}]
    file = tmp_path / "sat" / "golden.json"
    file.write_text(file.read_text().replace('"digest": "', '"digest": "0', 1))
    result = run("golden", "sat", "--tasks", tmp_path)
    assert result.exit_code == 1
    assert "digest changed" in result.stdout


def test_card_prints_writes_and_compares(run, tmp_path, monkeypatch):
    monkeypatch.setattr(card, "DESCRIBED_OVER", 1)
    assert run("card", "sat").stdout.startswith("# Satisfiability")
    assert run("card", "sat", "--check", "--tasks", tmp_path).exit_code == 1
    assert run("card", "sat", "--write", "--count", "1", "--tasks", tmp_path).exit_code == 0
    assert run("card", "sat", "--check", "--tasks", tmp_path).exit_code == 0


def test_bench_measures_each_level(rows, run):
    (row,) = rows("bench", "sat", "--level", "1", "--count", "5", "--json")
    assert row["task"] == "sat"
    assert row["count"] == 5
    assert 0 < row["p50"] <= row["p99"] <= row["worst"]
    assert all(row[name] > 0 for name in ("instances", "prompts", "oracle", "right", "wrong"))
    assert row["duplicates"] == 0
    result = run("bench", "sat", "-l", "0", "-n", "3")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_bench_counts_duplicates():
    task = verienv.load("sat")
    assert bench.measure(task, 0, count=3, seconds=0).count == 3


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.1234, "0.123"), (0.9999, "1.00"), (12.34, "12.3"), (123.4, "123"), (999.9, "1.00k"), (45_600_000, "45.6M")],
)
def test_figures_are_short(value, told):
    assert short(value) == told


def test_doctor_knows_every_dependency_and_extra():
    def name(requirement: str) -> str:
        return requirement.split(";")[0].split(">")[0].split("[")[0].strip()

    assert [name(each) for each in PYPROJECT["dependencies"]] == list(doctor.BASE)
    extras = {
        extra: tuple(name(each) for each in needs)
        for extra, needs in PYPROJECT["optional-dependencies"].items()
        if extra not in ("all", "dev")
    }
    assert extras == dict(doctor.EXTRAS)


def test_doctor_finds_this_environment_sound(run, rows):
    result = run("doctor")
    assert result.exit_code == 0
    listed = rows("doctor", "--json")
    assert {row["state"] for row in listed} <= {"good", "missing"}
    for row in listed:
        if row["part"] == "extra" and row["state"] == "missing":
            assert f'pip install "verienv[{row["name"]}]"' in row["detail"]


def test_doctor_looks_into_the_users_picture_folders(run, rows, monkeypatch, tmp_path):
    Image.new("RGB", (80, 80), "red").save(tmp_path / "red.png")
    monkeypatch.setenv("VERIENV_PICTURES", str(tmp_path))
    assert f"1 in {tmp_path}" in [row["detail"] for row in rows("doctor", "--json")]
    monkeypatch.setenv("VERIENV_PICTURES", str(tmp_path / "gone"))
    assert run("doctor").exit_code == 1


def test_demo_leaves_a_dataset_and_a_page(run, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "ROWS", {"sat": 2})
    monkeypatch.setattr(demo, "LAST_LEVEL", 3)
    for _ in range(2):  # again into the same folder
        result = run("demo", "-o", tmp_path / "demo")
        assert result.exit_code == 0, result.output
        assert "✓ 8 problems made, answered and scored" in result.stdout
        assert str(tmp_path / "demo" / "problems.png") in "".join(result.stdout.split("\n"))
    with Image.open(tmp_path / "demo" / "problems.png") as page:
        assert page.width > 600
    assert (tmp_path / "demo" / "sat" / "manifest.json").exists()
    assert max(map(len, result.stdout.splitlines()[:8])) <= 80


@pytest.mark.parametrize("game", [False, True], ids=["question", "game"])
def test_a_new_package_keeps_the_contract(run, start, tmp_path, monkeypatch, game):
    name = "my_game" if game else "my_question"
    package = f"verienv_{name}"
    folder = tmp_path / "package"
    result = run("new", name, "-o", folder, *(["--game"] if game else []))
    assert result.exit_code == 0
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    (point,) = project["project"]["entry-points"]["verienv.tasks"].items()
    assert point == (name, f"{package}.{name}:task")
    compile_all = [path for path in folder.rglob("*") if path.is_file()]
    assert not [
        path for path in compile_all if "@" in path.read_text().replace("@pytest", "").replace("@dataclass", "")
    ]

    info = folder / f"{package}-0.1.0.dist-info"  # what an installer would write
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[verienv.tasks]\n{name} = {point[1]}\n")
    path = f"{Path(__file__).parents[2]}{os.pathsep}{folder}"
    process = start("check", name, "--level", "0", "--level", "1", "--size", "8", PYTHONPATH=path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    assert "passed" in out


def test_new_leaves_what_is_there_alone(run, tmp_path):
    (tmp_path / "mine").write_text("mine")
    result = run("new", "my_task", "-o", tmp_path)
    assert result.exit_code == 2
    assert "not empty" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["", "1a", "A", "a-b", "a/b", "../x", "a" * 65, "import", "sat"])
def test_names_that_cannot_be_are_refused(name):
    with pytest.raises(UsageError):
        new.package(name)


def test_tables_wrap_between_words(capsys):
    made = terminal.table("one", "two", "three", whole=("one",))
    for _ in range(3):
        terminal.row(made, ("unbroken-identifier", "some words that wrap " * 3, "and others as well " * 4))
    terminal.show(made)
    lines = capsys.readouterr().out.splitlines()
    words = {word for line in lines[2:] for word in line.split()}
    assert words <= {"unbroken-identifier", "some", "words", "that", "wrap", "and", "others", "as", "well"}
    assert max(map(len, lines)) <= 80
