"""Writing a dataset so that it may be killed at any moment: run again, it goes on and ends with the same bytes.

A part is written whole (temporary file, fsync, rename, fsync of the folder); then its record, which holds its sha256
and how far the draw had come; the manifest last. A run trusts a part only if its record is there and its bytes have
the recorded sha256; from the first one it does not trust, it draws anew.

    out/.verienv/plan.json, lock, parts/00000000.json …    while it runs
    out/data/…, README.md, manifest.json                   what is left
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from verienv.dataset import disk, draw, formats, manifest, parts, sorting, workers
from verienv.dataset.dedupe import Seen
from verienv.dataset.draw import Progress
from verienv.dataset.manifest import CARD, MANIFEST, WORK, Summary
from verienv.dataset.parts import Parts
from verienv.dataset.plans import Plan
from verienv.errors import UsageError

Callback = Callable[[int, int], None]


def generate(
    plan: Plan,
    out: str | Path,
    *,
    workers: int = 1,
    progress: Callback = lambda done, asked: None,
    pictures: str | None = None,
) -> Summary:
    """Write the dataset of a plan into the folder `out`, or go on with one that was begun there.

    `progress(done, asked)` is called after every part. `pictures` is the folder of a user's picture set, for the
    workers. Raises UsageError when `out` holds something else or another run writes there, RunError when the machine
    stops it (a full disk, a worker that died), MissingExtra, ContractError.
    """
    if type(workers) is not int or not 1 <= workers <= 1024:
        raise UsageError(f"workers={workers!r}: a whole number from 1 to 1024")
    began, root = time.monotonic(), Path(out)
    formats.check(plan)
    sorting.check(plan)
    with disk.explained(f"write to {root}", "Run the same command again to go on from what is written"):
        _refuse_foreign(root)
        with disk.locked(root / WORK / "lock"):
            done = _begun(root, plan)
            if done is not None:
                return manifest.summary(root, done, done["rows"], time.monotonic() - began)
            written, resumed = _write(root, plan, workers, progress, pictures)
            disk.write(root / CARD, manifest.card(plan, written))
            disk.write(root / MANIFEST, manifest.to_bytes(written))
            disk.remove(root / WORK)
    return manifest.summary(root, written, resumed, time.monotonic() - began)


def _write(
    root: Path, plan: Plan, workers: int, progress: Callback, pictures: str | None
) -> tuple[dict[str, Any], int]:
    """Everything but the card and the manifest; the manifest, and how many rows were there before."""
    start, stop = plan.stretch()
    final = Parts(root, root / WORK / "parts", partial(formats.write_part, root, plan))
    if plan.sorted_by is None:
        at, resumed = _draw(final, plan, workers, pictures, lambda rows: progress(rows, stop - start))
    else:
        folder = root / WORK / "drawn"
        drafts = Parts(folder, folder / "parts", partial(formats.write_draft, folder))
        folder.mkdir(exist_ok=True)
        at, resumed = _draw(drafts, plan, workers, pictures, lambda rows: progress(rows, stop - start))
        for _ in final.trusted():
            pass
        for batch in parts.batches(sorting.rows(plan, folder, drafts.written, final.rows), plan.part_rows):
            final.append(batch)
    return manifest.build(plan, final.written, at.kept, at.duplicates, at.failed), resumed


def _draw(
    into: Parts, plan: Plan, workers: int, pictures: str | None, progress: Callable[[int], None]
) -> tuple[Progress, int]:
    """Draw from where the trusted parts end; how far the draw came, and how many rows were there before."""
    seen, at = Seen(), Progress.start(plan)
    for record in into.trusted():
        keys = record["keys"]
        for place in range(0, len(keys), 16):
            seen.add(int(keys[place : place + 16], 16))
        at = Progress(**record["progress"])
    done = resumed = into.rows
    progress(done)
    with _source(plan, at, workers, pictures) as source:
        for batch in parts.batches(draw.draw(plan, source, seen, at), plan.part_rows):
            into.append(batch, keys="".join([f"{row.key:016x}" for row in batch]), progress=at.to_dict())
            done += len(batch)
            progress(done)
    return at, resumed


_source = workers.source


def _refuse_foreign(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; a dataset is a folder")
    names = {each.name for each in root.iterdir()} if root.exists() else set()
    if names and not names & {MANIFEST, WORK}:
        raise UsageError(f"{root} holds other files ({', '.join(sorted(names)[:3])} …); give an empty or a new folder")


def _begun(root: Path, plan: Plan) -> dict[str, Any] | None:
    """The manifest when everything is there already. Raises UsageError when another plan was begun here."""
    try:
        if (root / MANIFEST).exists():
            finished: dict[str, Any] = _json(root / MANIFEST)
            _refuse_other(root, finished.get("plan"), plan)
            if all(parts.whole(root, part) for part in finished["parts"]):
                disk.remove(root / WORK)
                return finished
            disk.remove(root / MANIFEST)  # damaged since: everything is drawn anew
        elif (root / WORK / "plan.json").exists():
            _refuse_other(root, _json(root / WORK / "plan.json"), plan)
            return None
    except UsageError:
        if (root / MANIFEST).exists():
            disk.remove(root / WORK)
        raise
    disk.write(root / WORK / "plan.json", json.dumps(plan.to_dict()).encode())
    return None


def _refuse_other(root: Path, begun: object, plan: Plan) -> None:
    wanted = json.loads(json.dumps(plan.to_dict()))
    if begun == wanted:
        return
    if not isinstance(begun, Mapping):
        raise UsageError(f"{root} holds a {MANIFEST} that is not a dataset's; give an empty or a new folder")
    names = [name for name in wanted if begun.get(name) != wanted[name]]
    told = "; ".join(f"{name}: {_short(begun.get(name))} there, {_short(wanted[name])} asked" for name in names)
    raise UsageError(f"{root} holds a dataset of another plan ({told}); give another folder, or remove this one")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise UsageError(f"{path} is not readable as JSON ({error}); remove the folder to start anew") from error


def _short(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        shown = ", ".join(f"{each.get('task')} {each.get('setting')}" for each in value)
    else:
        shown = json.dumps(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
