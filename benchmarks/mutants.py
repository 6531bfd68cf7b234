"""mutants: how many small faults in each family's checker its vectors and properties notice.

A mutant is killed where a hand-written vector or a property fails; `python benchmarks/mutants.py` makes every mutant
there is, of the families named or of all. patch is left out where it is not named: each of its scores runs programs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import measure

import verienv
from verienv.audit import mutate

COSTLY = {"patch"}


def arguments() -> argparse.Namespace:
    """Families, and how many mutants of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("families", nargs="*", default=[name for name in verienv.names() if name not in COSTLY])
    parser.add_argument("--mutants", type=int, default=0, help="mutants of each (default 0: all)")
    parser.add_argument("--seed", type=int, default=0, help="which, where not all")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def main() -> None:
    """A row for each family, the survivors below."""
    given = arguments()
    rows, left = [], []
    for name in given.families:
        report = mutate.measure(verienv.load(name), count=given.mutants, seed=given.seed)
        told = report.to_json()
        rows.append(
            (
                name,
                f"{told['mutants']} of {report.possible}",
                told["vectors"],
                told["properties"],
                told["stopped"],
                len(report.survivors),
                len(report.excused),
                f"{100 * report.share:.1f} %",
                f"{100 * report.scoring_share:.1f} % of {len(report.scoring)}",
                round(report.seconds),
            )
        )
        left += [f"{name}: {'*' if each.scoring else ' '} {each.told}" for each in report.survivors]
    columns = ("family", "mutants", "vectors", "properties", "stopped", "left", "excused", "killed", "score", "s")
    measure.report("mutants of checkers", columns, rows, given.out)
    print(*left, sep="\n")


if __name__ == "__main__":
    main()
