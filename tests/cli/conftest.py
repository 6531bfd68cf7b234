"""Runs the command line in this process, and in a real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from verienv.cli import root

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def run() -> Callable[..., Result]:
    """run("list", "--json") → the result; an exception that is not an exit fails the test."""

    def invoke(*args: str | Path, typed: str = "") -> Result:
        return CliRunner().invoke(root, [str(each) for each in args], input=typed, prog_name="verienv")

    return invoke


@pytest.fixture
def rows(run) -> Callable[..., list[dict[str, Any]]]:
    """The JSON lines that a command prints."""

    def invoke(*args: str | Path) -> list[dict[str, Any]]:
        result = run(*args)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return invoke


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """start("list") → a real process with pipes, ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def popen(*args: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "verienv", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
        )
        started.append(process)
        return process

    yield popen
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
