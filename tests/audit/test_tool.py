"""The command, the report, the page and the plugin."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.audit import sound
from verienv.audit import PROPERTIES, Finding, audit, page, shrink, target
from verienv.audit.forms import of, split
from verienv.audit.items import one, read
from verienv.audit.study import repeated
from verienv.cli import root
from verienv.errors import UsageError

ROOT = Path(__file__).parents[2]
REWARD = """
def score(item, reply):
    return 1.0 if item["truth"] in reply else 0.0
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audited")
    (folder / "rewards.py").write_text(REWARD)
    (folder / "items.jsonl").write_text("".join(json.dumps(each) + "\n" for each in sound.SOUND["exact"]))
    return folder


def run(place: Path, *args: str) -> tuple[int, str]:
    words = [
        "audit",
        f"{place / 'rewards.py'}:score",
        "--items",
        str(place / "items.jsonl"),
        "--effort",
        "quick",
        *args,
    ]
    result = CliRunner().invoke(root, words, prog_name="verienv", env={"COLUMNS": "400"})
    return result.exit_code, result.output


def test_findings_are_shown_and_fail(place):
    code, output = run(place, "--only", "hedges", "--only", "empty")
    assert code == 1
    assert "right or wrong is paid: 1.00 on average" in output
    assert "1 properties broken, 1 kept" in output


def test_fail_on_decides_the_exit_code(place):
    assert run(place, "--only", "hedges", "--fail-on", "critical")[0] == 0
    assert run(place, "--only", "hedges", "--fail-on", "never")[0] == 0


def test_the_line_that_reproduces_a_finding_does(place):
    _, output = run(place, "--only", "negations")
    line = next(line.strip()[2:] for line in output.splitlines() if line.strip().startswith("$ verienv"))
    result = CliRunner().invoke(root, shlex.split(line)[1:], prog_name="verienv")
    assert result.exit_code == 0
    assert re.search(r"earns\s+1\.0", result.output)


def test_a_reply_alone_is_told_in_full(place):
    code, output = run(place, "--item", "1", "--reply-json", '{"raw": 5}')
    assert code == 0
    assert "TypeError" in output
    code, output = run(place, "--item", "99", "--reply", "x")
    assert code == 2
    assert "items 0 to 15" in output


def test_json_and_html_are_written(place):
    code, output = run(place, "--only", "hedges", "--json", str(place / "a.json"), "--html", str(place / "a.html"))
    assert code == 1
    told = json.loads((place / "a.json").read_text())
    assert told["counts"] == {"high": 1}
    assert told["results"][0]["findings"][0]["property"] == "hedges"
    assert "right or wrong is paid" in (place / "a.html").read_text(encoding="utf-8")
    code, output = run(place, "--only", "hedges", "--json", "-")
    assert json.loads(output)["target"].endswith("rewards.py:score")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["audit", "sta"], "did you mean 'sat'"),
        (["audit", "rewards:"], "module:function"),
        (["audit", "nowhere.py:f"], "no such file"),
        (["audit", "no_such_module:f", "--items", "ITEMS"], "cannot be loaded"),
        (["audit", "sat", "--only", "hedge"], "did you mean 'hedges'"),
        (["audit", "sat", "--effort", "nromal"], "did you mean 'normal'"),
        (["audit", "sat", "--fail-on", "hihg"], "critical"),
        (["audit", "sat", "--range", "1"], "low:high"),
        (["audit", "json:loads"], "give some"),
        (["audit", "sat", "--reply", "x", "--reply-json", "1"], "not both"),
        (["audit", "sat", "--reply-json", "{"], "not JSON"),
        (["audit", "sat", "--item", "1"], "needs --reply"),
        (["audit", "reasoning_gym"], "which data set"),
    ],
)
def test_wrong_usage_is_one_line_that_helps(words, message, place):
    words = [str(place / "items.jsonl") if word == "ITEMS" else word for word in words]
    result = CliRunner().invoke(root, words, prog_name="verienv")
    assert result.exit_code == 2
    assert message in result.output


