"""Lists: messages, people, orders, songs, things to do, days."""

from __future__ import annotations

from verienv.families.gui.content import APPS, CITIES, GOODS, SONGS, STATUSES, SUBJECTS, TODOS, Deck
from verienv.families.gui.frames import Made, Room, fact, frame, icons
from verienv.render import screen as ui
from verienv.render.screen import Widget


def mail(deck: Deck, room: Room) -> Made:
    """Messages with a star each."""
    count = room.rows(64, 230)
    rows = []
    for name, subject in zip(deck.people(count), deck.some(SUBJECTS, count), strict=False):
        star = "star" if deck.yes(0.3) else "star_outline"
        marks = [ui.icon_button(star, deck.id("star"), "Star", width=36)]
        if room.wide > 420:
            marks += [
                ui.icon_button("archive", deck.id("archive"), "Archive", width=36),
                ui.icon_button("delete", deck.id("delete"), "Delete", width=36),
            ]
        rows.append(
            ui.item(
                name,
                deck.id("mail"),
                detail=subject,
                lead=ui.avatar(name),
                trail=[fact("Time", ui.text(deck.clock(), "caption")), *marks],
                role="strong" if deck.yes(0.3) else "",
            )
        )
    above = [ui.tabs(*[ui.tab(name, f"tab:{name}", name == "Inbox") for name in ("Inbox", "Sent", "Drafts")])]
    return Made(
        frame(
            deck,
            room,
            "Mail",
            *rows,
            role="",
            space=0,
            above=above,
            actions=icons(deck, "search:Search", "filter:Filter"),
        ),
        (ui.fab("edit", "new", "Write a message"),) if room.platform == "phone" else (),
    )


def contacts(deck: Deck, room: Room) -> Made:
    """People in alphabetical order, of whom a part is in view."""
    names = sorted(deck.people(24))
    each = 58
    lowest = max(0, len(names) * each - room.high + 190)
    offset = deck.rng.randrange(each, max(each + 1, lowest - each)) if lowest > 2 * each else 0
    rows = [
        ui.item(
            name,
            deck.id("person"),
            lead=ui.avatar(name, width=36),
            trail=[
                ui.icon_button("phone", deck.id("call"), "Call", width=36),
                ui.icon_button("chat", deck.id("chat"), "Message", width=36),
            ],
        )
        for name in names
    ]
    page = frame(
        deck, room, "Contacts", *rows, role="", space=0, offset=offset, actions=icons(deck, "search:Search", "add:Add")
    )
    return Made(page, (), tuple(names))


def orders(deck: Deck, room: Room) -> Made:
    """Orders with a status, a day and an amount."""
    column, values = deck.rng.choice(STATUSES)
    count = room.rows(68, 220)
    rows: list[Widget] = []
    wide = room.inner >= 520
    for name in deck.some(GOODS, count):
        value, role = deck.rng.choice(values)
        side = ui.column(
            fact("Price", ui.text(deck.price(), "strong", value="line")),
            fact(column, ui.badge(value, role)),
            role="center",
            space=4,
        )
        day = [fact("Date", ui.text(deck.date(), "small", value="line"))] if wide else []
        more = ui.icon_button("more", deck.id("more"), "More", width=32)
        line = ui.item(name, deck.id("order"), lead="bag" if wide else "", trail=[*day, side, more])
        rows += [line, ui.divider()]
    card = ui.card(*rows[:-1], role="flush", space=0)
    return Made(frame(deck, room, "Orders", card, actions=icons(deck, "filter:Filter", "sort:Sort")))


def playlist(deck: Deck, room: Room) -> Made:
    """Songs in an order, and a player below."""
    songs = deck.some(SONGS, min(room.rows(58, 300), 20))
    rows = [
        ui.item(
            song,
            deck.id("song"),
            detail=name,
            lead="music",
            trail=[
                fact("Length", ui.text(f"{deck.rng.randint(2, 6)}:{deck.rng.randint(0, 59):02d}", "small")),
                ui.icon_button("heart" if deck.yes(0.3) else "heart_outline", deck.id("heart"), "Like", width=34),
                ui.handle(deck.id("handle"), song),
            ],
        )
        for song, name in zip(songs, deck.people(len(songs)), strict=False)
    ]
    player = ui.row(
        *[ui.icon_button(each, f"play:{each}", each.capitalize(), width=36) for each in ("previous", "pause", "next")],
        ui.slider("position", deck.rng.randrange(5, 95)),
        ui.icon_button("volume", "play:volume", "Volume", width=36),
        role="bar",
    )
    return Made(
        frame(
            deck,
            room,
            "Playlist",
            *rows,
            role="",
            space=0,
            below=[player],
            nav=False,
            actions=icons(deck, "add:Add songs", "download:Download"),
        )
    )


