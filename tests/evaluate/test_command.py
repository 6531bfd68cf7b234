"""The command: its table, its files, its mistakes."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner

from verienv.cli import root


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run("sat", …) in a folder with a module `mine`."""
    (tmp_path / "mine.py").write_text("def policy(messages):\n    return '<answer>00000</answer>'\n")
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "mine", raising=False)

    def invoke(*arguments: str):
        return CliRunner().invoke(root, ["eval", *arguments])

    return invoke


def test_it_prints_a_table_and_leaves_replies_results_and_a_page(run, tmp_path):
    done = run("sat", "-l", "0:1", "-n", "4", "-k", "2", "--call", "mine:policy", "-o", "out")
    assert done.exit_code == 0, done.output
    assert "pass@2" in done.output
    assert "L1" in done.output
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        *("replies.jsonl", "report.html", "results.json", "run.json")
    }
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert [group["replies"] for group in results["groups"]] == [8, 8]
    assert results["settings"]["model"] == "mine:policy"


def test_json_is_a_line_for_each_group(run):
    done = run("sat", "-l", "0:1", "-n", "3", "--call", "mine:policy", "-o", "out", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["task"], line["setting"], line["problems"]) for line in lines] == [("sat", "L0", 3), ("sat", "L1", 3)]


def test_runs_are_compared_on_a_page(run, tmp_path):
    for out in ("a", "b"):
        run("sat", "-l", "0", "-n", "3", "--call", "mine:policy", "-o", out)
    done = run("--compare", "a", "--compare", "b", "-o", "both")
    assert done.exit_code == 0, done.output
    assert "b − a" in (tmp_path / "both" / "report.html").read_text()
    assert "b − a" in done.output
    assert "[+0.00, +0.00]" in done.output
    told = json.loads(run("--compare", "a", "--compare", "b", "--json").stdout.splitlines()[-1])
    assert (told["run"], told["above"], told["setting"], told["problems"]) == ("b", "a", "L0", 3)
    assert (told["difference"], told["interval"]) == (0, [0, 0])


def test_a_run_that_got_no_reply_says_why_once_and_leaves_no_report(run, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from verienv.evaluate.policy import PolicyError\n\n\ndef policy(messages):\n    raise PolicyError('asleep')\n"
    )
    done = run("sat", "-l", "0", "-n", "3", "--call", "mine:policy", "-o", "out")
    assert done.exit_code == 1
    assert done.output.count("asleep") == 1
    assert "3 replies could not be got" in done.output
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give what to ask"),
        (["sat", "-o", "x"], "give --model for a server, or --call"),
        (["sat", "-o", "x", "--call", "mine:policy", "--model", "m"], "give --model for a server, or --call"),
        (["sta", "-o", "x", "--call", "mine:policy"], "did you mean 'sat'"),
        (["sat", "-o", "x", "--call", "mine:other"], "cannot load"),
        (["sat", "-o", "x", "--call", "mine:policy", "--temperature", "1"], "a callable knows its own"),
        (["sat", "-o", "x", "--model", "m", "--body", "[1]"], "JSON object"),
        (["sat", "-o", "x", "--call", "mine:policy", "--split", "tset"], "did you mean 'test'"),
        (["sat", "-o", "x", "--model", "m", "--base-url", "localhost:8000"], "begins with http:// or https://"),
        (["sat", "-o", "x", "--model", "m"], "OPENAI_API_KEY holds no key, and no server is named"),
        (["sat", "-o", "x", "--model", "m", "--base-url", "http://localhost/v1", "--key", "MINE"], "MINE holds no key"),
        (["--compare", "a"], "two runs or more"),
        (["--compare", "a", "--compare", "b"], "is no run"),
    ],
)
def test_a_mistake_is_one_line_before_anything_runs(run, tmp_path, arguments, said):
    done = run(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert not (tmp_path / "x").exists()
