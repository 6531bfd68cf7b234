"""Rooms that are booked by the hour, and the gaps between bookings."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

SPANS = '''"""Spans of time, as pairs of whole minutes; a span holds its start and not its end."""


def overlaps(one, other):
    """Whether two spans share any minute."""
    return one[0] < other[1] and other[0] < one[1]


def length(span):
    """How many minutes a span has."""
    return max(0, span[1] - span[0])


def merged(spans):
    """The same minutes as few spans as possible, in order; spans that touch become one."""
    joined = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            last = joined.pop()
            joined.append((last[0], max(last[1], end)))
        else:
            joined.append((start, end))
    return joined


def gaps(spans, opening, closing):
    """What is left of the day between opening and closing."""
    free = []
    at = opening
    for start, end in merged(spans):
        if start > at:
            free.append((at, min(start, closing)))
        at = max(at, end)
    if at < closing:
        free.append((at, closing))
    return free
'''

ROOMS = '''"""Rooms and their bookings."""

from booking.spans import overlaps, length, gaps


class Room:
    """A room with seats, open for a part of the day."""

    def __init__(self, name, seats, opening=480, closing=1080):
        self.name = name
        self.seats = seats
        self.opening = opening
        self.closing = closing
        self.taken = []

    def is_free(self, span):
        """Whether a span lies within the hours of the room and nobody has booked any of it."""
        if span[0] < self.opening or span[1] > self.closing:
            return False
        return not any(overlaps(span, other) for other in self.taken)

    def book(self, span):
        """Book a span; say whether that was possible."""
        if length(span) == 0 or not self.is_free(span):
            return False
        self.taken.append(span)
        return True

    def cancel(self, start):
        """Give back the booking that starts then; say whether there was one."""
        for span in self.taken:
            if span[0] == start:
                self.taken.remove(span)
                return True
        return False

    def used(self):
        """The minutes that are booked, as a whole percentage of the hours of the room."""
        booked = sum(length(span) for span in self.taken)
        return 100 * booked // (self.closing - self.opening)

    def free(self):
        """The gaps between bookings."""
        return gaps(self.taken, self.opening, self.closing)
'''

FINDER = '''"""Finding a room."""

from booking.rooms import Room


def clock(minutes):
    """Minutes as a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes(text):
    """A time of day as minutes."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def smallest(rooms, people, span):
    """The room with the fewest seats that holds so many people and is free; None if there is none."""
    fitting = [room for room in rooms if room.seats >= people and room.is_free(span)]
    if not fitting:
        return None
    return min(fitting, key=lambda room: (room.seats, room.name)).name


def earliest(rooms, people, duration):
    """The first time at which some room is free for so long, with its name."""
    best = None
    for room in rooms:
        if room.seats < people:
            continue
        for start, end in room.free():
            if end - start >= duration:
                if best is None or start < best[0]:
                    best = (start, room.name)
                break
    return best and (clock(best[0]), best[1])


def building(plan):
    """Rooms from lines of a name and a number of seats."""
    rooms = []
    for line in plan:
        name, seats = line.rsplit(" ", 1)
        rooms.append(Room(name.strip(), int(seats)))
    return rooms
'''


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about spans, rooms and finding them."""
    found = []
    spans = "from booking.spans import gaps, length, merged, overlaps\n"
    find = "from booking.rooms import Room\nfrom booking.finder import building, clock, earliest, minutes, smallest\n"

    def span(least: int = 480, most: int = 1080) -> tuple[int, int]:
        start = rng.randrange(least, most - 60, 30)
        return start, start + rng.randrange(30, 200, 30)

    for _ in range(3):
        one, other = span(), span()
        touching = (one[1], one[1] + 30)
        pairs = [
            (one, other),
            (one, touching),
            (touching, one),
            (one, (one[0] + 10, one[1] - 10)),
            ((one[0] - 90, one[0] + 5), one),
        ]
        found.append(("whether spans overlap", f"{spans}[overlaps(one, other) for one, other in {pairs}]"))
        many = [span() for _ in range(4)] + [touching]
        found.append(("merging spans", f"{spans}merged({[many[0], touching, *many]})"))
        found.append(("the gaps between spans", f"{spans}gaps({many[:3]}, 480, 1080)"))
        booked = [span(480, 900) for _ in range(4)]
        code = (
            f"{find}room = Room('blue', 4)\ndone = [room.book(each) for each in "
            f"{[*booked, (booked[0][1], booked[0][1] + 30)]}]\n"
        )
        found.append(("booking a room", code + "(done, room.taken)"))
        found.append(("what is free of a room", code + "room.free()"))
        found.append(("how much of a room is used", code + "room.used()"))
        found.append(
            (
                "cancelling",
                code + f"(room.cancel({booked[0][0]}), room.cancel({booked[0][0]}), room.cancel(1), room.taken)",
            )
        )
    found.append(
        ("merging spans that hold each other", f"{spans}merged([(500, 900), (520, 600), (550, 560), (950, 990)])")
    )
    found.append(("merging spans that touch", f"{spans}merged([(500, 560), (560, 600), (610, 620), (601, 609)])"))
    found.append(("the gaps of a full day", f"{spans}gaps([(480, 700), (700, 1080)], 480, 1080)"))
    found.append(("the gaps of an early booking", f"{spans}gaps([(400, 500), (1000, 1200)], 480, 1080)"))
    found.append(("the gaps of a late booking", f"{spans}gaps([(600, 700), (1100, 1200)], 480, 1080)"))
    found.append(("the length of a span", f"{spans}[length((5, 9)), length((9, 5)), length((7, 7)), length((0, 1))]"))
    edges = [(480, 510), (450, 500), (1050, 1080), (1050, 1110), (600, 600), (479, 500), (1060, 1081)]
    found.append(
        ("booking at the edge of the day", f"{find}room = Room('red', 2)\n[room.book(each) for each in {edges}]")
    )
    found.append(
        (
            "booking at odd hours",
            f"{find}room = Room('red', 2, 0, 100)\n(room.book((0, 100)), room.used(), room.free())",
        )
    )
    times = [rng.randrange(0, 1440) for _ in range(3)] + [0, 61, 600, 1439]
    found.append(("a time of day", f"{find}[clock(each) for each in {times}]"))
    found.append(
        (
            "reading a time of day",
            (
                f"{find}[minutes(each) for each in ['0:00', '07:05', '23:59', "
                f"'{rng.randint(1, 9)}:{rng.randint(10, 59)}']]"
            ),
        )
    )
    for _ in range(3):
        seats = [rng.randint(2, 12) for _ in range(4)]
        people, wanted = rng.choice(seats), span(480, 900)
        rooms = (
            f"rooms = [Room(name, seats) for name, seats in zip(['d', 'b', 'c', 'a'], {seats})]\n"
            f"rooms[{rng.randrange(4)}].book({wanted})\n"
        )
        found.append(
            (
                "the smallest room",
                (
                    f"{find}{rooms}[smallest(rooms, {people}, {wanted}), smallest(rooms, 13, {wanted}), "
                    f"smallest(rooms, 1, {wanted})]"
                ),
            )
        )
        books = "".join([f"rooms[{at}].book((480, {480 + 30 * rng.randint(1, 12)}))\n" for at in range(4)])
        found.append(
            (
                "the earliest time",
                f"{find}{rooms}{books}[earliest(rooms, {people}, {rng.choice((30, 60, 300))}), earliest(rooms, 1, 60)]",
            )
        )
    small = "[Room('a', 1), Room('b', 9, 500)]"
    found.append(("the earliest time beside a small room", f"{find}earliest({small}, 2, 60)"))
    found.append(("the earliest time when nothing is left", f"{find}earliest([Room('a', 3, 500, 560)], 2, 61)"))
    found.append(
        (
            "the earliest time in a gap that just fits",
            f"{find}earliest([Room('a', 3, 500, 560), Room('b', 9, 490, 500), Room('c', 9, 500, 900)], 3, 60)",
        )
    )
    found.append(
        (
            "reading a plan",
            (
                f"{find}[(r.name, r.seats, r.opening, r.closing) for r in building(['blue room  4', "
                f"'red {rng.randint(5, 30)}'])]"
            ),
        )
    )
    return found


SUBJECT = Subject(
    "booking",
    {"booking/spans.py": SPANS, "booking/rooms.py": ROOMS, "booking/finder.py": FINDER},
    {
        "booking": ("booking", "reserve", "calendar"),
        "Room": ("Room", "Hall", "Studio"),
        "overlaps": ("overlaps", "collides", "meets"),
        "merged": ("merged", "joined_up", "compacted"),
        "taken": ("taken", "blocked", "reserved"),
        "seats": ("seats", "places", "chairs"),
        "smallest": ("smallest", "tightest", "snuggest"),
        "earliest": ("earliest", "soonest", "first_free"),
    },
    tests,
)
