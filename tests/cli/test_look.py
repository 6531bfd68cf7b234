"""list, show, play, completion."""

from __future__ import annotations

import io
import json
from random import Random

import pytest
from PIL import Image
from rich.console import Console

import verienv
from verienv import registry
from verienv.cli import pictures, root

LIST_FIELDS = {"task", "version", "title", "kind", "tags", "parts", "terms", "views", "levels", "knobs"}


def test_list_shows_every_task(run):
    result = run("list")
    for name in registry.names():
        assert f"\n{name} " in result.stdout


def test_list_as_json(rows):
    listed = rows("list", "--json")
    assert [row["task"] for row in listed] == list(registry.names())
    assert all(row.keys() == LIST_FIELDS for row in listed)
    sat = next(row for row in listed if row["task"] == "sat")
    assert sat["views"] == ["text", "native", "step"]
    assert len(sat["levels"]) == len(verienv.load("sat").levels)


def test_list_by_tag(rows):
    assert "sat" in [row["task"] for row in rows("list", "--tag", "logic", "--tag", "saturn", "--json")]
    assert all("saturn" in row["tags"] for row in rows("list", "--tag", "saturn", "--json"))


def test_show_prints_the_prompt_and_not_the_answer(run):
    result = run("show", "sat", "--level", "2", "--index", "17")
    instance = verienv.load("sat").instance(level=2, index=17)
    assert result.exit_code == 0
    assert instance.address in result.stdout
    assert instance.digest in result.stdout
    assert "Find an assignment" in result.stdout
    assert verienv.load("sat").oracle(instance) not in result.stdout


@pytest.mark.parametrize(
    "place",
    [
        ["sat", "-l", "2", "-i", "17", "--seed", "5", "--split", "test"],
        ["sat@1/L2/test/s5/17"],
        ["--address", "sat@1/L2/test/s5/17"],
        ["sat", "--address", "sat@1/L2/test/s5/17"],
    ],
)
def test_show_as_json_says_everything(rows, place):
    (row,) = rows("show", *place, "--oracle", "--json")
    instance = verienv.instance("sat@1/L2/test/s5/17")
    assert (row["address"], row["digest"], row["prompt"]) == (instance.address, instance.digest, instance.prompt)
    assert row["messages"] == instance.messages
    assert row["knobs"] == instance.knobs.to_dict()
    assert instance.task.score(instance, row["oracle"]).right


def test_show_leaves_the_oracle_out_unless_asked(rows):
    assert "oracle" not in rows("show", "sat", "--json")[0]


def test_show_with_knobs_set(rows):
    (row,) = rows("show", "sat", "--set", "k=6", "--set", "l=9", "--json")
    assert row["address"] == "sat@1/k=6,l=9/train/s0/0"
    (row,) = rows("show", "sat", "--level", "1", "--set", "rendering=story", "--json")
    assert row["knobs"]["l"] == verienv.load("sat").levels[1].l
    assert "party" in row["prompt"][0]


def test_show_the_oracle_and_its_score(run):
    result = run("show", "sat", "--oracle")
    assert "✓ 1  right" in result.stdout


def drawing(width: int = 37, height: int = 20) -> Image.Image:
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(3 * width * height))


def test_pictures_are_saved_when_a_folder_is_given(tmp_path, capsys):
    one, two = drawing(), drawing(8, 8)
    paths = pictures.save(["text", one, "more", two], tmp_path / "new", "x")
    assert [path.name for path in paths] == ["x-1.png", "x-2.png"]
    with Image.open(paths[0]) as saved:
        assert saved.tobytes() == one.tobytes()
    pictures.show(["text", one, two], paths)
    shown = capsys.readouterr().out
    assert f"[picture, 37×20: {paths[0]}]" in shown
    assert f"[picture, 8×8: {paths[1]}]" in shown


def test_without_a_terminal_a_picture_is_a_line(capsys):
    pictures.show([drawing()])
    assert "[picture, 37×20; save it with -o DIR]" in capsys.readouterr().out


