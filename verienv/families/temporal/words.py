"""The words of the chronicle: invented names, kinds of event, sources, asides.

An event is a row of `EVENTS` and a name; a period is a row of `PERIODS` and has a start and an end; a series is a row
of `SERIES` and has numbered editions. Each is told as a noun phrase or as a clause; no two share a phrase.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from verienv.families.temporal import days

_NAMES: Final = """
    Korval Lindmar Bellmoor Harrow Ostran Tarvik Quillan Sorrel Vantor Meriden Calder Dunmore Eskby Farrow
    Galdin Hollis Ivarra Jessop Kelmar Lorvane Maddox Norwyn Orlend Pellam Quent Rivane Selden Torrin Ulmer
    Varley Wexham Yarrow Zelmar Aldry Brennic Corwen Delph Elstow Fennick Garrow Hathern Islin Jorvik Kestrel
    Larkby Mossend Nethery Oakley Penrose Radwell Stannis Tilbrook Umber Velden Wyndle Ashmere Brackley Cawston
    Drayton Evenlode Fosdyke Gosling Hexley Inglow Jarrold Kilby Lomond Marlin Nairn Orford Pickwell Quarley
    Rossby Skelton Thurso Uldale Vexford Wilden Yelland Zennor Arden Boswell Crome Denholm Elgar Flint Grebe
    Holt Ibsley Jura
    """
NAMES: Final = tuple(_NAMES.split())

EVENTS: Final = (
    ("the opening of the {} Bridge", "the {} Bridge was opened to traffic"),
    ("the {} mayoral election", "the voters of {} elected a new mayor"),
    ("the maiden voyage of the ferry {}", "the ferry {} sailed for the first time"),
    ("the verdict in the {} case", "the court gave its verdict in the {} case"),
    ("the founding of the {} Institute", "the {} Institute was founded"),
    ("the fire at the {} Theatre", "fire gutted the {} Theatre"),
    ("the resignation of Minister {}", "Minister {} resigned"),
    ("the first flight of the {} airship", "the {} airship made its first flight"),
    ("the sale of the {} Estate", "the {} Estate was sold at auction"),
    ("the signing of the Treaty of {}", "the Treaty of {} was signed"),
    ("the discovery of the {} hoard", "walkers stumbled upon the {} hoard"),
    ("the closure of the {} mine", "the {} mine shut its gates for good"),
    ("the flood in {}", "the river burst its banks in {}"),
    ("the unveiling of the {} statue", "the {} statue was unveiled"),
    ("the premiere of the opera {}", "the opera {} was given its premiere"),
    ("the collapse of {} Bank", "{} Bank stopped all payments"),
    ("the launch of the {} satellite", "the {} satellite was put into orbit"),
    ("the derailment at {}", "a goods train left the rails at {}"),
    ("the {} chess final", "the {} chess final was played"),
    ("the escape from {} Prison", "two convicts broke out of {} Prison"),
    ("the christening of Princess {}", "Princess {} was christened"),
    ("the publication of the {} Report", "the {} Report was published"),
    ("the {} referendum", "the people of {} went to the polls in a referendum"),
    ("the landslide at {}", "a hillside gave way at {}"),
    ("the merger of {} Mills with its rival", "{} Mills merged with its rival"),
    ("the burglary at the {} Museum", "thieves emptied a case at the {} Museum"),
    ("the switching-on of the {} lighthouse", "the {} lighthouse was lit for the first time"),
    ("the wedding of Lord {}", "Lord {} was married"),
    ("the inauguration of {} Airport", "{} Airport received its first passengers"),
    ("the abolition of the {} toll", "the {} toll was abolished"),
)
PERIODS: Final = (
    "the {} dock strike", "the siege of {}", "the {} trade fair", "the {} inquiry", "the regency of Queen {}",
    "the {} drought", "the {} expedition", "the restoration of {} Cathedral", "the {} exhibition", "the {} blockade",
    "the {} peace conference", "the excavation of {} Hill", "the trial of General {}", "the {} ministry",
)  # fmt: skip
SERIES: Final = (
    "{} Fair", "{} Regatta", "{} Book Prize", "{} Census", "{} Congress", "{} Salon", "{} Relay", "{} Synod",
)  # fmt: skip

SOURCES: Final = (
    "the {} Courier", "the {} Gazette", "the town clerk of {}", "a spokeswoman for the {} council", "the {} Herald",
    "the parish register of {}", "the {} Chamber of Commerce", "the broadcaster Radio {}",
)  # fmt: skip
ASIDES: Final = (
    "Most of the papers carried it on the front page.", "Opinions on it are still divided.",
    "Photographs of it hang in the town hall.", "It was talked about in every tavern.",
    "Not everyone had seen it coming.", "The cost was never made public.", "The mood in the streets was subdued.",
    "Schoolchildren wrote essays about it.", "A small crowd looked on.", "Insurers took a close interest.",
    "Few outside the region took notice.", "The police reported nothing unusual.", "Visitors still ask about it.",
    "It rained throughout.", "A plaque recalls it.", "The archive holds two boxes of papers on it.",
)  # fmt: skip

Point = tuple[int, int]  # row of `phrases`, name

START, END, EDITION = len(EVENTS), len(EVENTS) + len(PERIODS), len(EVENTS) + 2 * len(PERIODS)
EDITIONS: Final = 30


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[str, str], ...]:
    """Every row of points as (noun phrase, clause): events, starts and ends of periods, editions of series."""
    rows = list(EVENTS)
    rows += [(f"the start of {period}", f"{period} began") for period in PERIODS]
    rows += [(f"the end of {period}", f"{period} came to an end") for period in PERIODS]
    for series in SERIES:
        for number in range(1, EDITIONS + 1):
            rows.append((f"the {days.ORDINALS[number]} {series}", f"the {days.ORDINALS[number]} {series} was held"))
    return tuple(rows)


def noun(point: Point) -> str:
    """`the opening of the Korval Bridge`."""
    return phrases()[point[0]][0].format(NAMES[point[1]])


def clause(point: Point) -> str:
    """`the Korval Bridge was opened to traffic`."""
    return phrases()[point[0]][1].format(NAMES[point[1]])


def period(point: Point) -> str:
    """The period that a start or an end belongs to: `the Korval dock strike`."""
    row = point[0] - (START if point[0] < END else END)
    return PERIODS[row].format(NAMES[point[1]])


def edition(series: int, number: int, name: int) -> Point:
    """The point of a series' numbered edition."""
    return EDITION + EDITIONS * series + number - 1, name


def edition_number(point: Point) -> int:
    """Which edition of its series a point is, from 1."""
    return (point[0] - EDITION) % EDITIONS + 1


def series(point: Point) -> str:
    """The series that an edition belongs to: `Korval Fair`."""
    return SERIES[(point[0] - EDITION) // EDITIONS].format(NAMES[point[1]])
