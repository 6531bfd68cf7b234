"""Stations, lines between them, and ways through them."""

from __future__ import annotations

import itertools
from random import Random

from verienv.families.patch.subjects import Subject

MAP = '''"""A map: stations and what it takes to go from one to the next."""


class Map:
    """Stations with their neighbours; every link can be used both ways."""

    def __init__(self):
        self.links = {}

    def add(self, one, other, minutes):
        """Join two stations; of several links between them the quickest counts."""
        for start, end in ((one, other), (other, one)):
            near = self.links.setdefault(start, {})
            near[end] = min(minutes, near.get(end, minutes))

    def remove(self, one, other):
        """Take a link away, if it is there."""
        self.links.get(one, {}).pop(other, None)
        self.links.get(other, {}).pop(one, None)

    def stations(self):
        """All stations in order of the alphabet."""
        return sorted(self.links)

    def neighbours(self, station):
        """What can be reached directly, the nearest first."""
        near = self.links.get(station, {})
        return sorted(near, key=lambda name: (near[name], name))

    def ends(self):
        """Stations with one neighbour only."""
        return [name for name in self.stations() if len(self.links[name]) == 1]


def read_map(lines):
    """A map from lines such as "Park - Harbour 5"."""
    found = Map()
    for line in lines:
        line = line.split("#")[0].strip()
        if not line:
            continue
        ends, minutes = line.rsplit(" ", 1)
        one, other = ends.split(" - ")
        found.add(one.strip(), other.strip(), int(minutes))
    return found
'''

ROUTES = '''"""Ways through a map."""

import heapq

from network.map import Map, read_map


def quickest(network, start, goal, change=0):
    """The quickest way as (minutes, stations), or None; a stop on the way costs `change` minutes."""
    waiting = [(0, [start])]
    done = set()
    while waiting:
        minutes, way = heapq.heappop(waiting)
        here = way[-1]
        if here == goal:
            return minutes, way
        if here in done:
            continue
        done.add(here)
        for there in network.neighbours(here):
            if there in done:
                continue
            stop = change if here != start else 0
            heapq.heappush(waiting, (minutes + stop + network.links[here][there], way + [there]))
    return None


def fewest(network, start, goal):
    """The way with the fewest stations between, or None."""
    ways = [[start]]
    seen = {start}
    while ways:
        longer = []
        for way in ways:
            if way[-1] == goal:
                return way
            for there in sorted(network.links.get(way[-1], {})):
                if there not in seen:
                    seen.add(there)
                    longer.append(way + [there])
        ways = longer
    return None


def duration(network, way):
    """The minutes of a way, or -1 where two of its stations are not joined."""
    total = 0
    for here, there in zip(way, way[1:]):
        if there not in network.links.get(here, {}):
            return -1
        total += network.links[here][there]
    return total
'''

AREAS = '''"""Parts of a map."""

from network.map import read_map
from network.routes import fewest, quickest


def reach(network, start, minutes):
    """The stations that can be reached within so many minutes, without the start."""
    found = []
    for station in network.stations():
        way = quickest(network, start, station)
        if station != start and way is not None and way[0] <= minutes:
            found.append(station)
    return found


def parts(network):
    """Groups of stations between which there is a way, the largest first."""
    groups = []
    left = set(network.stations())
    while left:
        start = min(left)
        group = [name for name in network.stations() if fewest(network, start, name)]
        groups.append(group)
        left -= set(group)
    return sorted(groups, key=lambda group: (-len(group), group))


def centre(network):
    """The station from which the farthest one is nearest."""
    best = None
    for station in network.stations():
        ways = [quickest(network, station, other) for other in network.stations()]
        farthest = max(way[0] for way in ways if way is not None)
        if best is None or farthest < best[0]:
            best = (farthest, station)
    return best


def loose(lines):
    """Stations that would be cut off if a single link failed: the ends of the map in these lines."""
    return read_map(lines).ends()
'''


