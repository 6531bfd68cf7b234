"""What holds for every command: help, errors, exit codes, and nothing imported that is not asked for."""

from __future__ import annotations

import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import verienv
from verienv.cli import MODULES, SECTIONS, SUMMARIES, root, terminal

FOLDER = Path(verienv.cli.__file__).parent
SHARED = {"__init__", "mutants", "options", "pictures", "terminal"}


def test_every_file_is_a_command_and_every_command_a_file():
    files = {path.stem for path in FOLDER.glob("*.py")} - SHARED
    assert files == {MODULES.get(name, name) for name in SUMMARIES}


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_command_explains_itself(run, name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: verienv {name}")
    command = root.get_command(click.Context(root), name)
    assert command is not None
    assert command.name == name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or parameter.name == "folder", f"{name}: {parameter.opts} has no help"


def test_help_names_every_command_and_the_exit_codes(run):
    for args in ((), ("--help",), ("-h",)):
        result = run(*args)
        assert result.exit_code == 0
        for section, commands in SECTIONS.items():
            assert section in result.output
            for name, summary in commands.items():
                assert f"{name} " in result.output
                assert summary in result.output
        assert "130 stopped by Ctrl-C" in " ".join(result.output.split())
        assert max(map(len, result.output.splitlines())) <= 80


def test_version(run):
    assert run("--version").output == f"verienv {verienv.__version__}\n"


WRONG = [
    (["lsit"], "did you mean 'list'"),
    (["show", "sta"], "did you mean 'sat'"),
    (["show", "sat", "--levle", "1"], "--level"),
    (["show", "sat", "--level", "99"], "levels 0 to"),
    (["show", "sat", "--level", "x"], "x"),
    (["show", "sat", "--index", "-1"], "from 0 up"),
    (["show", "sat", "--split", "tset"], "did you mean 'test'"),
    (["show", "sat", "--set", "rendring=story"], "did you mean 'rendering'"),
    (["show", "sat", "--set", "rendering=stroy"], "did you mean 'story'"),
    (["show", "sat", "--set", "n"], "--set name=value"),
    (["show", "sat", "--set", "n=3", "--set", "n=4"], "twice"),
    (["show", "sat", "--set", "n=99"], "1 to 8"),
    (["show"], "show what?"),
    (["show", "sat@9/L0/train/s0/0"], "version 9"),
    (["show", "sat/L0"], "is not an address"),
    (["show", "sat@1/L0/train/s0/0", "--level", "2"], "leave --level out"),
    (["show", "sat", "--pictures", "/nowhere"], "/nowhere"),
    (["list", "--tag", "lgic"], "did you mean 'logic'"),
    (["play", "sta"], "did you mean 'sat'"),
    (["check", "sta"], "did you mean 'sat'"),
    (["check", "sat", "--level", "99"], "levels 0 to"),
    (["bench", "sta"], "did you mean 'sat'"),
    (["card", "sat", "--write", "--check"], "exclude each other"),
    (["golden", "sta"], "did you mean 'sat'"),
    (["golden", "sat", "--record", "--tasks", "/nowhere/at/all"], "/nowhere/at/all"),
    (["demo", "sta"], "did you mean 'sat'"),
    (["import", "sat", "/nowhere/at/all"], "No such file"),
    (["import", "sat"], "FILE"),
    (["new", "Sat"], "cannot name a task"),
    (["new", "sat"], "already"),
    (["new", "class"], "cannot name a task"),
    (["completion", "bsh"], "did you mean 'bash'"),
]


@pytest.mark.parametrize(("args", "told"), WRONG, ids=[" ".join(args) for args, _ in WRONG])
def test_what_is_wrong_is_said_in_a_line(run, args, told):
    result = run(*args)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    first, *hints = result.stderr.splitlines()
    assert first.startswith("error: ")
    assert told in first
    assert all(line.startswith("see verienv") for line in hints)
    assert result.stdout == ""


def test_a_name_cannot_write_to_the_terminal(run):
    result = run("show", "\x1b]0;title\x07\x1b[31msat\u202e")
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


@given(st.text(st.characters(), max_size=40))
def test_visible_text_holds_no_control_character(text):
    shown = terminal.visible(text)
    assert not [mark for mark in shown if unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Co"} and mark not in "\n\t"]
    assert "\n" not in terminal.line(text)
    assert terminal.visible(shown) == shown


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "\x07", "a\rb", "\x08", "\u202eabc", "\u2028", "\U000e0041"])
def test_visible_spells_out_what_could_move_colour_or_reorder(hostile):
    assert terminal.visible(hostile).isprintable()
    assert "\\" in terminal.visible(hostile)


def test_ordinary_text_stays(run):
    for text in ("A & !B", "größer – ≤ 3", "数独\n\tok", "✓", "Ω²"):
        assert terminal.visible(text) == text


def test_help_and_errors_import_no_task_and_no_library():
    code = (
        "import sys\nfrom verienv.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(' '.join(sorted(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    assert not loaded & {"rich", "PIL", "pysat", "sympy", "torch", "verienv.families.sat", "verienv.cli.show"}


def test_a_reader_that_goes_away_is_no_error(start):
    process = start("card", "sat")
    process.stdout.close()
    assert process.wait(20) == 141
    assert process.stderr.read() == ""


def test_ctrl_c_stops_quietly(start):
    process = start("play", "sat")
    while process.stdout.read(1) not in ("›", ""):  # it asks
        pass
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(start, encoding):
    process = start("list", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "sat" in out


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_tables_keep_to_the_width_of_the_terminal(start, columns):
    out, _ = start("list", COLUMNS=columns).communicate(timeout=20)
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= int(columns)


def test_a_task_that_cannot_be_loaded_is_named_and_the_others_are_listed(run, monkeypatch):
    from verienv import registry

    def load(name: str) -> object:
        if name == "broken":
            raise ImportError("no module named 'gone'")
        return real(name)

    real = registry.load
    monkeypatch.setattr(registry, "load", load)
    monkeypatch.setattr(registry, "names", lambda: ("broken", "sat"))
    result = run("list")
    assert result.exit_code == 0
    assert "sat" in result.stdout
    assert "left out: task 'broken' cannot be loaded: ImportError: no module named 'gone'" in result.stderr
    assert run("show", "broken").exit_code == 2
    assert run("doctor").exit_code == 1
