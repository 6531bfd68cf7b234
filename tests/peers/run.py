"""Run verienv inside other people's software, each in an environment of its own.

    python tests/peers/run.py                       # the peers there are, and which are set up
    python tests/peers/run.py trl verifiers         # set up what is missing, then run
    python tests/peers/run.py --all --record        # and keep what ran for the table in docs/trainers.md

Environments are made in the folder VERIENV_PEERS, or in ~/.cache/verienv-peers. Nothing is needed but Python, and
nothing is fetched but packages. Each peer's run is `tests/peers/with_<name>.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECORDS = Path(__file__).parent / "records"
TABLE = ROOT / "docs" / "trainers.md"
TORCH = "torch==2.13.0"  # any recent one does; a fixed one makes runs comparable

PEERS: dict[str, tuple[str, ...]] = {
    "trl": (TORCH, "trl>=1.16,<2", "datasets", "accelerate"),
    "verifiers": ("verifiers>=0.4,<0.5",),
    "verl": (TORCH, "verl>=0.9,<0.10"),
    "sb3": (TORCH, "stable-baselines3>=2.9,<3"),
    "cleanrl": (TORCH,),
    "ray": ("ray[data]>=2.41",),
    "skyrl": ("skyrl-gym>=0.4,<0.5",),
    "openenv": ("openenv>=0.10,<0.11", "uvicorn"),
    "inspect": ("inspect_ai>=0.3.285,<0.4", "openai"),
    "lmeval": (TORCH, "lm-eval[api]>=0.4.13,<0.5"),
    "openrlhf": (TORCH, "transformers>=5.15,<6", "datasets", "aiohttp", "pylatexenc", "sympy"),
}
BARE: dict[str, tuple[str, ...]] = {
    "openrlhf": ("openrlhf==0.11.2",),  # its requirements flash-attn, deepspeed and bitsandbytes need a GPU to build
}
"""What is installed after that, without its requirements."""


def main() -> int:
    """Set up, run, and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="PEER", help=", ".join(PEERS))
    parser.add_argument("--all", action="store_true", help="every peer")
    parser.add_argument("--record", action="store_true", help="keep what ran for docs/trainers.md")
    parser.add_argument("--table", action="store_true", help="only write the table anew from what was kept")
    given = parser.parse_args()
    for name in given.names:
        if name not in PEERS:
            parser.error(f"no peer {name!r}; there are {', '.join(PEERS)}")
    chosen = list(PEERS) if given.all else given.names
    if not chosen and not given.table:
        for name in PEERS:
            print(f"{name:12} {'set up' if python_of(name).exists() else '-'}")
        return 0
    failed = []
    for name in chosen:
        print(f"== {name}", flush=True)
        set_up(name)
        record = run(name)
        if record is None:
            failed.append(name)
        elif given.record:
            RECORDS.mkdir(exist_ok=True)
            (RECORDS / f"{name}.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    if given.record or given.table:
        write_table()
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def home() -> Path:
    """Where the environments are."""
    return Path(os.environ.get("VERIENV_PEERS", Path.home() / ".cache" / "verienv-peers"))


def python_of(name: str) -> Path:
    """The interpreter of a peer's environment."""
    return home() / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up(name: str) -> None:
    """Make the environment, unless it already holds what is asked for."""
    wanted, bare = [*PEERS[name], "-e", str(ROOT)], BARE.get(name, ())
    key = hashlib.sha256("\n".join([*wanted, *bare, (ROOT / "pyproject.toml").read_text()]).encode()).hexdigest()
    stamp = home() / name / ".ready"
    if stamp.exists() and stamp.read_text() == key:
        return
    if not python_of(name).exists():
        venv.create(home() / name, with_pip=True)
    environment = {**os.environ, "PIP_ONLY_BINARY": "python-sat", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for pins in ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"):  # the checkout's own, which `make` sets
        environment.pop(pins, None)
    pip = [str(python_of(name)), "-m", "pip", "install", "-qq"]
    subprocess.run([*pip, *wanted], check=True, env=environment)
    if bare:
        subprocess.run([*pip, "--no-deps", *bare], check=True, env=environment)
    stamp.write_text(key)


def run(name: str) -> dict[str, Any] | None:
    """Run `with_<name>` in its environment: what it recorded, or None where it failed."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "record.json"
        command = [str(python_of(name)), "-m", "tests.peers.inside", name, str(out)]
        settings = {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "plugin")]),  # there lives a game
            "OMP_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
            "PYTHONWARNINGS": "ignore",
            "TRL_EXPERIMENTAL_SILENCE": "1",
        }
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False)
        if done.returncode:
            return None
        record: dict[str, Any] = json.loads(out.read_text())
        return record


def write_table() -> None:
    """Put the rows that were recorded between the two marks of docs/trainers.md."""
    text = TABLE.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- runs -->\n")
    _, _, after = rest.partition("<!-- end of runs -->\n")
    TABLE.write_text(f"{before}<!-- runs -->\n{table()}<!-- end of runs -->\n{after}", encoding="utf-8")


def table() -> str:
    """The recorded runs as Markdown."""
    lines = ["| peer | version | what ran | result |", "|---|---|---|---|"]
    for name in PEERS:
        path = RECORDS / f"{name}.json"
        if path.exists():
            record = json.loads(path.read_text())
            for at, row in enumerate(record["runs"]):
                first = (f"**{name}**", record["version"]) if at == 0 else ("", "")
                lines.append(f"| {' | '.join((*first, row['what'], row['result']))} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
