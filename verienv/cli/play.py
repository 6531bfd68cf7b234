"""`verienv play`: a person answers in the terminal, is scored as a model would be, and gets the next instance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from verienv import parsing
from verienv.cli import options, pictures, terminal
from verienv.cli.show import stem, verdict
from verienv.score import Score
from verienv.task import Game, Instance

QUIT = ("q", "quit", "exit")
KEYS = (
    "Type your answer; the tags are added for you. Enter skips, ? shows an answer,\n"
    "q ends. An answer of several lines stands between <answer> and </answer>."
)


class Left(Exception):
    """The player has gone."""


@click.command("play")
@options.task_argument
@options.level_option
@click.option("--index", "-i", type=int, default=0, show_default=True, help="Where to begin.")
@options.seed_option
@options.split_option
@options.set_option
@options.pictures_option
@click.option(
    "--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), help="Save pictures in here, to open."
)
def command(
    task: str,
    level: int | None,
    index: int,
    seed: int,
    split: str,
    changes: tuple[tuple[str, str], ...],
    photos: str | None,
    folder: Path | None,
) -> None:
    """Play TASK: answer, see the score with its parts and reason, go on to the next. The score so far is kept."""
    found = options.load(task)
    changes = options.with_pictures(changes, photos)
    scores: list[Score] = []
    terminal.note(KEYS)
    try:
        while True:
            instance = options.instance(found, level, changes, seed, index, split)
            earned = _episode(instance, folder)
            scores.extend(earned)
            if earned:
                terminal.show(terminal.plain(summary(scores), "bold"))
            index += 1
    except Left:
        terminal.show("", terminal.plain(summary(scores) if scores else "nothing answered", "bold"))


def summary(scores: list[Score]) -> str:
    """How it went so far."""
    right = sum(score.right for score in scores)
    mean = sum(score.value for score in scores) / len(scores)
    return f"{right} of {len(scores)} right, mean score {mean:.2f}"


def _episode(instance: Instance[Any], folder: Path | None) -> list[Score]:
    """Play one instance: its score, or nothing where it was skipped."""
    task, problem = instance.task, instance.problem
    terminal.show("", terminal.plain(instance.address, "bold cyan"), "")
    now, count = task.begin(problem), 0
    while True:
        count += 1
        _present(now.prompt, folder, f"{stem(instance)}-{count}" if isinstance(task, Game) else stem(instance))
        typed = _ask()
        while typed == "?":
            _reveal(task.oracle(instance))
            typed = _ask()
        if not typed:
            terminal.note("skipped")
            return []
        reply = typed if "<answer>" in typed or "\\boxed{" in typed else parsing.say(typed)
        now = task.step(problem, now, reply)
        if now.score is not None:
            terminal.show(verdict(now.score))
            return [now.score]


def _present(prompt: list[Any], folder: Path | None, name: str) -> None:
    pictures.show(prompt, pictures.save(prompt, folder, name) if folder else ())


def _ask() -> str:
    """What the player typed; raises Left at the end of input and on q."""
    sys.stdout.write("› ")
    sys.stdout.flush()
    typed = sys.stdin.readline(parsing.MAX_CHARS)
    if not typed or typed.strip().lower() in QUIT:
        raise Left
    while "<answer>" in typed and "</answer>" not in typed and len(typed) <= parsing.MAX_CHARS:
        more = sys.stdin.readline(parsing.MAX_CHARS)
        if not more:
            raise Left
        typed += more
    return typed.strip()


def _reveal(answer: Any) -> None:
    replies = [answer] if isinstance(answer, str) else list(answer)
    for reply in replies:
        terminal.show(terminal.plain(reply, "green"))