def todos(deck: Deck, room: Room) -> Made:
    """Things to do, with handles to move them."""
    rows: list[Widget] = []
    for name in deck.some(TODOS, min(room.rows(52, 210), 20)):
        star = ui.icon_button("flag", deck.id("flag"), "Flag", width=34)
        rows += [
            ui.item(
                name,
                "",
                lead=ui.checkbox("", deck.id("box"), deck.yes(0.35)),
                trail=[star, ui.handle(deck.id("handle"), name)],
            ),
            ui.divider(),
        ]
    return Made(
        frame(
            deck, room, "To do", ui.card(*rows[:-1], role="flush", space=0), actions=icons(deck, "add:Add", "sort:Sort")
        ),
    )


def stories(deck: Deck, room: Room) -> Made:
    """Short texts under headings, each with the same buttons."""
    parts = []
    for title in deck.some(CITIES, max(3, (room.high - 170) // 118)):
        words = deck.rng.choice(
            (
                "Three quiet days between old houses and the water.",
                "Markets, museums and the best bakeries.",
                "How to see the town without a car.",
                "Parks and paths for a long weekend.",
            )
        )
        buttons = ui.row(
            ui.button("Read more", deck.id("read"), role="tonal"),
            ui.button("Save", deck.id("save"), role="plain"),
            ui.gap(0),
            ui.icon_button("share", deck.id("share"), "Share", width=34),
            ui.icon_button("bookmark_outline", deck.id("mark"), "Bookmark", width=34),
        )
        parts.append(ui.card(ui.text(title, "heading"), ui.text(words, "soft", value="line"), buttons, label=title))
    return Made(frame(deck, room, "Journal", *parts, space=12, actions=icons(deck, "search:Search", "bell:Alerts")))


def agenda(deck: Deck, room: Room) -> Made:
    """Days in a strip that scrolls sideways, and what is on."""
    days = [f"{day}" for day in range(1, 32)]
    offset = deck.rng.randrange(300, 900)
    strip = ui.strip(*[ui.chip(day, f"day{day}") for day in days], offset=offset, id="days", role="bar")
    rows = [
        ui.item(
            name,
            deck.id("event"),
            detail=f"{deck.clock()} with {person}",
            lead="calendar",
            trail=[
                ui.icon_button("edit", deck.id("edit"), "Edit", width=34),
                ui.icon_button("delete", deck.id("delete"), "Delete", width=34),
            ],
        )
        for name, person in zip(deck.some(TODOS, room.rows(64, 260)), deck.people(20), strict=False)
    ]
    month = deck.rng.choice(("January", "March", "May", "July", "August", "October", "December"))
    page = frame(
        deck, room, month, *rows, above=[strip], role="", space=0, actions=icons(deck, "add:Add", "search:Search")
    )
    return Made(page, (), tuple(days), sideways=True)


def chats(deck: Deck, room: Room) -> Made:
    """Messages that each name a program to use."""
    names = deck.some(APPS, 2 * room.rows(86, 190))
    rows: list[Widget] = []
    for at, person in enumerate(deck.people(len(names) // 2)):
        old, new = names[2 * at], names[2 * at + 1]
        said = deck.rng.choice(
            (
                f"{old} is closed, use {new} now.",
                f"I moved from {old} to {new}.",
                f"Not {old}! Try {new}.",
                f"{new} is better than {old}.",
            )
        )
        rows.append(ui.item(person, deck.id("chat"), detail=said, lead=ui.avatar(person), trail=[]))
    return Made(
        frame(deck, room, "Chats", *rows, role="", space=0, actions=icons(deck, "search:Search", "add:New chat"))
    )


def told(message: str) -> str | None:
    """The program that a message of `chats` sends one to."""
    known = [word.strip(".,!") for word in message.split()]
    named = [word for word in known if word in APPS]
    if len(named) != 2:
        return None
    return named[0] if message.startswith(named[0]) and "better" in message else named[1]
