"""The words that scenes carry: place names, shops, goods. A few hundred pictures' worth."""

from __future__ import annotations

import random

_HEADS = (
    "Alder", "Amber", "Ash", "Birch", "Black", "Bram", "Bridge", "Clear", "Copper", "Crow", "Dun",
    "East", "Elm", "Fair", "Fern", "Glen", "Gold", "Grey", "Hazel", "High", "Iron", "Kings",
    "Lark", "Long", "Maple", "Mill", "Moss", "North", "Oak", "Otter", "Pine", "Raven", "Red",
    "Salt", "Silver", "Stone", "Swan", "Thorn", "West", "Wind",
)
_TAILS = (
    "bury", "by", "cliff", "combe", "dale", "field", "ford", "gate", "ham", "haven", "hill",
    "holt", "ley", "mere", "mouth", "port", "ridge", "stead", "ton", "water", "wick", "wood",
)
SEAS = ("Bay of Terns", "Cold Sound", "Gulf of Reeds", "Heron Sea", "Lantern Bay", "The Narrows")
SHOPS = (
    "BAKERY", "BOOKS", "CAFE", "CHEMIST", "CLOCKS", "FLOWERS", "GROCER", "HATS", "KEYS", "MAPS",
    "MUSIC", "PAPER", "POTTERY", "SHOES", "SPICES", "TEA ROOM", "TAILOR", "TOYS",
)
EVENTS = (
    "AUTUMN FAIR", "BOAT RACE", "CITY MARKET", "FOLK NIGHT", "GARDEN SHOW", "HARVEST DAY",
    "KITE WEEK", "LANTERN WALK", "OPEN STUDIO", "RIVER CONCERT", "SNOW BALL", "STREET FILM",
)
LINES = (
    "admission free", "all are welcome", "bring a friend", "by the old mill", "doors at noon",
    "every Saturday", "fresh each morning", "from dawn to dusk", "hot soup and bread",
    "in the town hall", "music until late", "no ticket needed", "on the village green",
    "rain or shine", "since 1894", "the last of the year", "three days only", "under the bridge",
)
PLACES = (
    "Airport", "Beach", "Castle", "Centre", "Ferry", "Forest", "Harbour", "Hospital", "Library",
    "Market", "Museum", "Old Town", "Park", "School", "Stadium", "Station", "Theatre", "Zoo",
)
PROSE = (
    "a", "after", "along", "and", "autumn", "before", "boats", "bread", "bridge", "by", "came",
    "children", "city", "evening", "every", "from", "garden", "harbour", "in", "lamp", "light",
    "market", "morning", "of", "old", "on", "over", "people", "quiet", "rain", "river", "road",
    "said", "seven", "slowly", "stone", "street", "summer", "that", "the", "they", "three",
    "to", "town", "trees", "under", "walked", "was", "water", "wind", "window", "with",
)


def town(rng: random.Random) -> tuple[str, str]:
    """A made-up place name, in two pieces."""
    return rng.choice(_HEADS), rng.choice(_TAILS)


def sentence(rng: random.Random, count: int) -> list[str]:
    """`count` words of prose, the first with a capital, the last with a full stop."""
    chosen = [rng.choice(PROSE) for _ in range(count)]
    chosen[0] = chosen[0].capitalize()
    chosen[-1] += "."
    return chosen
