"""Rows of text: read, chosen, grouped, written."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

READING = '''"""Rows from text with commas."""


def cells(line):
    """The cells of a line; commas between double quotes belong to a cell, and two quotes there mean one."""
    found = []
    cell = ""
    quoted = False
    at = 0
    while at < len(line):
        mark = line[at]
        if quoted and mark == '"' and line[at + 1:at + 2] == '"':
            cell += mark
            at += 1
        elif mark == '"':
            quoted = not quoted
        elif mark == "," and not quoted:
            found.append(cell.strip())
            cell = ""
        else:
            cell += mark
        at += 1
    if quoted:
        raise ValueError("a quote is not closed")
    found.append(cell.strip())
    return found


def rows(text):
    """Rows as dicts by the names in the first line; lines that are blank or start with # are skipped."""
    lines = [line for line in text.split("\\n") if line.strip() and not line.startswith("#")]
    if not lines:
        return []
    names = cells(lines[0])
    found = []
    for line in lines[1:]:
        values = cells(line)
        if len(values) > len(names):
            raise ValueError("too many cells")
        values += [""] * (len(names) - len(values))
        found.append(dict(zip(names, values)))
    return found


def number(text, default=0):
    """A whole number, with spaces between its digits if one likes; the default for what is none."""
    digits = text.replace(" ", "")
    body = digits[1:] if digits.startswith("-") else digits
    return int(digits) if body.isdigit() else default
'''

CHOOSING = '''"""Rows that are chosen, sorted and counted."""

from table.reading import rows, number


def where(found, name, test):
    """The rows whose cell passes a test such as "> 3", "= red" or "has ee"."""
    sign, wanted = test.split(" ", 1)
    chosen = []
    for row in found:
        cell = row.get(name, "")
        if sign == ">" and number(cell) > number(wanted):
            chosen.append(row)
        elif sign == "<" and number(cell) < number(wanted):
            chosen.append(row)
        elif sign == "=" and cell == wanted:
            chosen.append(row)
        elif sign == "has" and wanted in cell:
            chosen.append(row)
    return chosen


def ordered(found, name, largest_first=False):
    """The rows by the number in a cell; rows with the same number stay as they are."""
    return sorted(found, key=lambda row: number(row[name]), reverse=largest_first)


def grouped(found, name):
    """Rows by what stands in a cell, in the order in which that comes."""
    groups = {}
    for row in found:
        groups.setdefault(row[name], []).append(row)
    return groups


def totals(found, by, name):
    """For each group, how many rows there are, and the sum and the largest of a cell's numbers."""
    result = {}
    for key, group in grouped(found, by).items():
        numbers = [number(row[name]) for row in group]
        result[key] = (len(group), sum(numbers), max(numbers))
    return result


def distinct(text, name):
    """What stands in a column, each once, in order of the alphabet."""
    return sorted({row[name] for row in rows(text)})
'''

WRITING = '''"""Rows as text again."""

from table.choosing import ordered, totals, where


def quoted(cell):
    """A cell as it must be written: in quotes if it holds a comma or a quote."""
    if "," in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def lines(found, names):
    """Rows as lines with commas, the names first."""
    written = [",".join(names)]
    for row in found:
        written.append(",".join(quoted(row.get(name, "")) for name in names))
    return written


def aligned(found, names, gap=2):
    """Rows as columns that stand below each other; numbers stand to the right."""
    widths = {}
    for name in names:
        widths[name] = max([len(name)] + [len(row[name]) for row in found])
    written = []
    for row in [{name: name for name in names}] + found:
        texts = []
        for name in names:
            cell = row[name]
            wide = cell.rjust(widths[name]) if cell.lstrip("-").isdigit() else cell.ljust(widths[name])
            texts.append(wide)
        written.append((" " * gap).join(texts).rstrip())
    return written


def page(items, size, number):
    """The items of a page, the first being page 1; an empty list beyond the last."""
    start = (number - 1) * size
    return items[start:start + size] if number > 0 else []


def best(found, by, name, count):
    """The names of the groups with the largest sums."""
    sums = totals(found, by, name)
    return sorted(sums, key=lambda key: (-sums[key][1], key))[:count]


def top(found, name, least):
    """The rows above a number, the largest first."""
    return ordered(where(found, name, f"> {least}"), name, largest_first=True)
