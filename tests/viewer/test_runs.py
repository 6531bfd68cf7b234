"""Runs: numbers by step and by level, and a run under way that is followed."""

from __future__ import annotations

import json

from tests.viewer import browsing
from tests.viewer.seeing import ask, got, metrics, viewing
from verienv.server import runs


def test_training_and_evaluation_are_found(viewed):
    found = {(each["kind"], each["run"].split("/")[-1]) for each in got(viewed, "/api/runs")["runs"]}
    assert found == {("training", "run"), ("evaluation", "evaluation")}


def test_metrics_are_read_on_from_where_they_were(tmp_path):
    file = tmp_path / "metrics.jsonl"
    file.write_text(metrics(0) + metrics(1) + '{"step": 2, "rew')
    first = runs.metrics((tmp_path,), tmp_path.name, 0)
    assert [row["step"] for row in first["rows"]] == [0, 1]
    file.write_text(metrics(0) + metrics(1) + metrics(2))
    second = runs.metrics((tmp_path,), tmp_path.name, first["next"])
    assert [row["step"] for row in second["rows"]] == [2]
    file.write_text(metrics(0))
    third = runs.metrics((tmp_path,), tmp_path.name, second["next"])
    assert third["anew"]
    assert [row["step"] for row in third["rows"]] == [0]


def test_what_is_no_number_is_left_out(tmp_path):
    values = '{"step": 1, "a": NaN, "b": Infinity, "c": "x", "d": true, "e": 2}\n[1]\nnot JSON\n{"a": 1}\n'
    (tmp_path / "metrics.jsonl").write_text(values)
    assert runs.metrics((tmp_path,), tmp_path.name, 0)["rows"] == [{"step": 1.0, "e": 2.0}]


def test_results_that_are_none_are_refused(tmp_path):
    with viewing((tmp_path,)) as url:
        for text in ("{", "[]", '{"groups": [{}]}', json.dumps({"groups": 3})):
            (tmp_path / "results.json").write_text(text)
            status, _, _ = ask(url, "/api/run", None, {"run": tmp_path.name, "kind": "evaluation"})
            assert status == 422
        assert ask(url, "/api/run", None, {"run": "../elsewhere"})[0] == 422


def test_a_run_under_way_is_followed(browser, tmp_path):
    (tmp_path / "metrics.jsonl").write_text("".join(map(metrics, range(5))))
    with viewing((tmp_path,)) as url, browsing.page(browser) as page:
        page.goto(f"{url}/#/runs")
        reward = page.locator(".chart").filter(has=page.get_by_role("heading", name="Reward", exact=True))
        reward.locator("b").get_by_text("0.1", exact=True).wait_for()
        with open(tmp_path / "metrics.jsonl", "a") as file:
            file.write("".join(map(metrics, range(5, 21))))
        reward.locator("b").get_by_text("0.5", exact=True).wait_for()


def test_runs_lie_over_each_other(viewed, browser):
    with browsing.page(browser) as page:
        page.goto(f"{viewed}/#/runs")
        page.get_by_role("heading", name="Accuracy, sat/L1").wait_for()
        page.get_by_role("heading", name="sat: score by level").wait_for()
        assert page.locator(".chart polyline").count() >= 8
        page.get_by_role("checkbox").first.uncheck()
        page.get_by_role("heading", name="sat: score by level").wait_for(state="detached")
