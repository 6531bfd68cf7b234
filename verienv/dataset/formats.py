"""Formats: how a part of a dataset is written. A layout turns rows into records; a container writes records.

jsonl             records, one a line; with pictures a folder that Hugging Face reads as `imagefolder`
parquet           the same columns, pictures inside (needs pyarrow)
webdataset        a tar of KEY.json and the pictures KEY.jpg, or KEY.0.jpg, KEY.1.jpg …; Hugging
                      Face reads it only when every row has as many pictures as the next, webdataset itself always
trl verl openrlhf the trainer's columns as JSONL, or as parquet with "-parquet" after the name
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from verienv import registry
from verienv.dataset import disk, draw
from verienv.dataset.plans import Plan
from verienv.dataset.row import Line, Row, dumps
from verienv.errors import MissingExtra, UsageError

Record = dict[str, Any]

DATA = "data"
METADATA = "metadata.jsonl"  # the name that Hugging Face's imagefolder looks for
ENDINGS = ("", ".jsonl", ".parquet", ".tar")  # of a part; the first is a folder
ROW_GROUP = 100  # rows; small, because a row may hold pictures


def layout_of(plan: Plan) -> Callable[[Row], Record]:
    """What a row's record holds, pictures excepted."""
    name = plan.format.removesuffix("-parquet")
    return _trl_pictured if name == "trl" and draw.pictured(plan) else LAYOUTS[name]


def container_of(plan: Plan) -> str:
    """jsonl, parquet or webdataset."""
    if plan.format.endswith("parquet"):
        return "parquet"
    return "webdataset" if plan.format == "webdataset" else "jsonl"


def check(plan: Plan) -> None:
    """Raise MissingExtra, before anything is drawn, where the format needs a package that is absent."""
    if container_of(plan) == "parquet":
        _pyarrow()


def line_of(plan: Plan) -> Callable[[Row], bytes] | None:
    """How a drawn row becomes a line, so that a worker may do it; None where a part is more than its lines."""
    if plan.sorted_by is not None:
        return _draft_line
    if container_of(plan) != "jsonl" or _in_folders(plan):
        return None
    return partial(_line, plan)


def write_part(root: Path, plan: Plan, number: int, drawn: Sequence[Row | Line]) -> Path:
    """Write part `number` below `root`, whole or not at all; the file, or the folder of a part with pictures.

    Lines, as `line_of` makes them, are written as they are.
    """
    folder = root / DATA
    folder.mkdir(exist_ok=True)
    stem = f"{plan.split}-{number:05d}"
    layout = layout_of(plan)
    container = container_of(plan)
    rows = [each for each in drawn if isinstance(each, Row)]
    for ending in ENDINGS:
        disk.remove(folder / f"{stem}{ending}")  # what an interrupted run left
    if container == "parquet":
        return whole(folder / f"{stem}.parquet", lambda file: _write_parquet(file, plan, rows, layout))
    if container == "webdataset":
        return whole(folder / f"{stem}.tar", lambda file: _write_tar(file, rows, layout))
    if _in_folders(plan):
        return _write_folder(folder / stem, rows, layout)
    lines = [each.text if isinstance(each, Line) else _line(plan, each) for each in drawn]
    return whole(folder / f"{stem}.jsonl", lambda file: file.writelines(lines))


def _in_folders(plan: Plan) -> bool:
    """Whether pictures stand as files beside the rows."""
    return plan.format in ("jsonl", "trl") and draw.pictured(plan)


def _line(plan: Plan, row: Row) -> bytes:
    inline = _INLINE.get(plan.format)
    if row.images and inline is None:
        raise UsageError("some problems have pictures and the first ones have none: write them as parquet")
    return _utf8(dumps(layout_of(plan)(row) | (inline(row) if inline else {})) + "\n")


def _draft_line(row: Row) -> bytes:
    return _utf8(row.to_draft() + "\n")


def _canonical(row: Row) -> Record:
    return row.columns()


def _trl(row: Row) -> Record:
    return {"prompt": _messages(row), **{name: row.columns()[name] for name in ("address", "task", "level", "spec")}}


def _trl_pictured(row: Row) -> Record:
    """TRL puts pictures before a prompt that is text, and would leave each `<image>` standing in it."""
    return {**_trl(row), "prompt": row.blocks()}


def _verl(row: Row) -> Record:
    return {
        "data_source": f"verienv/{row.task}",
        "prompt": _messages(row),
        "ability": (*registry.load(row.task).tags, "reasoning")[0],
        "reward_model": {"style": "rule", "ground_truth": row.spec},
        "extra_info": {
            "split": row.split,
            "index": row.index,
            "seed": row.seed,
            "level": row.level,
            "address": row.address,
            "knobs": dumps(row.knobs),
        },
    }


def _openrlhf(row: Row) -> Record:
    return {"prompt": _messages(row), "label": row.spec, "datasource": f"verienv/{row.task}", "address": row.address}


def _messages(row: Row) -> list[dict[str, str]]:
    return [dict(each) for each in row.messages]


LAYOUTS: Final[dict[str, Callable[[Row], Record]]] = {
    "jsonl": _canonical,
    "parquet": _canonical,
    "webdataset": _canonical,
    "trl": _trl,
    "verl": _verl,
    "openrlhf": _openrlhf,
}

_INLINE: Final[dict[str, Callable[[Row], Record]]] = {
    "verl": lambda row: {"images": [{"image": url} for url in row.data_urls()]},
    "openrlhf": lambda row: {"images": row.data_urls()},
}