'''


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about reading, choosing and writing rows."""
    found = []
    use = (
        "from table.reading import cells, number, rows\n"
        "from table.choosing import distinct, grouped, ordered, totals, where\n"
    )
    use += "from table.writing import aligned, best, lines, page, quoted, top\n"
    fruits = ("pear", "plum", "fig", "apple")
    for _ in range(3):
        body = "\n".join(
            [f"{rng.choice(fruits)},{rng.choice(('red', 'green', 'dark red'))},{rng.randint(-3, 12)}" for _ in range(6)]
        )
        text = f"name,colour,count\n# a remark\n{body}\n\nquince\n"
        load = f"{use}found = rows({text!r})\n"
        least = rng.randint(0, 6)
        found.append(("reading rows", f"{load}found"))
        found.append(
            (
                "choosing rows by a number",
                (
                    f"{load}[[r['count'] for r in where(found, 'count', test)] for test in ('> {least}', "
                    f"'< {least}', '> 99', '> -9', '? 1')]"
                ),
            )
        )
        found.append(
            (
                "choosing rows by a text",
                f"{load}[where(found, 'colour', test) for test in ('= red', '= dark red', 'has red', 'has k r', '= ')]",
            )
        )
        found.append(("sorting rows", f"{load}ordered(found, 'count')"))
        found.append(("sorting rows downwards", f"{load}ordered(found, 'count', True)"))
        found.append(("groups", f"{load}[(key, len(group)) for key, group in grouped(found, 'name').items()]"))
        found.append(("totals", f"{load}totals(found, 'colour', 'count')"))
        found.append(("writing rows", f"{load}lines(found, ['count', 'name', 'none'])"))
        found.append(("aligned rows", f"{load}aligned(found, ['name', 'count', 'colour'], {rng.randint(1, 3)})"))
        found.append(("aligned rows", f"{load}aligned(found, ['count', 'name'])"))
        found.append(("the best groups", f"{load}[best(found, 'name', 'count', n) for n in (0, 1, 2, 9)]"))
        found.append(("the top rows", f"{load}top(found, 'count', {least})"))
        found.append(("distinct cells", f"{use}distinct({text!r}, 'colour')"))
        size = rng.randint(2, 4)
        found.append(("a page", f"{use}[page(list(range(10)), {size}, n) for n in (-1, 0, 1, 2, 4, 9)]"))
        odd = f'{rng.choice(fruits)}, "a, b" ,"say ""{rng.choice(fruits)}""",, x"y"z '
        found.append(("the cells of a line", f"{use}cells({odd!r})"))
        found.append(
            ("a quoted cell", f"{use}[quoted(each) for each in ('', 'a b', 'a,b', 'say {chr(34)}x{chr(34)}')]")
        )
    found.append(("a line without an end", use + "cells('a,\"b')"))
    ends = ['""', 'a,""', '"a"""', ""]
    found.append(("quotes at the end of a line", f"{use}[cells(each) for each in {ends}]"))
    found.append(
        (
            "a number",
            (
                f"{use}[number(each) for each in ('12', '-7', ' 1 000 ', '', '-', 'x1', '1.5', "
                f"'--1')] + [number('', 5), number('3', 5)]"
            ),
        )
    )
    found.append(("a row that is too long", f"{use}rows('a,b\\n1,2,3')"))
    found.append(("rows without text", f"{use}[rows(''), rows('a'), rows('# a\\n\\n'), rows('a,b\\n1,2')]"))
    found.append(
        ("sorting rows that are equal", f"{use}[r['n'] for r in ordered(rows('n,v\\na,1\\nb,0\\nc,1\\nd,0'), 'v')]")
    )
    few = "few = rows('n,v\\na,2\\nb,3\\nc,4')\n"
    found.append(
        ("choosing rows at a bound", f"{use}{few}[len(where(few, 'v', test)) for test in ('> 3', '< 3', '> 1')]")
    )
    found.append(
        ("the pages of a few rows", f"{use}{few}[[row['n'] for row in page(few, 2, n)] for n in (0, 1, 2, 3)]")
    )
    found.append(("the best of a few", f"{use}{few}(best(few, 'n', 'v', 1), [row['n'] for row in top(few, 'v', 2)])"))
    return found


SUBJECT = Subject(
    "table",
    {"table/reading.py": READING, "table/choosing.py": CHOOSING, "table/writing.py": WRITING},
    {
        "table": ("table", "sheet", "records"),
        "cells": ("cells", "fields_of", "parts_of"),
        "where": ("where", "select", "matching"),
        "ordered": ("ordered", "arranged", "sorted_by"),
        "grouped": ("grouped", "bundled", "gathered"),
        "totals": ("totals", "sums_of", "added_up"),
        "aligned": ("aligned", "in_columns", "justified"),
        "quoted": ("quoted", "escaped", "guarded"),
    },
    tests,
)
