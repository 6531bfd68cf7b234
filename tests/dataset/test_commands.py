"""`verienv generate` and `verienv score`, as a script and as a person see them."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from verienv import cli, dataset


@pytest.fixture
def verienv(capsys):
    def run(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.root.main(args=[str(word) for word in words], prog_name="verienv")
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    return run


def test_generate_writes_what_the_library_writes_and_says_nothing_in_a_pipe(verienv, tmp_path):
    code, out, err = verienv("generate", "sat", "--level", "0:3", "-n", 40, "--seed", 1, "-o", tmp_path / "out")
    assert (code, out, err) == (0, "", "")
    rows = dataset.rows(dataset.plan("sat", "0:3", count=40, seed=1))
    assert list(dataset.read(tmp_path / "out")) == [row.columns() for row in rows]


def test_generate_json_is_one_object(verienv, tmp_path):
    code, out, _ = verienv("generate", "sat", "-l", 0, "-n", 5, "--shard", "2/2", "-o", tmp_path / "out", "--json")
    assert code == 0
    assert json.loads(out)["rows"] == 3


def test_a_space_too_small_is_told_and_leaves_by_1(verienv, tmp_path):
    words = [
        "generate",
        "sat",
        "-l",
        0,
        "--set",
        "n=1",
        "--set",
        "k=3",
        "--set",
        "l=2",
        "-n",
        100,
        "-o",
        tmp_path / "out",
    ]
    code, _, err = verienv(*words)
    assert code == 1
    assert "distinct problems found" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["satt", "-n", "3"], "did you mean 'sat'"),
        (["sat", "-n", "0"], "from 1 up"),
        (["sat", "-n", "3", "-l", "99"], "levels 0 to 10"),
        (["sat", "-n", "3", "--format", "csv"], "unknown format"),
        (["sat", "-n", "3", "--shard", "0/2"], "1 <= i <= N"),
        (["sat", "-n", "3", "--set", "n=1", "--set", "n=2"], "given twice"),
        (["sat", "-n", "3", "--pictures", "/nowhere"], "no directory of pictures"),
        (["sat", "-n", "3", "--workers", "0"], "workers=0"),
        (["sat", "-n", "3", "--order", "size"], "unknown order for sat"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_by_2(verienv, tmp_path, words, told):
    code, out, err = verienv("generate", *words, "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_a_users_pictures_become_the_problems_pictures(verienv, tmp_path):
    (tmp_path / "photos").mkdir()
    for at in range(12):
        picture = Image.effect_mandelbrot((320, 240), (-2, -1.5, 1 - at / 9, 1.5), 60)
        picture.convert("RGB").save(tmp_path / "photos" / f"{at}.png")
    (tmp_path / "photos" / "notes.txt").write_text("no picture")
    words = ["generate", "jigsaw", "-l", 0, "-n", 3, "--pictures", tmp_path / "photos", "-o", tmp_path / "out"]
    code, _, err = verienv(*words)
    assert code == 0
    assert err.startswith(f"{tmp_path / 'photos' / 'notes.txt'}: ")
    assert err.endswith(": skipped\n")
    (record, *_) = dataset.read(tmp_path / "out")
    assert json.loads(record["knobs"])["pictures"]


def test_score_gives_a_line_for_each_reply_and_its_exit_code_says_whether_all_could_be_scored(verienv, tmp_path):
    verienv("generate", "sat", "-l", 0, "-n", 4, "-o", tmp_path / "out")
    records = list(dataset.read(tmp_path / "out"))
    lines = [json.dumps({"address": each["address"], "response": each["oracle"]}) for each in records]
    (tmp_path / "r.jsonl").write_text("\n".join(lines))
    code, out, err = verienv("score", tmp_path / "out", "--responses", tmp_path / "r.jsonl")
    assert (code, err) == (0, "")
    assert [json.loads(line)["value"] for line in out.splitlines()] == [1.0] * 4
    (tmp_path / "r.jsonl").write_text("\n".join([*lines, "oops"]))
    code, out, err = verienv(
        "score", tmp_path / "out", "-r", tmp_path / "r.jsonl", "-o", tmp_path / "s.jsonl", "--json"
    )
    assert code == 1
    assert json.loads(out)["scored"] == 4
    assert "line 5: not JSON" in err
    assert len((tmp_path / "s.jsonl").read_text().splitlines()) == 4
    assert verienv("score", tmp_path / "nowhere", "-r", tmp_path / "r.jsonl")[0] == 2
