"""Every format holds the same rows, pictures included, with the same bytes each time."""

from __future__ import annotations

import base64
import io
import json
import sys
import tarfile

import pytest
from PIL import Image

import verienv
from tests.dataset.trees import tree
from verienv import dataset, mixture
from verienv.dataset import reading
from verienv.errors import MissingExtra

MIXED = (mixture.cell("sat", 0), mixture.cell("jigsaw", 0))


def plan(form: str, order: str = "mixed", **settings) -> dataset.Plan:
    return dataset.Plan(MIXED, 6, format=form, order=order, part_rows=3, **settings)


@pytest.fixture(scope="module")
def rows() -> list[dataset.Row]:
    return list(dataset.rows(plan("jsonl")))


@pytest.mark.parametrize("form", ["jsonl", "webdataset", "trl", "verl", "openrlhf"])
def test_a_format_is_written_the_same_twice_and_read_back(tmp_path, rows, form):
    dataset.generate(plan(form), tmp_path / "one")
    dataset.generate(plan(form), tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert [reading.spec(record) for record in dataset.read(tmp_path / "one")] == [
        (row.address, row.digest) for row in rows
    ]
    assert dataset.verify(tmp_path / "one") == []


def test_jsonl_with_pictures_is_a_folder_of_pictures_with_their_metadata(tmp_path, rows):
    dataset.generate(plan("jsonl", "level"), tmp_path)  # the first part holds no picture, and is laid out alike
    seen = 0
    for folder in sorted((tmp_path / "data").iterdir()):
        for line in (folder / "metadata.jsonl").read_text().splitlines():
            record = json.loads(line)
            content = record["messages"][0]["content"]
            assert content.count("<image>") == len(record["images_file_names"])
            for name in record["images_file_names"]:
                seen += 1
                with Image.open(folder / name) as picture:
                    assert picture.format == "JPEG"
    assert seen == sum(len(row.images) for row in rows) == 3
    assert "path: data/train-*/**" in (tmp_path / "README.md").read_text()


def test_png_keeps_every_pixel(tmp_path):
    row = next(dataset.rows(dataset.plan("jigsaw", "0", count=1, image="png")))
    shown = [part for part in verienv.instance(row.address).prompt if not isinstance(part, str)]
    for picture, part in zip(row.images, shown, strict=True):
        with Image.open(io.BytesIO(picture)) as read:
            assert read.format == "PNG"
            assert read.convert("RGB").tobytes() == part.convert("RGB").tobytes()


def test_webdataset_pairs_a_json_with_its_picture_and_names_no_owner(tmp_path, rows):
    dataset.generate(plan("webdataset"), tmp_path)
    with tarfile.open(tmp_path / "data" / "train-00000.tar") as tar:
        members = tar.getmembers()
        assert all((each.mtime, each.uid, each.gid, each.uname) == (0, 0, 0, "") for each in members)
        names = [each.name for each in members]
        picture = tar.extractfile(next(each for each in members if each.name.endswith(".jpg")))
        assert picture is not None
        assert picture.read() == next(row.images[0] for row in rows if row.images)
    assert [name for name in names if name.endswith(".json")] == ["00000.json", "00001.json", "00002.json"]


def test_trainers_get_their_columns(tmp_path, rows):
    for form in ("trl", "verl", "openrlhf"):
        dataset.generate(plan(form), tmp_path / form)
    trl, verl, openrlhf = (list(dataset.read(tmp_path / form)) for form in ("trl", "verl", "openrlhf"))
    for row, one, two, three in zip(rows, trl, verl, openrlhf, strict=True):
        prompt = [{"role": "user", "content": row.messages[0]["content"]}]
        assert two["prompt"] == three["prompt"] == prompt
        (message,) = one["prompt"]
        assert [block["type"] for block in message["content"]] == ["image"] * len(row.images) + ["text"]
        assert "<image>" not in message["content"][-1]["text"]
        assert one["spec"] == two["reward_model"]["ground_truth"] == three["label"] == row.spec
        assert two["data_source"] == three["datasource"] == f"verienv/{row.task}"
        assert two["extra_info"]["index"] == row.index
        assert [base64.b64decode(url.partition(",")[2]) for url in three["images"]] == list(row.images)
        assert len(two["images"]) == len(one["images_file_names"]) == len(row.images)


def test_trl_gets_text_where_no_problem_has_pictures(tmp_path):
    dataset.generate(dataset.plan("sat", "0", count=2, format="trl"), tmp_path)
    for record in dataset.read(tmp_path):
        assert record["prompt"][0]["content"].startswith(str(verienv.instance(record["address"]).prompt[0])[:20])


def test_the_oracle_can_be_left_out(tmp_path):
    dataset.generate(dataset.plan("sat", "0", count=3, oracle=False), tmp_path)
    assert all("oracle" not in record for record in dataset.read(tmp_path))


def test_a_row_survives_being_drafted(rows):
    assert [dataset.Row.from_draft(row.to_draft()) for row in rows] == rows


def test_a_row_in_the_openai_form_has_its_parts_in_order(rows):
    row = next(row for row in rows if row.images)
    (message,) = row.chat()
    assert [part["type"] for part in message["content"]] == ["image_url", "text"]
    assert "<image>" not in message["content"][1]["text"]
    text = next(row for row in rows if not row.images)
    assert text.chat()[0]["content"] == text.messages[0]["content"]


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"verienv\[parquet\]"):
        dataset.generate(dataset.plan("sat", "0", count=3, format="parquet"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["parquet", "trl-parquet", "verl-parquet", "openrlhf-parquet"])
def test_parquet_tells_hugging_face_which_columns_are_pictures(tmp_path, rows, form):
    parquet = pytest.importorskip("pyarrow.parquet")
    dataset.generate(plan(form), tmp_path)
    schema = parquet.read_schema(tmp_path / "data" / "train-00000.parquet")
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert features["images"] == [{"_type": "Image"}]
    assert list(features) == schema.names
    assert [reading.spec(record)[0] for record in dataset.read(tmp_path)] == [row.address for row in rows]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "trl"])
def test_hugging_face_loads_the_folder_with_its_pictures(tmp_path, rows, form):
    datasets = pytest.importorskip("datasets")
    dataset.generate(plan(form), tmp_path / "out")
    loaded = datasets.load_dataset(str(tmp_path / "out"), cache_dir=str(tmp_path / "cache"))["train"]
    assert [record["address"] for record in loaded] == [row.address for row in rows]
    assert [len(record["images"]) for record in loaded] == [len(row.images) for row in rows]
