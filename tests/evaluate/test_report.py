"""The page: what it shows, that nothing in it runs, and how runs are compared."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

import verienv
from verienv import evaluate
from verienv.evaluate import Said, report

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</pre></details><iframe src=javascript:alert(1)>",
    "<svg onload=alert(1)>",
    "&lt;script&gt;",
    "\x1b]0;title\x07\x00\ud800 <style>*{display:none}</style>",
)


class Page(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> list[evaluate.Results]:
    """A model that is right on level 0 only, and one that is right everywhere, both hostile on one problem."""
    folder = tmp_path_factory.mktemp("runs")
    asked = evaluate.problems(["sat"], "0:2", count=6)
    instances = {str(verienv.instance(each).prompt[0]): verienv.instance(each) for each in asked}

    def policy(least: int) -> Any:
        said = iter(HOSTILE * 100)

        def answer(messages: Any) -> Said:
            found = instances[messages[-1]["content"]]
            right = found.level is not None and found.level <= least
            return Said(found.task.oracle(found) if right else next(said), reply_tokens=7)

        return answer

    for name, least in (("weak <b>one</b>", 0), ("strong", 2)):
        evaluate.run(asked, policy(least), folder / name, samples=2, concurrency=1, settings={"model": name})
    return [evaluate.results(folder / name) for name in ("weak <b>one</b>", "strong")]


def test_nothing_that_a_model_or_a_name_says_becomes_markup(runs):
    for text in (report.page(runs[:1]), report.page(runs)):
        page = Page(text)
        assert not {"script", "iframe", "img", "b", "object", "form"} & set(page.tags)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not [value for _, value in page.attributes if "javascript:" in value]
        assert "default-src 'none'" in text
        assert "\x1b" not in text
        assert page.tags.count("style") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report.page(runs[:1])
    assert "weak &lt;b&gt;one&lt;/b&gt;" in report.page(runs)


def test_a_single_run_has_its_curves_tables_and_examples(runs):
    text = report.page(runs[:1])
    for shown in ("mean score, 95 %", "pass@1", "pass@2", "best blind player", "oracle", "no_answer", "L0", "L2"):
        assert shown in text
    assert text.count("<polyline") == 4, "pass@1 is the mean score here, and needs no line of its own"
    assert "1.000 <small>[1.000, 1.000]</small>" in text


def test_several_runs_are_compared_on_the_problems_they_share(runs):
    found = report.differences(runs[0], runs[1])
    assert [(each.setting, each.problems, each.estimate.value) for each in found] == [
        ("L0", 6, 0.0),
        ("L1", 6, 1.0),
        ("L2", 6, 1.0),
    ]
    text = report.page(runs)
    assert len(re.findall("<tr class=sure>", text)) == 2
    assert text.count("<polyline") == 4


def test_runs_that_share_no_problem_say_so(runs, tmp_path):
    other = evaluate.problems(["sat"], "0", count=3, seed=5)
    evaluate.run(other, lambda messages: "no idea", tmp_path / "other")
    assert report.differences(runs[0], evaluate.results(tmp_path / "other")) == []
    assert "No problem was asked in two" in report.page([runs[0], evaluate.results(tmp_path / "other")])


def test_one_level_alone_still_makes_a_picture(tmp_path):
    asked = evaluate.problems(["sat"], "1", count=2)
    evaluate.run(asked, lambda messages: "no idea", tmp_path / "one")
    text = report.page([evaluate.results(tmp_path / "one", blind=False)])
    assert "<circle" in text
    assert "nan" not in text.lower().replace("finance", "")
