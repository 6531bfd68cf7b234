"""What made-up people, tasks, events and messages are called: ASCII, short enough for a line of a phone."""

from __future__ import annotations

from random import Random
from typing import Final

FIRST: Final = (
    *("Ada", "Amir", "Ana", "Ben", "Bo", "Carla", "Chen", "Dana", "Diego", "Ella", "Emil", "Farah", "Finn", "Gita"),
    *("Hana", "Hugo", "Iris", "Ivan", "Jade", "Jonas", "Kai", "Kira", "Lea", "Luca", "Mara", "Milo", "Nia", "Noor"),
    *("Olga", "Omar", "Pia", "Quinn", "Rosa", "Sam", "Tara", "Theo", "Uma", "Vera", "Wren", "Yara", "Zane", "Zoe"),
)
LAST: Final = (
    *("Abbot", "Berg", "Castro", "Dahl", "Evans", "Fischer", "Garcia", "Haas", "Ito", "Jensen", "Kaya", "Lund"),
    *("Moreau", "Novak", "Okoye", "Park", "Quist", "Rossi", "Silva", "Tanaka", "Urban", "Vega", "Weber", "Young"),
)
COMPANIES: Final = ("Acorn", "Bluebird", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper")
LISTS: Final = ("Home", "Work", "Errands", "Ideas")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
HOURS: Final = tuple([f"{hour}:00" for hour in range(8, 20)])
PLACES: Final = (
    *("Room 4", "Room 12", "Main hall", "Cafe Luna", "Library", "City park", "Studio B", "Pier 7", "North gate"),
    *("Old mill", "Lab 3", "Roof deck", "Court 2", "Gallery", "Town hall", "Platform 9"),
)
EVENTS: Final = (
    *("Dentist", "Team lunch", "Yoga class", "Budget review", "Piano lesson", "Book club", "Job interview"),
    *("Car service", "Haircut", "Parents evening", "Design review", "Choir", "Chess night", "Eye test", "Photo walk"),
    *("Board meeting", "Swim training", "House viewing", "Farewell party", "Pottery", "Language course"),
)
_VERBS: Final = (
    "Buy",
    "Call about",
    "Check",
    "Clean",
    "Find",
    "Fix",
    "Order",
    "Pack",
    "Return",
    "Sort",
    "Sell",
    "Paint",
)
_THINGS: Final = (
    *("bicycle", "boots", "bookshelf", "camera", "curtains", "desk lamp", "garden chair", "guitar", "heater", "keys"),
    *(
        "kitchen tap",
        "ladder",
        "mirror",
        "notebooks",
        "old phone",
        "printer",
        "rain jacket",
        "sofa",
        "suitcase",
        "tent",
    ),
)
SUBJECTS: Final = (
    *("Boarding pass", "Class photo", "Concert tickets", "Delivery", "Garden plan", "Gym card", "Holiday plans"),
    *("Invoice", "Locker code", "Minutes", "Moving day", "New address", "Parking", "Recipe", "Rent", "Rehearsal"),
    *("Shift plan", "Spare key", "Survey", "Train times", "Visitor pass", "Wedding", "Wi-Fi code", "Workshop"),
)
GREETINGS: Final = (
    *(
        "See you soon",
        "Thank you",
        "I agree",
        "Please wait",
        "On my way",
        "All good here",
        "Not this week",
        "Count me in",
    ),
    *("Call me back", "Looks fine", "Maybe tomorrow", "I will bring it", "No news yet", "Sounds great", "Well done"),
)


def person(rng: Random) -> str:
    """A first and a last name."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def task(rng: Random) -> str:
    """Something to do."""
    return f"{rng.choice(_VERBS)} {rng.choice(_THINGS)}"


def phone(rng: Random) -> str:
    """A telephone number."""
    return f"555-{rng.randrange(10_000):04}"


def email(name: str, company: str) -> str:
    """An address for somebody."""
    return f"{name.lower().replace(' ', '.')}@{company.lower()}.example"


def code(rng: Random) -> str:
    """A code that is worth looking up."""
    letters = "".join([rng.choice("BCDFGHKMNPRTVWX") for _ in range(3)])
    return f"{letters}-{rng.randrange(1000, 10_000)}"


def is_code(text: str) -> bool:
    """Whether a text is one that `code` makes."""
    return text[3:4] == "-" and text[4:].isdigit()
