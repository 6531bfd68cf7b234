"""Sums as text: words, a tree, a value."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

WORDS = '''"""Cutting a formula into words."""

SIGNS = "+-*/()"


def cut(text):
    """The words of a formula: numbers, names and signs, each with its place."""
    words = []
    at = 0
    while at < len(text):
        mark = text[at]
        if mark == " ":
            at += 1
            continue
        if mark in SIGNS:
            words.append((mark, at))
            at += 1
            continue
        start = at
        while at < len(text) and text[at].isalnum():
            at += 1
        if at == start:
            raise ValueError(f"what is {mark} at {start}?")
        words.append((text[start:at], start))
    return words


def is_number(word):
    """Whether a word is a whole number."""
    return word.isdigit()


def is_name(word):
    """Whether a word is the name of a variable: a letter, then letters and digits."""
    return word[0].isalpha() and word.isalnum()
'''

TREE = '''"""From words to a tree: a number, a name, or a sign between two trees."""

from formula.words import cut, is_name, is_number

RANK = {"+": 1, "-": 1, "*": 2, "/": 2}


def parse(text):
    """The tree of a formula. Signs of the same rank bind from the left."""
    words = [word for word, _ in cut(text)]
    tree, at = _chain(words, 0, 1)
    if at < len(words):
        raise ValueError(f"unexpected {words[at]}")
    return tree


def _chain(words, at, rank):
    left, at = _single(words, at)
    while at < len(words) and RANK.get(words[at], 0) >= rank:
        sign = words[at]
        right, at = _chain(words, at + 1, RANK[sign] + 1)
        left = (sign, left, right)
    return left, at


def _single(words, at):
    if at >= len(words):
        raise ValueError("the formula ends too soon")
    word = words[at]
    if word == "(":
        inner, at = _chain(words, at + 1, 1)
        if at >= len(words) or words[at] != ")":
            raise ValueError("a bracket is not closed")
        return inner, at + 1
    if word == "-":
        inner, at = _single(words, at + 1)
        return ("-", 0, inner), at
    if is_number(word):
        return int(word), at + 1
    if is_name(word):
        return word, at + 1
    raise ValueError(f"unexpected {word}")


def names(tree):
    """The variables of a tree in the order in which they come, each once."""
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, int):
        return []
    found = names(tree[1])
    for name in names(tree[2]):
        if name not in found:
            found.append(name)
    return found
'''

VALUE = '''"""What a formula is worth, and how it is written."""

from formula.tree import parse, names, RANK


def value(tree, known):
    """The value of a tree where the variables are known; division rounds down."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        if tree not in known:
            raise KeyError(tree)
        return known[tree]
    sign, left, right = tree[0], value(tree[1], known), value(tree[2], known)
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    return left // right


def written(tree, above=0):
    """A tree as a formula, with no more brackets than are needed."""
    if not isinstance(tree, tuple):
        return str(tree)
    rank = RANK[tree[0]]
    text = f"{written(tree[1], rank)} {tree[0]} {written(tree[2], rank + 1)}"
    return f"({text})" if rank < above else text


def solve(lines):
    """The values of lines like "area = width * height", each of which may use those before it."""
    known = {}
    for line in lines:
        name, _, text = line.partition("=")
        known[name.strip()] = value(parse(text), known)
    return known


def missing(text, known):
    """The variables of a formula that are not known, in order of the alphabet."""
    return sorted(name for name in names(parse(text)) if name not in known)
'''


def _formula(rng: Random, depth: int) -> str:
    if depth == 0:
        return rng.choice((str(rng.randint(1, 20)), rng.choice(("a", "b", "width", "x1"))))
    left, right = _formula(rng, depth - 1), _formula(rng, rng.randint(0, depth - 1))
    text = f"{left}{rng.choice((' - ', '-', ' + ', '*', ' * ', ' - '))}{right}"
    return f"({text})" if rng.random() < 0.4 else text


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about words, trees and values."""
    found = []
    use = "from formula.words import cut, is_name, is_number\nfrom formula.tree import names, parse\n"
    use += "from formula.value import missing, solve, value, written\n"
    known = "{'a': 7, 'b': 3, 'width': 12, 'x1': 5}"
    for _ in range(4):
        text = _formula(rng, 3)
        found.append(("cutting a formula", f"{use}cut({text!r})"))
        found.append(("the tree of a formula", f"{use}parse({text!r})"))
        found.append(("the variables of a formula", f"{use}names(parse({text!r}))"))
        found.append(("the value of a formula", f"{use}value(parse({text!r}), {known})"))
        found.append(("writing a formula", f"{use}written(parse({text!r}))"))
        found.append(("unknown variables", f"{use}missing({text!r}, {known[:7]}}})"))
    for text in (
        "8 - 3 - 2",
        "2 * (3 + 4)",
        "-(2 - 5) * -3",
        "7 / 2 / 2",
        "(((4)))",
        "10 - (4 - 1)",
        "12 / (7 - 3)",
        "2 + 3 * 4",
        "-a + a",
    ):
        found.append(("the value of a formula", f"{use}value(parse({text!r}), {known})"))
        found.append(("writing a formula", f"{use}written(parse({text!r}))"))
    for text in ("", "2 +", "(1", "1)", "2 3", "2 # 3", "*", "1 + (2", "()", "a $"):
        found.append(("a formula that is wrong", f"{use}parse({text!r})"))
    found.append(("an unknown variable", f"{use}value(parse('a + zz'), {known})"))
    found.append(("cutting at the end of a text", f"{use}cut('  ab12+3 ')"))
    found.append(
        ("telling words apart", f"{use}[(is_name(w), is_number(w)) for w in ['a', 'a1', '1', '12', '1a', 'abc', '(']]")
    )
    one, two = rng.randint(2, 30), rng.randint(2, 30)
    found.append(
        (
            "solving lines",
            f"{use}solve(['width = {one}', ' height=width+{two}', 'area = width * height', 'half = area / 2'])",
        )
    )
    found.append(("solving lines in the wrong order", f"{use}solve(['a = b + 1', 'b = 2'])"))
    found.append(("unknown variables", f"{use}missing('z + y * (a - y) + b1', {{'a': 1}})"))
    return found


SUBJECT = Subject(
    "formula",
    {"formula/words.py": WORDS, "formula/tree.py": TREE, "formula/value.py": VALUE},
    {
        "formula": ("formula", "calc", "algebra"),
        "cut": ("cut", "tokens", "pieces"),
        "parse": ("parse", "understand", "to_tree"),
        "known": ("known", "given", "table"),
        "written": ("written", "shown", "to_text"),
        "RANK": ("RANK", "BINDING", "ORDER"),
        "missing": ("missing", "unknown", "unbound"),
        "solve": ("solve", "work_out", "evaluate_all"),
    },
    tests,
)
