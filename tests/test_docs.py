"""The documents: their examples run, and their links lead somewhere."""

from __future__ import annotations

import doctest
import re
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_examples_of_a_page_print_what_it_says(page):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=flags, encoding="utf-8")
    assert outcome.failed == 0


@pytest.mark.parametrize("page", [*PAGES, *sorted((ROOT / "tasks").glob("*/README.md"))], ids=name)
def test_the_links_of_a_page_lead_to_files_that_exist(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if not target.startswith("http")]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert not missing


def test_a_family_written_as_the_page_says_works():
    page = (ROOT / "docs" / "add-a-task.md").read_text(encoding="utf-8")
    source = page.split("```python\n")[1].split("```")[0]
    module = types.ModuleType("sum_family")
    sys.modules["sum_family"] = module  # dataclasses look their module up
    try:
        exec(compile(source, "docs/add-a-task.md", "exec"), module.__dict__)  # noqa: S102  # our own page
        task = module.__dict__["task"]
        instance = task.instance(level=1, seed=3)
        assert task.score(instance, task.oracle(instance)).value == 1
        assert task.score(instance, "<answer>-1</answer>").value == 0
    finally:
        del sys.modules["sum_family"]