def test_the_list_names_every_property():
    result = CliRunner().invoke(root, ["audit", "--list"], prog_name="verienv")
    assert result.exit_code == 0
    for each in PROPERTIES:
        assert each.name in result.output


def test_the_page_says_every_property_and_escapes_everything():
    report = audit(f"{Path(__file__).parent / 'sound.py'}:raw", sound.SOUND["raw"], only=["echoes"], effort="quick")
    hostile = "</pre><script>alert(1)</script>\x1b[2J\u202e\ud800\"'&"
    bad = Finding("echoes", "high", hostile, hostile, 0, hostile, 1.0, hostile)
    spoilt = dataclasses.replace(
        report,
        target=hostile,
        notes=(hostile,),
        results=(dataclasses.replace(report.results[0], findings=(bad,), detail=hostile),),
    )
    html = page.html(spoilt)
    assert "<script" not in html
    assert not {"\x1b", "\u202e", "\ud800"} & set(html)
    assert html.count("&lt;script&gt;") >= 5
    html.encode()


def test_the_documented_properties_are_those_there_are():
    text = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    table = text.split("## Properties")[1].split("| severity |")[0]
    named = [name for row in re.findall(r"(?m)^\| ([a-z_, ]+) \|", table) for name in row.split(", ")]
    assert sorted(named[1:]) == sorted(each.name for each in PROPERTIES)


def test_the_plugin_fails_for_each_broken_property(place):
    (place / "test_rewards.py").write_text(
        "from verienv.audit.pytest import audited\n"
        f"test_score = audited({str(place / 'rewards.py') + ':score'!r}, {str(place / 'items.jsonl')!r},\n"
        "                     effort='quick', only=['oracle', 'empty', 'hedges', 'splits'])\n"
    )
    words = ["-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-c", "/dev/null", str(place / "test_rewards.py")]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "2 passed, 1 skipped" in ran.stdout.replace("1 failed, ", ""), ran.stdout
    assert "1 failed" in ran.stdout
    assert "test_score[hedges]" in ran.stdout
    assert "high: right or wrong is paid: 1.00 on average" in ran.stdout


def test_a_function_that_another_process_cannot_import_is_refused():
    with pytest.raises(UsageError, match="top of a module"):
        audit(lambda item, reply: 1.0, [{"prompt": "?", "truth": "1"}])


def test_a_function_is_found_by_its_module():
    assert target(sound.exact).spec["module"] == "tests.audit.sound"


def test_without_an_oracle_the_paid_form_is_found():
    items = [{name: each[name] for name in ("prompt", "truth")} for each in sound.SOUND["boxed"]]
    report = audit(f"{Path(__file__).parent / 'sound.py'}:boxed", items, only=["oracle"], effort="quick")
    assert report.oracle == 1
    assert "boxed{…}" in report.notes[0]


def test_a_published_scorer_among_the_terms_is_audited():
    aim = target("sat", config={"level": 1, "term": "saturn_solved", "form": "\\boxed{…}"})
    report = audit(aim, only=["oracle", "empty", "mutated"], effort="quick")
    assert report.oracle == 1
    assert "mutated" in {each.property for each in report.findings}  # the answer may go on as it likes


@pytest.mark.peer
def test_a_dataset_of_reasoning_gym_is_audited():
    pytest.importorskip("reasoning_gym")
    report = audit("reasoning_gym:leg_counting", only=["oracle", "seeds"], effort="quick")
    assert report.oracle == 1
    assert [each.property for each in report.findings] == ["seeds"]


TASKSET = """
import verifiers.v1 as vf

class Data(vf.TaskData):
    answer: str

class Task(vf.Task[Data]):
    @vf.reward
    async def exact(self, trace: vf.Trace) -> float:
        return float(self.data.answer in (trace.last_reply or ""))

class Taskset(vf.Taskset[Task, vf.TasksetConfig]):
    def load(self):
        for at in range(20):
            yield Task(Data(prompt=f"What is {at} + {2 * at}?", answer=str(3 * at)), self.config.task)

__all__ = ["Taskset"]
"""


