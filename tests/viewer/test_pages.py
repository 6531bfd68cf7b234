"""The gallery as files: whole, without a script, and a page of the documentation that cannot drift."""

from __future__ import annotations

import re
import shutil

import pytest

from verienv import registry
from verienv.server import pages

TASKS = [registry.load(name) for name in ("sat", "sokoban")]


def test_the_page_of_the_documentation_is_what_the_code_says_and_draws():
    everything = [registry.load(name) for name in registry.names()]
    assert pages.compare(everything) == [], "verienv gallery --write makes it anew"


def test_a_line_or_a_picture_that_drifted_is_told(tmp_path):
    pages.document(TASKS, tmp_path)
    assert pages.compare(TASKS, tmp_path) == []
    page = tmp_path / "gallery.md"
    page.write_text(page.read_text().replace("sat@1/L3", "sat@1/L4"))
    assert any("stale" in line and "sat@1/L4" in line for line in pages.compare(TASKS, tmp_path))
    pages.document(TASKS, tmp_path)
    picture = tmp_path / "pictures" / "gallery" / "sokoban.png"
    from PIL import Image, ImageOps

    ImageOps.mirror(Image.open(picture).convert("RGB")).save(picture)
    assert pages.compare(TASKS, tmp_path) == ["pictures/gallery/sokoban.png is not what sokoban draws"]
    shutil.rmtree(tmp_path / "pictures")
    assert len(pages.compare(TASKS, tmp_path)) == 1


def test_every_level_is_written_with_what_answers_it(tmp_path):
    written = pages.write(TASKS, tmp_path)
    assert [path.name for path in written] == ["index.html", "sat.html", "sokoban.html"]
    for task in TASKS:
        text = (tmp_path / f"{task.name}.html").read_text(encoding="utf-8")
        assert text.count("<section") == len(task.levels)
        assert text.count("<details>") == len(task.levels)
        assert not re.search(r"<script|\son\w+=|\sstyle=|https?:", text)
        for picture in re.findall(r'src="(pictures/[^"]+)"', text):
            assert (tmp_path / picture).is_file()


def test_what_a_prompt_says_is_text(tmp_path):
    assert pages._text("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#x27;"


@pytest.mark.parametrize("arguments", [[], ["--write", "--check"], ["--check", "sat"]])
def test_the_command_wants_one_thing(arguments):
    from click.testing import CliRunner

    from verienv.cli.gallery import command

    assert CliRunner().invoke(command, arguments).exit_code == 2
