"""What the page asks the viewer for: families, instances, pictures, answers, and what it refuses."""

from __future__ import annotations

import io

import pytest

from tests.viewer.seeing import ask, got
from verienv import registry


def test_every_family_is_told_with_its_levels_and_knobs(viewed):
    told = got(viewed, "/api/families")
    assert [each["name"] for each in told["families"]] == list(registry.names())
    assert not told["broken"]
    for each in told["families"]:
        task = registry.load(each["name"])
        assert each["levels"] == [level.to_dict() for level in task.levels]
        assert [knob["name"] for knob in each["knobs"]] == [knob.name for knob in task.knobs.knobs()]
        assert 0 <= each["sample"] < len(each["levels"])


def test_knobs_that_are_a_levels_give_the_levels_address(viewed):
    level = registry.load("sat").levels[2]
    assert got(viewed, "/api/instance", task="sat", knobs=level.to_text())["address"] == "sat@1/L2/train/s0/0"
    spelt = got(viewed, "/api/instance", task="sat", knobs="n=3,k=6,l=9", seed=4, index=2, split="test")
    assert spelt["address"] == "sat@1/k=6,l=9/test/s4/2"
    assert got(viewed, "/api/instance", address=spelt["address"])["prompt"] == spelt["prompt"]


def test_an_instance_is_told_without_its_answer(viewed):
    told = got(viewed, "/api/instance", address="sat@1/L2/train/s0/0")
    assert told.keys() == {"address", "task", "level", "split", "seed", "index", "knobs", "measures", "prompt"}


def test_a_picture_is_the_prompts_and_may_be_had_small(viewed):
    from PIL import Image

    shown = registry.load("jigsaw").instance(1).prompt[0]
    assert isinstance(shown, Image.Image)
    whole = Image.open(io.BytesIO(got(viewed, "/api/picture", address="jigsaw@1/L1/train/s0/0", n=0)))
    assert whole.size == shown.size
    assert whole.tobytes() == shown.convert("RGB").tobytes()
    small = Image.open(io.BytesIO(got(viewed, "/api/picture", address="jigsaw@1/L1/train/s0/0", n=0, width=96)))
    assert small.size == (96, 72)


@pytest.mark.parametrize("name", registry.names())
def test_the_oracle_of_every_family_is_told_and_right(viewed, name):
    address = registry.load(name).instance(0).address
    told = got(viewed, "/api/oracle", {"address": address})
    assert told["verdict"]["value"] == 1


def test_blind_players_are_told_with_what_they_earn(viewed):
    told = got(viewed, "/api/blind", {"address": "sat@1/L1/train/s0/3"})
    means = [each["mean"] for each in told["players"]]
    assert means == sorted(means, reverse=True)
    assert {"empty", "echo", "tags"} <= {each["name"] for each in told["players"]}
    assert told["problems"] >= 1
    assert means[0] < 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"task": "sat", "knobs": "n=99"}, "allowed: 1 to 8"),
        ({"task": "sta"}, "did you mean 'sat'"),
        ({"task": "sat", "level": "77"}, "levels 0 to"),
        ({"address": "sat@9/L0/train/s0/0"}, "version 9"),
        ({"address": "nonsense"}, "is not an address"),
        ({"task": "sat", "index": "x"}, "whole number"),
        ({"task": "sat", "colour": "red"}, "not by 'colour'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(viewed, wanted, words):
    status, told, _ = ask(viewed, "/api/instance", None, wanted)
    assert status == 422
    assert words in told["error"]["message"]


def test_a_picture_that_is_not_there_is_refused(viewed):
    for wanted in ({"n": 3}, {"width": 99999}, {"n": "x"}):
        status, _, _ = ask(viewed, "/api/picture", None, {"address": "jigsaw@1/L1/train/s0/0", **wanted})
        assert status == 422


def test_every_answer_carries_a_policy_that_admits_nothing_inline(viewed):
    for path in ("/", "/web/app.js", "/api/families", "/web/none.js"):
        _, _, headers = ask(viewed, path)
        policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert not {"script-src", "style-src"} & policy.keys()
        assert headers["x-content-type-options"] == "nosniff"


def test_another_sites_page_is_refused(viewed):
    assert ask(viewed, "/api/families", Host="evil.example")[0] == 421
    assert ask(viewed, "/api/oracle", {}, Origin="http://evil.example")[0] == 403
    assert ask(viewed, "/api/families", Sec_Fetch_Site="cross-site")[0] == 403


def test_no_file_outside_the_page_is_served(viewed):
    for path in ("/web/../viewer.py", "/web/%2e%2e/viewer.py", "/web//etc/passwd", "/web/..%2fviewer.py"):
        assert ask(viewed, path)[0] == 404


def test_the_page_holds_nothing_inline_and_nothing_from_elsewhere():
    import re

    from verienv.server.viewer import WEB

    page = (WEB / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
    for file in sorted(WEB.rglob("*.*")):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            file
        )
        assert not re.search(r"https?://(?!www\.w3\.org/)", text), file


def test_a_port_that_is_taken_is_told_with_what_to_do():
    from verienv.errors import UsageError
    from verienv.server import viewing

    with viewing.listen(0) as taken, pytest.raises(UsageError, match="--port 0"):
        viewing.listen(taken.getsockname()[1])