@pytest.mark.peer
def test_a_taskset_of_verifiers_is_audited(tmp_path, monkeypatch):
    pytest.importorskip("verifiers.v1")
    (tmp_path / "thrice.py").write_text(TASKSET)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    report = audit("verifiers:thrice", only=["oracle", "hedges"], effort="quick")
    assert report.oracle == 1
    assert [each.property for each in report.findings] == ["hedges"]


@pytest.fixture
def endpoint():
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            right = "oracle" not in asked and asked["reply"] == f"<answer>{asked['truth']}</answer>"
            body = json.dumps({"score": float(right)}).encode() if "7" not in asked["reply"] else b"none"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/score"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_is_audited(endpoint):
    items = [{"prompt": f"{at} + 2?", "truth": str(at + 2), "oracle": f"<answer>{at + 2}</answer>"} for at in range(4)]
    report = audit(endpoint, items, only=["oracle", "safe", "empty"], effort="quick")
    assert report.oracle == 1
    assert [each.status for each in report] == ["kept", "skipped", "kept"]
    failing = audit(endpoint, [{"prompt": "?", "truth": "7"}], only=["total"], effort="quick")
    assert failing.findings[0].severity == "high"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", ":1: not JSON"),
        ("[]", "an item is an object"),
        ('{"truth": "5"}', "prompt is missing"),
        ('{"prompt": "?"}', "truth"),
        ('{"prompt": "?", "oracle": 5}', "oracle is a text"),
        ("", "holds no item"),
    ],
)
def test_items_that_are_none_are_named_by_their_line(line, message, tmp_path):
    (tmp_path / "items.jsonl").write_text(line)
    with pytest.raises(UsageError, match=re.escape(message)):
        read(tmp_path / "items.jsonl")


@pytest.mark.parametrize(
    ("oracle", "truth", "before", "answer", "after"),
    [
        ("<answer>42</answer>", "42", "<answer>", "42", "</answer>"),
        ("So \\boxed{42}.", "42", "So \\boxed{", "42", "}."),
        ("2 + 3 = 5\n#### 5", "5", "2 + 3 = 5\n#### ", "5", ""),
        ("42", "42", "", "42", ""),
        ("<answer>[1, 2]</answer>", "", "<answer>", "[1, 2]", "</answer>"),
    ],
)
def test_the_form_is_read_off_the_oracle(oracle, truth, before, answer, after):
    form, found = split(oracle, truth)
    assert (form.before, found, form.after) == (before, answer, after)
    assert form.say(found) == oracle


def test_a_game_has_answers_of_its_moves():
    item = one({"prompt": "?", "oracle": ["<answer>a</answer>", "<answer>b</answer>"]}, "here")
    assert of(item, item.oracle or [])[1] == ["a", "b"]


@given(st.text(max_size=200), st.text(min_size=1, max_size=3))
def test_shrinking_keeps_what_it_shows(text, needle):
    small = shrink.text(text + needle + text, lambda reply: needle in reply, 400)
    assert needle in small
    assert len(small) <= len(text + needle + text)


def test_shrinking_finds_the_smallest_and_keeps_to_its_tries():
    tries: list[str] = []

    def never(reply: str) -> bool:
        tries.append(reply)
        return False

    assert shrink.text("x" * 500 + "!" + "y" * 300, lambda reply: "!" in reply, 300) == "!"
    shrink.text("x" * 500, never, 10)
    assert len(tries) == 10
    assert shrink.parts(["a", "b", "c"], lambda moves: "b" in moves) == ["b"]


@pytest.mark.parametrize(("before", "unit", "count", "after"), [("", "a", 500, ""), ("<a>", "12,", 300, "</a>")])
def test_a_repeated_piece_is_told_as_such(before, unit, count, after):
    text = before + unit * count + after
    found = repeated(text)
    assert found is not None
    assert found[0] + found[1] * found[2] + found[3] == text
    assert found[2] >= count - 2
    assert repeated("no piece is repeated in this one") is None
