"""Goods on shelves, orders for them, and what must be bought."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

SHELVES = '''"""What lies on the shelves."""


class Shelves:
    """Batches of goods: for each name, pairs of the day they spoil and how many there are."""

    def __init__(self):
        self.batches = {}

    def store(self, name, count, day):
        """Put goods on the shelf; those of the same day are counted together."""
        if count < 1:
            raise ValueError("nothing to store")
        kept = self.batches.setdefault(name, {})
        kept[day] = kept.get(day, 0) + count

    def count(self, name, today=0):
        """How many there are that are not spoiled today."""
        kept = self.batches.get(name, {})
        return sum(count for day, count in kept.items() if day >= today)

    def take(self, name, wanted, today=0):
        """Take up to so many, those that spoil first before others; how many there were."""
        kept = self.batches.get(name, {})
        taken = 0
        for day in sorted(kept):
            if day < today:
                continue
            piece = min(kept[day], wanted - taken)
            kept[day] -= piece
            taken += piece
            if taken == wanted:
                break
        return taken

    def clear(self, today):
        """Throw away what is spoiled and what is used up; the names of what was spoiled, in order."""
        spoiled = set()
        for name, kept in self.batches.items():
            for day in list(kept):
                if day < today and kept[day] > 0:
                    spoiled.add(name)
                if day < today or kept[day] == 0:
                    del kept[day]
        return sorted(spoiled)
'''

ORDERS = '''"""Orders and what they come to."""

from stock.shelves import Shelves

PRICES = {"bread": 320, "milk": 119, "cheese": 850, "apples": 65}


def price(name, count):
    """What so many cost: from 10 on a tenth less, from 50 on a fifth less, rounded down."""
    full = PRICES[name] * count
    if count >= 50:
        return full * 80 // 100
    if count >= 10:
        return full * 90 // 100
    return full


def total(order, voucher=0):
    """What an order costs, less a voucher, but never less than nothing."""
    cost = sum(price(name, count) for name, count in order.items())
    return max(0, cost - voucher)


def read_order(text):
    """An order from a text such as "3 milk, 12 apples"; goods named twice are added up."""
    order = {}
    for part in text.split(","):
        part = part.strip()
        if not part:
            continue
        count, name = part.split(" ", 1)
        order[name] = order.get(name, 0) + int(count)
    return order


def deliver(shelves, order, today=0):
    """Take an order from the shelves; what was delivered and what is missing."""
    delivered, missing = {}, {}
    for name, wanted in order.items():
        taken = shelves.take(name, wanted, today)
        if taken:
            delivered[name] = taken
        if taken < wanted:
            missing[name] = wanted - taken
    return delivered, missing


def possible(shelves, order, today=0):
    """Whether everything in an order is there."""
    return all(shelves.count(name, today) >= wanted for name, wanted in order.items())
'''

BUYING = '''"""What must be bought."""

from stock.orders import PRICES, price, total
from stock.shelves import Shelves


def needed(shelves, levels, today=0):
    """How many of each must be bought to have as many as `levels` says."""
    found = {}
    for name, level in levels.items():
        short = level - shelves.count(name, today)
        if short > 0:
            found[name] = short
    return found


def crates(count, size):
    """How many crates hold so many pieces."""
    return (count + size - 1) // size


def shopping(shelves, levels, sizes, today=0):
    """What to buy in whole crates, as pairs of a name and a number of crates, in order of the alphabet."""
    wanted = needed(shelves, levels, today)
    return [(name, crates(wanted[name], sizes.get(name, 1))) for name in sorted(wanted)]


def affordable(wanted, budget):
    """Names that can be bought for a budget, the cheapest first, and what is left of it."""
    bought = []
    for name in sorted(wanted, key=lambda name: (price(name, wanted[name]), name)):
        cost = price(name, wanted[name])
        if cost > budget:
            break
        bought.append(name)
        budget -= cost
    return bought, budget


def restock(shelves, deliveries):
    """Store deliveries, each a name, a count and a day; how many pieces came."""
    pieces = 0
    for name, count, day in deliveries:
        shelves.store(name, count, day)
        pieces += count
    return pieces


def worth(shelves, today=0):
    """What all goods that are not spoiled would cost."""
    return total({name: shelves.count(name, today) for name in PRICES})
'''


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about shelves, orders and buying."""
    found = []
    use = "from stock.shelves import Shelves\nfrom stock.orders import deliver, possible, price, read_order, total\n"
    use += "from stock.buying import affordable, crates, needed, restock, shopping, worth\n"
    for _ in range(3):
        goods = [(rng.choice(("milk", "bread", "apples")), rng.randint(1, 30), rng.randint(1, 6)) for _ in range(5)]
        goods += [("milk", 4, 2), ("milk", 3, 5)]
        full = f"{use}s = Shelves()\npieces = restock(s, {goods})\n"
        today = rng.randint(2, 4)
        found.append(("storing goods", f"{full}(pieces, s.batches)"))
        found.append(
            ("counting goods", f"{full}[s.count(n, d) for n in ('milk', 'bread', 'tea') for d in (0, 2, 3, 6, 7)]")
        )
        found.append(
            (
                "taking goods",
                (
                    f"{full}(s.take('milk', {rng.randint(2, 9)}), s.take('bread', 99, {today}), "
                    f"s.take('tea', 1), s.batches)"
                ),
            )
        )
        found.append(
            ("taking goods in time", f"{full}(s.take('milk', 5, 3), s.take('milk', {rng.randint(1, 3)}), s.batches)")
        )
        found.append(("clearing the shelves", f"{full}s.take('milk', 4, {today})\n(s.clear({today}), s.batches)"))
        order = {"milk": rng.randint(2, 12), "bread": rng.randint(1, 40), "apples": rng.randint(1, 60)}
        found.append(("delivering an order", f"{full}(deliver(s, {order}, {today}), s.batches)"))
        found.append(
            (
                "whether an order is possible",
                (
                    f"{full}[possible(s, order, d) for d in (0, {today}) for order in ({order}, {{'milk': 3}}, {{}}, "
                    f"{{'milk': s.count('milk', d)}})]"
                ),
            )
        )
        found.append(
            (
                "what must be bought",
                f"{full}needed(s, {{'milk': {rng.randint(5, 40)}, 'bread': 60, 'cheese': 2, 'apples': 1}}, {today})",
            )
        )
        found.append(
            (
                "the shopping list",
                (
                    f"{full}shopping(s, {{'milk': 49, 'tea': {rng.randint(1, 20)}, 'bread': 70}}, {{'milk': 6, "
                    f"'tea': {rng.randint(2, 5)}}}, {today})"
                ),
            )
        )
        found.append(("what the goods are worth", f"{full}[worth(s, d) for d in (0, {today}, 9)]"))
        found.append(
            (
                "the cost of an order",
                f"{use}[total({order}), total({order}, {rng.randint(1, 900)}), total({{'milk': 1}}, 500), total({{}})]",
            )
        )
        counts = [1, 9, 10, 11, 49, 50, 51, rng.randint(2, 8), rng.randint(12, 48), rng.randint(52, 99)]
        found.append(
            ("a price", f"{use}[price({rng.choice(('milk', 'cheese', 'apples'))!r}, count) for count in {counts}]")
        )
        budget = rng.randint(700, 4000)
        found.append(
            (
                "what can be afforded",
                (
                    f"{use}affordable({{'milk': {rng.randint(1, 6)}, 'bread': {rng.randint(1, 5)}, 'cheese': 2, "
                    f"'apples': {rng.randint(1, 9)}}}, {budget})"
                ),
            )
        )
        found.append(("how many crates", f"{use}[crates(count, {rng.randint(3, 9)}) for count in range(0, 20)]"))
    last = f"{use}s = Shelves()\nrestock(s, [('milk', 3, 4), ('tea', 2, 4), ('milk', 5, 7)])\n"
    found.append(("taking goods on their last day", f"{last}(s.take('milk', 4, 4), s.take('tea', 1, 5), s.batches)"))
    found.append(
        (
            "clearing the shelves on the last day",
            f"{last}s.take('milk', 3)\n(s.clear(4), s.batches, s.clear(5), s.batches)",
        )
    )
    found.append(("what is just missing", f"{last}needed(s, {{'milk': 9, 'tea': 2, 'bread': 1, 'jam': 0}}, 4)"))
    found.append(("counting what is used up", f"{last}s.take('milk', 8)\n(s.clear(9), s.batches)"))
    found.append(("storing nothing", f"{use}Shelves().store('milk', 0, 3)"))
    found.append(
        (
            "storing one",
            f"{use}s = Shelves()\ns.store('milk', 1, 3)\ns.store('milk', 1, 3)\n(s.batches, s.count('milk', 3))",
        )
    )
    found.append(("reading an order", f"{use}read_order(' 3 milk,12 apples, 1 milk , ,{rng.randint(1, 9)} green tea')"))
    found.append(
        (
            "what can be afforded exactly",
            f"{use}[affordable({{'milk': 1, 'apples': 1}}, money) for money in (0, 64, 65, 183, 184, 185)]",
        )
    )
    return found


SUBJECT = Subject(
    "stock",
    {"stock/shelves.py": SHELVES, "stock/orders.py": ORDERS, "stock/buying.py": BUYING},
    {
        "stock": ("stock", "shop", "pantry"),
        "Shelves": ("Shelves", "Depot", "Warehouse"),
        "batches": ("batches", "lots", "held"),
        "take": ("take", "fetch", "pick"),
        "deliver": ("deliver", "fulfil", "ship"),
        "needed": ("needed", "shortfall", "lacking"),
        "crates": ("crates", "boxes", "cartons"),
        "price": ("price", "cost_of", "quote"),
    },
    tests,
)