def _lines(rng: Random, names: str, extra: int) -> list[str]:
    lines = [f"{one} - {other} {rng.randint(1, 9)}" for one, other in itertools.pairwise(names)]
    for _ in range(extra):
        one, other = rng.sample(names, 2)
        lines.append(f"{one} - {other} {rng.randint(2, 20)}")
    return lines


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about maps, ways and parts."""
    found = []
    use = "from network.map import Map, read_map\nfrom network.routes import duration, fewest, quickest\n"
    use += "from network.areas import centre, loose, parts, reach\n"
    for _ in range(3):
        lines = _lines(rng, "ABCDEF", 4)
        town = f"{use}town = read_map({lines})\n"
        one, other = rng.sample("ABCDEF", 2)
        found.append(("a map", f"{town}(town.stations(), town.links, town.ends())"))
        found.append(("the quickest way", f"{town}[quickest(town, {one!r}, other) for other in 'ABCDEFG']"))
        found.append(
            (
                "the quickest way with changes",
                f"{town}[quickest(town, {one!r}, other, {rng.randint(3, 9)}) for other in 'ABCDEF']",
            )
        )
        found.append(
            ("the way with the fewest stations", f"{town}[fewest(town, {other!r}, each) for each in 'ABCDEFG']")
        )
        found.append(
            ("the duration of a way", f"{town}[duration(town, way) for way in ('ABC', 'A', 'CBA', 'AXB', 'FEDCB')]")
        )
        found.append(("what can be reached", f"{town}[reach(town, {one!r}, minutes) for minutes in (0, 4, 8, 15, 99)]"))
        found.append(("the centre", f"{town}centre(town)"))
        found.append(("the neighbours", f"{town}[town.neighbours(name) for name in 'ABCDEFG']"))
        pieces = lines[:2] + lines[4:5] + ["X - Y 3", "Y - Z 1", "Z - W 4"]
        found.append(("the parts of a map", f"{use}parts(read_map({pieces}))"))
        found.append(
            (
                "removing a link",
                (
                    f"{town}town.remove('B', 'C')\ntown.remove('E', 'D')\n"
                    f"town.remove('A', 'Z')\n"
                    f"town.remove('Z', 'A')\n"
                    f"(town.links, town.ends())"
                ),
            )
        )
        found.append(("loose ends", f"{use}loose({lines[:4]})"))
    text = [
        "# the old town",
        "Old Town - Park 4",
        "",
        "  Park - Mill Lane  12  # closed on Sundays",
        "Park - Mill Lane 15",
        "Park - Mill Lane 9",
    ]
    found.append(("reading a map", f"{use}read_map({text}).links"))
    found.append(
        (
            "two links between the same stations",
            f"{use}m = Map()\nm.add('a', 'b', 5)\nm.add('b', 'a', 3)\nm.add('a', 'b', 8)\nm.links",
        )
    )
    found.append(
        (
            "a way to where one is",
            f"{use}m = read_map(['A - B 2'])\n(quickest(m, 'A', 'A'), fewest(m, 'B', 'B'), duration(m, ['A']))",
        )
    )
    found.append(("a way that just takes so long", f"{use}reach(read_map(['A - B 5', 'B - C 5', 'C - D 1']), 'A', 10)"))
    found.append(
        (
            "a station that is not there",
            f"{use}m = read_map(['A - B 2'])\n(quickest(m, 'X', 'A'), m.neighbours('X'), fewest(m, 'A', 'X'))",
        )
    )
    found.append(
        ("neighbours at the same distance", f"{use}read_map(['A - C 2', 'A - B 2', 'A - D 1']).neighbours('A')")
    )
    found.append(
        (
            "a shorter way with more stops",
            (
                f"{use}m = read_map(['A - B 1', 'B - C 1', 'C - D 1', 'A - D 4'])\n"
                f"(quickest(m, 'A', 'D'), quickest(m, 'A', 'D', 1), fewest(m, 'A', 'D'))"
            ),
        )
    )
    square = "m = read_map(['A - C 1', 'A - B 1', 'C - D 1', 'B - D 1'])"
    found.append(("two ways that are alike", f"{use}{square}\n(fewest(m, 'A', 'D'), quickest(m, 'A', 'D'), centre(m))"))
    return found


SUBJECT = Subject(
    "network",
    {"network/map.py": MAP, "network/routes.py": ROUTES, "network/areas.py": AREAS},
    {
        "network": ("network", "railway", "metro"),
        "Map": ("Map", "Grid", "Plan"),
        "quickest": ("quickest", "fastest", "shortest"),
        "fewest": ("fewest", "direct", "simplest"),
        "links": ("links", "edges", "tracks"),
        "reach": ("reach", "reachable", "around"),
        "parts": ("parts", "islands", "components"),
        "neighbours": ("neighbours", "next_to", "adjacent"),
    },
    tests,
)
