"""Are the recorded problems and pictures the same under the oldest numpy and Pillow that the package admits?

    python .ci/oldest.py DIR      installs them into DIR, apart from everything else, and compares

The records in `tasks/` are those of the pinned versions, which the tests compare with. Here, of every level of every
family, two instances are made anew: their digests, their texts and the raw pixels of their pictures must be the same.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WHEELS = {"numpy": {(3, 13): "2.1", (3, 14): "2.3"}, "pillow": {(3, 14): "12.0"}}
"""The oldest versions with wheels for a Python that came out after the bound in pyproject.toml."""


def oldest() -> dict[str, str]:
    """The release series of numpy and Pillow to try, like "1.26"."""
    bounds = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    found = {}
    for name, later in WHEELS.items():
        (bound,) = (match[1] for each in bounds if (match := re.fullmatch(rf"{name}>=([0-9.]+)", each)))
        series = [version for python, version in sorted(later.items()) if sys.version_info >= python]
        found[name] = (series or [bound])[-1]
    return found


def install(folder: Path, versions: dict[str, str]) -> None:
    """By pip alone, wheels only, without the pins that the checkout sets; what is there already stays."""
    if all([*folder.glob(f"{name}-{version}.*.dist-info")] for name, version in versions.items()):
        return
    pins = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
    wanted = [f"{name}=={version}.*" for name, version in versions.items()]
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--only-binary", ":all:", "--upgrade"]
    subprocess.run([*pip, "--target", str(folder), *wanted], env=pins, check=True)


def compare(versions: dict[str, str], tasks: Path = ROOT / "tasks") -> int:
    """Make and compare; the exit code. Runs in a process of its own that finds the old versions first."""
    import numpy
    import PIL

    import verienv

    for found, wanted in ((numpy.__version__, versions["numpy"]), (PIL.__version__, versions["pillow"])):
        if not found.startswith(f"{wanted}."):
            print(f"version {found} was imported instead of {wanted}", file=sys.stderr)
            return 1
    print(f"numpy {numpy.__version__}, Pillow {PIL.__version__}")
    differences = []
    for name in verienv.names():
        began = time.monotonic()
        problems, pictures, different = _family(name, tasks)
        differences += different
        took = time.monotonic() - began
        print(f"{name:<12} {problems:>3} problems, {pictures:>3} pictures, {took:.1f} s", flush=True)
    for each in differences:
        print(each, file=sys.stderr)
    return 1 if differences else 0


def _family(name: str, tasks: Path) -> tuple[int, int, list[str]]:
    """How many problems and pictures were made, and which differ."""
    import verienv
    from verienv import golden

    task = verienv.load(name)
    try:
        kept = json.loads(golden.path(task, tasks).read_text(encoding="utf-8"))["records"]
    except FileNotFoundError:
        return 0, 0, [f"{name} has no golden.json"]
    problems = pictures = 0
    different = []
    for level in range(len(task.levels)):
        for seed, index, split in golden.PLACES[:2]:
            instance = task.instance(level, seed=seed, index=index, split=split)
            now = golden.of(instance)
            problems, pictures = problems + 1, pictures + len(now["pictures"])
            before = kept.get(instance.address.partition("/")[2], {})
            changed = [what for what, value in now.items() if before.get(what) != value]
            if changed:
                different.append(f"{instance.address}: {' and '.join(changed)} not as recorded")
    return problems, pictures, different


def main() -> int:
    """Install, then compare."""
    folder = Path(sys.argv[1]).resolve()
    if sys.argv[2:] == ["--compare"]:
        return compare(oldest())
    install(folder, oldest())
    path = os.pathsep.join([str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")])
    again = [sys.executable, __file__, str(folder), "--compare"]
    return subprocess.run(again, env={**os.environ, "PYTHONPATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
