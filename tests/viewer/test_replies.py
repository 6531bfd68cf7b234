"""Files of replies: what is read, how it is filtered, what grows, and that hostile text stays text."""

from __future__ import annotations

import json

import pytest

from tests.viewer import browsing
from tests.viewer.seeing import ADDRESS, HOSTILE, LONG, ask, got
from verienv.errors import UsageError
from verienv.server import replies


@pytest.fixture(scope="module")
def key(viewed):
    names = [each["file"] for each in got(viewed, "/api/replies")["files"]]
    assert len(names) == len(set(names)) == 3  # metrics are no replies
    return next(name for name in names if name.endswith("evaluation/replies.jsonl"))


def everything(viewed, key, **wanted):
    page = got(viewed, "/api/rows", file=key, **wanted)
    while not page["done"]:
        page = got(viewed, "/api/rows", file=key, **wanted)
    return page


def test_a_file_is_judged_line_by_line(viewed, key):
    page = everything(viewed, key)
    assert (page["read"], page["bad"]) == (len(HOSTILE) + 4, 2)
    assert page["tasks"] == {"sat": len(HOSTILE) + 3, "sokoban": 1}
    assert [row["value"] for row in page["rows"]].count(1) == 2


def test_filters_leave_what_they_say(viewed, key):
    assert everything(viewed, key, score="right")["count"] == 2
    assert everything(viewed, key, score="wrong", setting="sat/L1")["count"] == len(HOSTILE) + 2
    assert everything(viewed, key, reason="too_long")["count"] == 1
    assert everything(viewed, key, setting="sokoban/L3")["count"] == 1


def test_disagreements_of_strict_and_published_are_found(viewed, key):
    rows = everything(viewed, key, disagree="saturn_solved")["rows"]
    assert [(row["value"], row["published"]) for row in rows] == [(1, 0), (0, 1)]  # SATURN reads boxes alone, the last
    assert everything(viewed, key, disagree="first", setting="sat/L1")["rows"] == rows


def test_a_row_is_whole_but_for_what_is_long(viewed, key):
    rows = everything(viewed, key)["rows"]
    (number,) = [row["row"] for row in rows if row["chars"] == LONG]
    whole = got(viewed, "/api/row", file=key, row=number)
    assert whole["replies"][0]["chars"] == LONG
    assert len(whole["replies"][0]["text"]) == replies.FIRST
    more = got(viewed, "/api/row", file=key, row=number, reply=0, start=LONG - 5)
    assert more["text"] == "xxxxx"
    assert len(json.dumps(rows)) < 20_000


def test_a_file_that_grows_is_read_on_and_one_cut_short_is_begun_anew(tmp_path):
    path = tmp_path / "replies.jsonl"
    line = json.dumps({"address": ADDRESS, "response": "no"}) + "\n"
    path.write_text(line + line[:20])
    book = replies.Book(path, "replies")
    assert book.read_on()
    assert len(book.rows) == 1
    path.write_text(line + line + line)
    assert book.read_on()
    assert len(book.rows) == 3
    path.write_text(line)
    assert book.read_on()
    assert len(book.rows) == 1
    assert book.bad == 0


def test_a_line_that_is_too_long_is_counted_and_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "MAX_LINE", 1000)
    line = json.dumps({"address": ADDRESS, "response": "no"}) + "\n"
    path = tmp_path / "replies.jsonl"
    path.write_text(line + "x" * 5000 + "\n" + line)
    book = replies.Book(path, "replies")
    assert book.read_on()
    assert (len(book.rows), book.bad) == (2, 1)


def test_a_file_changed_since_it_was_read_is_told(tmp_path):
    path = tmp_path / "replies.jsonl"
    path.write_text(json.dumps({"address": ADDRESS, "response": "no"}) + "\n")
    book = replies.Book(path, "replies")
    book.read_on()
    path.write_text(json.dumps({"address": ADDRESS.replace("/0", "/1"), "response": "no"}) + "\n")
    with pytest.raises(UsageError, match="changed"):
        book.whole(0)


def test_no_other_file_is_opened(viewed):
    for name in ("/etc/passwd", "../run/metrics.jsonl", "run/metrics.jsonl", ""):
        assert ask(viewed, "/api/rows", None, {"file": name})[0] == 422


def test_a_file_that_is_handed_in_is_opened(viewed):
    line = json.dumps({"address": ADDRESS, "response": HOSTILE[0]}).encode()
    status, told, _ = ask(viewed, "/api/replies", line, {"name": "../../mine.jsonl"})
    assert status == 200
    assert everything(viewed, told["file"])["count"] == 1


def test_hostile_text_is_shown_and_does_nothing(viewed, browser, key):
    with browsing.page(browser) as page:
        page.goto(f"{viewed}/#/replies/{key.replace('/', '%2F')}")
        rows = page.locator(".rows button")
        for at, text in enumerate(HOSTILE, 1):
            rows.nth(at).click()
            shown = page.locator(f'.detail[data-row="{at}"] pre.reply')
            assert shown.text_content() == text
        assert not page.locator("iframe, main script, main style, main svg").count()
        assert page.get_by_role("heading", level=1).all_inner_texts() == ["Replies"]
        assert page.title() == "Replies · verienv"


def test_ten_million_characters_are_shown_a_part_at_a_time(viewed, browser, key):
    with browsing.page(browser) as page:
        page.goto(f"{viewed}/#/replies/{key.replace('/', '%2F')}")
        page.locator(".rows button").nth(len(HOSTILE) + 1).click()
        more = page.get_by_role("button", name="Show more")
        more.wait_for()
        assert len(page.locator(".detail pre.reply").text_content()) == replies.FIRST
        more.click()
        page.get_by_text(f"{LONG - replies.FIRST - replies.NEXT:,} characters are left").wait_for()
        assert page.locator(".detail pre.reply").text_content()[:5] == "<b>xx"
