"""`verienv import` with --pictures: boxes of the user's own pictures become rows that are scored."""

from __future__ import annotations

import json

from PIL import Image

from verienv.render import pictures

BOXES = {
    "images": [{"id": 1, "file_name": "a.png", "width": 90, "height": 80}],
    "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
    "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "bbox": [10, 10, 30, 20]},
        {"id": 6, "image_id": 1, "category_id": 2, "bbox": [50, 40, 30, 20], "iscrowd": 1},
    ],
}


def test_boxes_of_pictures_in_a_folder_become_rows_that_are_scored(run, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "_KNOWN", {})
    monkeypatch.delenv(pictures.VARIABLE, raising=False)
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.effect_noise((90, 80), 60).convert("RGB").save(photos / "a.png")
    (tmp_path / "boxes.json").write_text(json.dumps(BOXES))
    alone = run("import", "grounding", tmp_path / "boxes.json")
    assert alone.exit_code == 2
    assert "a.png" in alone.stderr
    rows = tmp_path / "rows.jsonl"
    result = run("import", "grounding", tmp_path / "boxes.json", "--pictures", photos, "-o", rows)
    assert result.exit_code == 0, result.output
    assert "1 problem read" in result.stdout
    assert "crowds: 1 left out" in result.stderr
    (row,) = [json.loads(line) for line in rows.read_text().splitlines()]
    assert row["prompt"].startswith("<image>\n\nFind the cat.")
    replies = tmp_path / "replies.jsonl"
    replies.write_text(json.dumps({"address": row["address"], "response": "<answer>[10, 10, 40, 30]</answer>"}))
    scored = run("score", rows, "--responses", replies)
    assert scored.exit_code == 0, scored.output
    assert json.loads(scored.stdout)["value"] == 1
