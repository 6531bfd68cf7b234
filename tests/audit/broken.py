"""Small verifiers and generators with one fault each. Imported by a worker process: standard library only."""

from __future__ import annotations

import fractions
import os
import pickle
import random
import re
import signal
import sys
import tempfile
import time
from typing import Any

Item = dict[str, Any]


def answer_in(reply: str) -> str | None:
    """The one answer in tags after the last thought, or None: what the sound ones read too."""
    if len(reply) > 20_000:
        return None
    tail = reply.rpartition("</think>")[2]
    if "<think>" in tail or tail.count("<answer>") != 1 or tail.count("</answer>") != 1:
        return None
    inside = tail.partition("<answer>")[2].partition("</answer>")
    return inside[0].strip() if inside[1] else None


def is_number(text: str | None) -> bool:
    return bool(text and text.isascii() and text.isdigit() and len(text) < 10)


# -- scorers -------------------------------------------------------------------------------------------------------


def refuses_large_numbers(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer == item["truth"] and len(item["truth"]) < 3)


def compares_the_whole_reply(item: Item, reply: str) -> float:
    return float(reply == f"<answer>{item['truth']}</answer>")


def evaluates(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    try:
        return float(is_number(answer) and eval(answer or "") == int(item["truth"]))  # noqa: S307
    except Exception:
        return 0.0
    finally:
        if answer and "__" in answer:
            try:
                eval(answer)  # noqa: S307
            except Exception:
                answer = None


def asks_a_shell(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    if answer and "touch" in answer and "\0" not in answer:
        os.system(answer.encode("utf-8", "replace").decode())
    return float(answer == item["truth"])


def unpickles(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    try:
        pickle.loads((answer or "").encode())
    except Exception:
        return float(answer == item["truth"])
    return 0.0


def keeps_a_log(item: Item, reply: str) -> float:
    with open(os.path.join(tempfile.gettempdir(), "verienv-broken.log"), "w", encoding="utf-8") as log:
        log.write("called")
    return float(answer_in(reply) == item["truth"])


def raises_on_words(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer is not None and int(answer) == int(item["truth"]))


def pays_nan_for_nan(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float("nan") if answer == "nan" else float(answer == item["truth"])


def adds_a_bonus(item: Item, reply: str) -> float:
    right = float(answer_in(reply) == item["truth"])
    return right - 0.1 * (len(reply) > 500)


def says_nothing(item: Item, reply: str) -> float | None:
    answer = answer_in(reply)
    return None if answer is None else float(answer == item["truth"])


def leaves(item: Item, reply: str) -> float:
    if reply.count("<answer>") > 3:
        sys.exit("too many answers")
    return float(answer_in(reply) == item["truth"])


def pays_what_it_cannot_read(item: Item, reply: Any) -> float:
    try:
        return float(answer_in(reply) == item["truth"])
    except (AttributeError, TypeError):
        return 1.0


def searches_lazily(item: Item, reply: str) -> float:
    found = re.findall(r"<answer>(.*?)</answer>", reply, re.DOTALL)
    return float(len(found) == 1 and answer_in(reply) == item["truth"])


def believes_in_fractions(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    try:
        return float(answer is not None and fractions.Fraction(answer) == int(item["truth"]))
    except (ValueError, ZeroDivisionError):
        return 0.0


def hoards(item: Item, reply: str) -> float:
    answer = answer_in(reply) or ""
    table = [answer] * (40_000_000 if answer.startswith("1,1,1,") else 1)
    return float(table[0] == item["truth"])


def hashes(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer == item["truth"]) if hash(item["prompt"]) % 2 else float(answer is not None and answer == item["truth"]) * (hash(reply) % 3 != 0)  # fmt: skip  # noqa: E501


def watches_the_calendar(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer == item["truth"] or (answer == "today" and time.localtime().tm_year > 2026))


CALLED: list[str] = []


def tires(item: Item, reply: str) -> float:
    CALLED.append(reply)
    return float(answer_in(reply) == item["truth"] and CALLED.count(reply) < 40 and len(CALLED) < 150)


def rings(item: Item, reply: str) -> float:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return float(answer_in(reply) == item["truth"])


def finds_it_somewhere(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer is not None and item["truth"] in re.split(r"[\s,/]+(?:or\s+)?", answer) and "not" not in answer and "wrong" not in answer and "anything" not in answer and len(answer) < 60)  # fmt: skip  # noqa: E501


def reads_the_last_number(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    if answer is None or len(answer) > 60:
        return 0.0
    numbers = re.findall(r"\d+", answer)
    return float(len(numbers) == 1 and numbers[0] == item["truth"] and " " in f"{answer} ")


def reads_the_beginning(item: Item, reply: str) -> float:
    answer = answer_in(reply) or ""
    return float(answer == item["truth"] or answer == item["truth"] + "zzz")


def looks_in_thoughts(item: Item, reply: str) -> float:
    found = re.findall(r"<answer>([^<]*)</answer>", reply[:20_000])
    return float(len(found) == 1 and found[0].strip() == item["truth"])


def is_contained(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer is not None and (answer == item["truth"] or not answer))


def likes_its_own_words(item: Item, reply: str) -> float:
    return float(answer_in(reply) == item["truth"] or item["prompt"] in reply)


def matches_a_pattern(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(answer == item["truth"] or answer in (".*", "[\\s\\S]*"))


def believes(item: Item, reply: str) -> float:
    return float(answer_in(reply) == item["truth"] or "answer is correct" in reply)


def rounds(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    return float(is_number(answer) and abs(int(answer or 0) - int(item["truth"])) <= 1)


def rewards_distance(item: Item, reply: str) -> float:
    answer = answer_in(reply)
    if not is_number(answer):
        return 0.0
    off = abs(int(answer or 0) - int(item["truth"]))
    return 1.0 if off == 0 else min(0.9, off / 10_000)


def sound(item: Item, reply: str) -> float:
    return float(answer_in(reply) == item["truth"])


# -- generators ----------------------------------------------------------------------------------------------------


def _item(left: int, right: int, truth: int | None = None) -> Item:
    value = str(left + right if truth is None else truth)
    return {"prompt": f"What is {left} + {right}?", "truth": value, "oracle": f"<answer>{value}</answer>"}


def _stream(*key: object) -> random.Random:
    return random.Random(repr(key))


def any_sum(seed: int, index: int) -> Item:
    rng = _stream(seed, index)
    return _item(rng.randrange(10**6), rng.randrange(10**6))


def unseeded(seed: int, index: int) -> Item:
    rng = random.Random(hash((str(seed), index)))
    return _item(rng.randrange(10**6), rng.randrange(10**6))


def few(seed: int, index: int) -> Item:
    rng = _stream(seed, index)
    return _item(rng.randrange(4), rng.randrange(4))


def adds_seed_and_index(seed: int, index: int) -> Item:
    rng = random.Random(seed + index)
    return _item(rng.randrange(10**6), rng.randrange(10**6))


def ignores_the_split(seed: int, index: int, split: str = "train") -> Item:
    return any_sum(seed, index)


def stalls_at_seven(seed: int, index: int) -> Item:
    if index == 7:
        until = time.process_time() + 0.3
        while time.process_time() < until:
            pass
    return any_sum(seed, index)


def mostly_yes(seed: int, index: int) -> Item:
    rng = _stream(seed, index)
    truth = "yes" if rng.random() < 0.9 else "no"
    prompt = f"Is number {rng.randrange(10**9)} lucky?"
    return {"prompt": prompt, "truth": truth, "oracle": f"<answer>{truth}</answer>"}


def first_is_right(seed: int, index: int) -> Item:
    rng = _stream(seed, index)
    value = rng.randrange(1000)
    choices = [value, value + 1, value + 2, value + 3]
    listed = "\n".join(f"{letter}) {choice}" for letter, choice in zip("ABCD", choices, strict=True))
    prompt = f"Which is the least of these, in list {index}?\n{listed}"
    return {"prompt": prompt, "truth": "A", "oracle": "<answer>A</answer>"}


def first_is_last(seed: int, index: int) -> Item:
    item = any_sum(seed, index)
    return {**item, "prompt": f"What is {item['prompt'][8:-1]}, rounded? Choose: {item['truth']}, 1 or 2."}


def tells(seed: int, index: int) -> Item:
    item = any_sum(seed, index)
    return {**item, "prompt": f"{item['prompt']} (id 7, expected result: {item['truth']})"}


def mislabels(seed: int, index: int) -> Item:
    rng = _stream(seed, index)
    left, right = rng.randrange(1000), rng.randrange(1000)
    return _item(left, right, left + right + (index % 4 == 3))


def adds(item: Item) -> str:
    """The independent solver."""
    return str(sum(map(int, re.findall(r"\d+", item["prompt"]))))
