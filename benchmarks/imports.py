"""What importing costs: CPU seconds and resident memory of `import verienv` beside `import gymnasium` and peers.

Each import runs in a fresh process, with byte code already compiled. `--peers` installs reasoning-gym into a
virtual environment of its own (in a temporary folder) and measures it there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import measure

PROBE = """
import resource, sys
before = resource.getrusage(resource.RUSAGE_SELF)
__import__(sys.argv[1])
after = resource.getrusage(resource.RUSAGE_SELF)
spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(spent, after.ru_maxrss / 1024, len(sys.modules))
"""


def cost(python: str, module: str, repeats: int) -> tuple[float, float, int]:
    """Median CPU seconds, MiB and number of modules after importing."""
    runs = []
    for _ in range(repeats + 1):  # the first run compiles
        command = [python, "-c", PROBE, module]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        runs.append((float(printed[0]), float(printed[1]), int(printed[2])))
    columns = list(zip(*runs[1:], strict=True))
    return statistics.median(columns[0]), statistics.median(columns[1]), int(statistics.median(columns[2]))


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--peers", action="store_true", help="also measure reasoning-gym, in its own environment")
    parser.add_argument("-o", "--out", type=Path)
    args = parser.parse_args()
    rows: list[list[object]] = []
    base = cost(sys.executable, "gymnasium", args.repeats)[0]
    for module in ("gymnasium", "verienv"):
        cpu, memory, modules = cost(sys.executable, module, args.repeats)
        rows.append([module, cpu, cpu / base, memory, modules])
    if args.peers:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = str(Path(folder) / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "-q", "reasoning-gym==0.1.25"], check=True)
            cpu, memory, modules = cost(python, "reasoning_gym", args.repeats)
            rows.append(["reasoning_gym", cpu, cpu / base, memory, modules])
    measure.report("import", ["module", "CPU s", "of gymnasium", "MiB", "modules"], rows, args.out)


if __name__ == "__main__":
    main()
