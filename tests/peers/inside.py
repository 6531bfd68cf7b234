"""What runs in a peer's environment: `python -m tests.peers.inside NAME RECORD`, called by `run.py`."""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import time
from pathlib import Path


def main(name: str, out: str) -> None:
    """Run a peer's script; it raises when anything is not as it should be."""
    peer = importlib.import_module(f"tests.peers.with_{name}")
    runs: list[dict[str, str]] = []

    def ran(what: str, result: str) -> None:
        runs.append({"what": what, "result": result})
        print(f"   {what}: {result}", flush=True)

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        peer.run(ran, Path(scratch))
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    Path(out).write_text(json.dumps({"peer": name, "version": peer.version(), "runs": runs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