def write_draft(root: Path, number: int, drawn: Sequence[Row | Line]) -> Path:
    """Write rows whole, pictures included, to be sorted later."""
    lines = [each.text if isinstance(each, Line) else _draft_line(each) for each in drawn]
    return whole(root / f"{number:05d}.jsonl", lambda file: file.writelines(lines))


def whole(path: Path, fill: Callable[[Any], object]) -> Path:
    """The file at `path`, written by `fill`, there whole or not at all."""
    with disk.replacing(path) as temporary, open(temporary, "wb") as file:
        fill(file)
        file.flush()
        disk.sync(file.fileno())
    return path


def _write_folder(folder: Path, rows: Sequence[Row], layout: Callable[[Row], Record]) -> Path:
    with disk.replacing(folder) as temporary:
        temporary.mkdir()
        lines = []
        for at, row in enumerate(rows):
            pictures = [f"{at:05d}-{which}.{row.extension}" for which in range(len(row.images))]
            for name, picture in zip(pictures, row.images, strict=True):
                _fill(temporary / name, picture)
            lines.append(dumps({**layout(row), "images_file_names": pictures}) + "\n")
        _fill(temporary / METADATA, _utf8("".join(lines)))
        disk.sync_directory(temporary)
    return folder


def _fill(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        disk.sync(file.fileno())


def _write_tar(file: Any, rows: Sequence[Row], layout: Callable[[Row], Record]) -> None:
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for at, row in enumerate(rows):
            key = f"{at:05d}"
            _add(tar, f"{key}.json", _utf8(dumps(layout(row))))
            for which, picture in enumerate(row.images):
                one = "" if len(row.images) == 1 else f"{which}."
                _add(tar, f"{key}.{one}{row.extension}", picture)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    header = tarfile.TarInfo(name)  # no owner, time 0: the same bytes everywhere
    header.size, header.mode = len(content), 0o644
    tar.addfile(header, io.BytesIO(content))


def _write_parquet(file: Any, plan: Plan, rows: Sequence[Row], layout: Callable[[Row], Record]) -> None:
    arrow, parquet = _pyarrow()
    records = []
    for row in rows:
        images = [{"bytes": picture, "path": None} for picture in row.images]
        records.append({**layout(row), "images": images})
    fields = _fields(plan)
    schema = arrow.schema([(name, _arrow(arrow, kind)) for name, kind in fields.items()])
    features = {name: _feature(kind) for name, kind in fields.items()}
    schema = schema.with_metadata({"huggingface": dumps({"info": {"features": features}})})
    table = arrow.Table.from_pylist(records, schema=schema)
    parquet.write_table(table, file, compression="zstd", row_group_size=ROW_GROUP)


def read_parquet(path: Path) -> Iterator[Record]:
    """The records of a parquet part, pictures left out."""
    _, parquet = _pyarrow()
    with parquet.ParquetFile(path) as file:
        columns = [name for name in file.schema_arrow.names if name != "images"]
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group, columns=columns).to_pylist()


_TEXT, _NUMBER, _IMAGES = "string", "int64", "images"
_CHAT: Final = [{"role": _TEXT, "content": _TEXT}]
_BLOCKS: Final = [{"role": _TEXT, "content": [{"type": _TEXT, "text": _TEXT}]}]


def _fields(plan: Plan) -> dict[str, Any]:
    """The columns and their kinds, in Hugging Face's names of types."""
    name = plan.format.removesuffix("-parquet")
    if name == "trl":
        chat = _BLOCKS if draw.pictured(plan) else _CHAT
        return {"prompt": chat, "address": _TEXT, "task": _TEXT, "level": _NUMBER, "spec": _TEXT, "images": _IMAGES}
    if name == "verl":
        info = {"split": _TEXT, "index": _NUMBER, "seed": _NUMBER, "level": _NUMBER, "address": _TEXT, "knobs": _TEXT}
        return {
            "data_source": _TEXT,
            "prompt": _CHAT,
            "ability": _TEXT,
            "reward_model": {"style": _TEXT, "ground_truth": _TEXT},
            "extra_info": info,
            "images": _IMAGES,
        }
    if name == "openrlhf":
        return {"prompt": _CHAT, "label": _TEXT, "datasource": _TEXT, "address": _TEXT, "images": _IMAGES}
    fields = {
        "address": _TEXT,
        "task": _TEXT,
        "level": _NUMBER,
        "knobs": _TEXT,
        "split": _TEXT,
        "seed": _NUMBER,
        "index": _NUMBER,
        "messages": _CHAT,
        "oracle": _TEXT,
        "difficulty": _TEXT,
        "digest": _TEXT,
        "spec": _TEXT,
        "images": _IMAGES,
    }
    if not plan.oracle:
        del fields["oracle"]
    return fields


def _arrow(arrow: Any, kind: Any) -> Any:
    if kind == _IMAGES:
        return arrow.list_(arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())]))
    if isinstance(kind, list):
        return arrow.list_(_arrow(arrow, kind[0]))
    if isinstance(kind, dict):
        return arrow.struct([(name, _arrow(arrow, inner)) for name, inner in kind.items()])
    return {_TEXT: arrow.string(), _NUMBER: arrow.int64()}[kind]


def _feature(kind: Any) -> Any:
    """The bare-list spelling, the one that every version of Hugging Face datasets from 2.21 on reads."""
    if kind == _IMAGES:
        return [{"_type": "Image"}]
    if isinstance(kind, list):
        return [_feature(kind[0])]
    if isinstance(kind, dict):
        return {name: _feature(inner) for name, inner in kind.items()}
    return {"dtype": kind, "_type": "Value"}


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes its own JSON escape


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as absent:
        raise MissingExtra("pyarrow", "parquet", "writing and reading parquet") from absent
    return pyarrow, pyarrow.parquet
