"""Sound verifiers of twenty kinds, with items of their own. Imported by a worker process: standard library only."""

from __future__ import annotations

import datetime
import json
import math
import random
import re
from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
LIMIT = 20_000


def tagged(reply: str) -> str | None:
    """The one answer in tags after the last thought, or None."""
    if len(reply) > LIMIT:
        return None
    tail = reply.rpartition("</think>")[2]
    if "<think>" in tail or tail.count("<answer>") != 1 or tail.count("</answer>") != 1:
        return None
    inside = tail.partition("<answer>")[2].partition("</answer>")
    return inside[0].strip() if inside[1] else None


def number(text: str | None) -> int | None:
    """A whole number, or None."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,9}", text) else None


def exact(item: Item, reply: str) -> float:
    return float(tagged(reply) == item["truth"])


def boxed(item: Item, reply: str) -> float:
    tail = reply.rpartition("</think>")[2] if len(reply) <= LIMIT else ""
    if "<think>" in tail or tail.count("\\boxed{") != 1:
        return 0.0
    inside, closed, _ = tail.partition("\\boxed{")[2].partition("}")
    return float(bool(closed) and inside.strip() == item["truth"])


def hashed(item: Item, reply: str) -> float:
    tail = reply.rpartition("</think>")[2] if len(reply) <= LIMIT else ""
    if "<think>" in tail or tail.count("####") != 1:
        return 0.0
    return float(tail.partition("####")[2].strip() == item["truth"])


def raw(item: Item, reply: str) -> float:
    return float(reply.strip() == item["truth"])


def raw_any_case(item: Item, reply: str) -> float:
    return float(reply.strip().lower() == item["truth"].lower())


def letter(item: Item, reply: str) -> float:
    return float((tagged(reply) or "").upper() == item["truth"])


def yes_or_no(item: Item, reply: str) -> float:
    return float((tagged(reply) or "").lower() == item["truth"])


def listed(item: Item, reply: str) -> float:
    return float((tagged(reply) or "").split() == item["truth"].split())


def any_order(item: Item, reply: str) -> float:
    return float(sorted((tagged(reply) or "").split()) == sorted(item["truth"].split()))


def as_json(item: Item, reply: str) -> float:
    answer = tagged(reply)
    if answer is None or len(answer) > 200 or answer.count("[") + answer.count("{") > 3:
        return 0.0
    try:
        return float(json.loads(answer) == json.loads(item["truth"]))
    except ValueError:
        return 0.0


def in_parts(item: Item, reply: str) -> float:
    said, right = (tagged(reply) or "").split(), item["truth"].split()
    if len(said) != len(right):
        return 0.0
    share = sum(one == other for one, other in zip(said, right, strict=True)) / len(right)
    return float(share * share)


def near(item: Item, reply: str) -> float:
    value, right = number(tagged(reply)), int(item["truth"])
    return 0.0 if value is None else max(0.0, 1.0 - abs(value - right) / 4)


def dated(item: Item, reply: str) -> float:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", tagged(reply) or "")
    if match is None:
        return 0.0
    try:
        return float(datetime.date(*map(int, match.groups())).isoformat() == item["truth"])
    except ValueError:
        return 0.0


def overlap(item: Item, reply: str) -> float:
    answer = (tagged(reply) or "")[:100]
    match = re.fullmatch(r"\[ *([0-9]{1,4}) *, *([0-9]{1,4}) *, *([0-9]{1,4}) *, *([0-9]{1,4}) *\]", answer)
    if match is None:
        return 0.0
    left, top, right, bottom = map(int, match.groups())
    a, b, c, d = json.loads(item["truth"])
    if left >= right or top >= bottom:
        return 0.0
    shared = max(0, min(right, c) - max(left, a)) * max(0, min(bottom, d) - max(top, b))
    ratio = shared / ((right - left) * (bottom - top) + (c - a) * (d - b) - shared)
    return ratio if ratio >= 0.5 else 0.0


def satisfies(item: Item, reply: str) -> float:
    bits = tagged(reply) or ""
    if not re.fullmatch("[01]{8}", bits):
        return 0.0
    return float(all(any((bits[abs(each) - 1] == "1") == (each > 0) for each in clause) for clause in item["clauses"]))


def trl(completions: list[str], solution: list[str], **kwargs: Any) -> list[float]:
    return [exact({"truth": truth}, reply) for reply, truth in zip(completions, solution, strict=True)]


def trl_chat(prompts: list[Any], completions: list[list[dict[str, str]]], truth: list[str]) -> list[float]:
    return [exact({"truth": one}, reply[-1]["content"]) for reply, one in zip(completions, truth, strict=True)]


async def trl_async(completions: list[str], truth: list[str], **kwargs: Any) -> list[float]:
    return [exact({"truth": one}, reply) for reply, one in zip(completions, truth, strict=True)]


def verl(data_source: str, solution_str: str, ground_truth: str, extra_info: Any = None) -> dict[str, float]:
    right = exact({"truth": ground_truth}, solution_str)
    return {"score": right, "acc": right}


def openrlhf(queries: list[str], prompts: list[str], labels: list[str]) -> dict[str, list[float]]:
    found = [
        exact({"truth": label}, query[len(prompt) :])
        for query, prompt, label in zip(queries, prompts, labels, strict=True)
    ]
    return {"rewards": found, "scores": found}


def tolerant(item: Item, reply: str) -> float:
    answer = tagged(reply)
    if answer is None or not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", answer):
        return 0.0
    return float(math.isclose(float(answer), float(item["truth"]), rel_tol=1e-3))


# -- items ---------------------------------------------------------------------------------------------------------


def _many(make: Callable[[random.Random], Item], count: int = 24) -> list[Item]:
    return [make(random.Random(f"item {at}")) for at in range(count)]


def _numbers(say: str = "<answer>{}</answer>") -> list[Item]:
    def make(rng: random.Random) -> Item:
        left, right = rng.randrange(10, 900), rng.randrange(10, 900)
        truth = str(left + right)
        return {"prompt": f"What is {left} + {right}?", "truth": truth, "oracle": say.format(truth)}

    return _many(make)


def _said(prompt: str, draw: Callable[[random.Random], str], say: str = "<answer>{}</answer>") -> list[Item]:
    def make(rng: random.Random) -> Item:
        number, truth = rng.randrange(10**6), draw(rng)
        return {"prompt": f"{prompt} (case {number})", "truth": truth, "oracle": say.format(truth)}

    return _many(make)


def _words(rng: random.Random) -> str:
    return " ".join(rng.sample(["ash", "birch", "cedar", "elm", "fir", "oak", "pine", "yew", "larch", "lime"], 5))


def _box(rng: random.Random) -> str:
    left, top = rng.randrange(500), rng.randrange(500)
    return json.dumps([left, top, left + rng.randrange(20, 200), top + rng.randrange(20, 200)])


def _formula(rng: random.Random) -> Item:
    bits = [rng.random() < 0.5 for _ in range(8)]
    clauses = []
    for _ in range(40):
        chosen = rng.sample(range(8), 3)
        clause = [(at + 1) if rng.random() < 0.5 else -(at + 1) for at in chosen]
        if any(bits[abs(each) - 1] == (each > 0) for each in clause):
            clauses.append(clause)
    truth = "".join("1" if bit else "0" for bit in bits)
    return {
        "prompt": f"Satisfy {clauses}", "truth": truth, "oracle": f"<answer>{truth}</answer>", "clauses": clauses,
        "wrong": ["<answer>2222</answer>"],
    }  # fmt: skip


def _pick(*choices: str) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(choices)


_CHAT = [{**each, "chat": True} for each in _numbers()]
SOUND: dict[str, list[Item]] = {
    "exact": _numbers(),
    "boxed": _numbers("It is \\boxed{{{}}}"),
    "hashed": _numbers("Adding up.\n#### {}"),
    "raw": _numbers("{}"),
    "raw_any_case": _said("Name the tree.", _pick("Ash", "Birch", "Cedar", "Elm", "Fir", "Oak", "Pine", "Yew"), "{}"),
    "letter": _said("Which one is it: A, B, C or D?", _pick(*"ABCD")),
    "yes_or_no": _said("Is it so?", _pick("yes", "no")),
    "listed": _said("Name the trees in order.", _words),
    "any_order": _said("Name the trees.", _words),
    "as_json": _said("Give the box as JSON.", _box),
    "in_parts": _said("Name the trees in order.", _words),
    "near": _numbers(),
    "dated": _said(
        "On which day?", lambda rng: (datetime.date(2000, 1, 1) + datetime.timedelta(rng.randrange(9000))).isoformat()
    ),
    "overlap": _said("Where is it?", _box),
    "satisfies": _many(_formula),
    "trl": _numbers(),
    "trl_chat": _CHAT,
    "trl_async": _numbers(),
    "verl": _numbers(),
    "openrlhf": _numbers(),
    "tolerant": _said("How much?", lambda rng: f"{rng.uniform(1, 1000):.2f}"),
}
"""Each verifier's name, and its items."""