def test_cells_show_two_pixels_each():
    picture = Image.new("RGB", (4, 4), "red")
    picture.paste("blue", (0, 2, 4, 4))
    text = pictures.cells(picture, 80, 40)
    assert text.plain == "▀▀▀▀\n▀▀▀▀"
    drawn = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
    colours = {str(segment.style) for segment in text.render(drawn) if segment.text == "▀"}
    assert colours == {"#ff0000 on #ff0000", "#0000ff on #0000ff"}


@pytest.mark.parametrize(("width", "height"), [(80, 20), (10, 3), (1, 1)])
def test_cells_fit(width, height):
    lines = pictures.cells(drawing(300, 200), width, height).plain.split("\n")
    assert len(lines) <= height
    assert {len(line) for line in lines} <= set(range(1, width + 1))


def test_cells_need_colours():
    console = Console(force_terminal=True, color_system="truecolor")
    assert pictures.supported(console) == console.encoding.startswith("utf")
    assert not pictures.supported(Console(force_terminal=True, color_system=None))
    assert not pictures.supported(Console(force_terminal=True, color_system="truecolor", no_color=True))


def answer(index: int) -> str:
    task = verienv.load("sat")
    reply: str = task.oracle(task.instance(level=1, index=index))
    return reply.removeprefix("<answer>").removesuffix("</answer>")


def test_play_scores_and_goes_on(run):
    result = run("play", "sat", "--level", "1", typed=f"{answer(0)}\nnonsense\n{answer(2)}\nq\n")
    assert result.exit_code == 0
    assert "✓ 1  right" in result.stdout
    assert "✗ 0  not_bits" in result.stdout
    assert "2 of 3 right, mean score 0.67" in result.stdout
    assert [f"sat@1/L1/train/s0/{index}" in result.stdout for index in range(5)] == [True] * 4 + [False]


def test_play_ends_with_the_input(run):
    result = run("play", "sat")
    assert result.exit_code == 0
    assert "nothing answered" in result.stdout


def test_play_shows_an_answer_and_skips(run):
    result = run("play", "sat", "-l", "1", typed="?\n\nq\n")
    assert f"<answer>{answer(0)}</answer>" in result.stdout
    assert "skipped" in result.stderr
    assert "nothing answered" in result.stdout


def test_play_reads_an_answer_of_several_lines(run):
    first, rest = answer(0)[:2], answer(0)[2:]
    assert "1 of 1 right" in run("play", "sat", "-l", "1", typed=f"<answer>\n{first}\n{rest}\n</answer>\n").stdout
    assert "nothing answered" in run("play", "sat", typed="<answer>\nand no end").stdout


def test_play_scores_as_a_reply_is_scored(run):
    typed = "\x1b[31m<answer>" + answer(0) + "</answer>"
    assert "1 of 1 right" in run("play", "sat", "-l", "1", typed=f"{typed}\n").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_back(run, shell):
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_VERIENV_COMPLETE" in result.stdout
    assert f"{shell}_complete" in result.stdout


COMPLETIONS = [
    ("verienv ", ["list", "show", "generate", "completion"]),
    ("verienv pl", ["play"]),
    ("verienv show ", ["sat"]),
    ("verienv show sat --level ", ["0", "10"]),
    ("verienv show sat --split te", ["test"]),
    ("verienv play sat --set rend", ["rendering=letters", "rendering=dimacs"]),
    ("verienv check ", ["sat"]),
    ("verienv completion ", ["bash", "zsh", "fish"]),
    ("verienv show sat --lev", ["--level"]),
]


@pytest.mark.parametrize(("line", "expected"), COMPLETIONS, ids=[line for line, _ in COMPLETIONS])
def test_the_shell_completes(monkeypatch, capsys, line, expected):
    monkeypatch.setenv("_VERIENV_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    with pytest.raises(SystemExit):
        root.main(prog_name="verienv")
    words = [word.partition(",")[2] for word in capsys.readouterr().out.split()]
    assert set(expected) <= set(words)
    if line.split(" ")[-1]:
        assert all(word.startswith(line.split(" ")[-1]) for word in words)


def test_json_is_ascii_and_one_object_a_line(run):
    out = run("show", "sat", "--json").stdout
    assert out.isascii()
    assert out.count("\n") == 1
    json.loads(out)
