"""The programs whose screens are shown: lists, forms, tables, tiles, players, menus."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from verienv.families.gui.content import (
    APPS,
    CITIES,
    FIELDS,
    FOLDERS,
    GOODS,
    MENUS,
    MODIFIERS,
    SETTINGS,
    SONGS,
    STATUSES,
    SUBJECTS,
    TILES,
    TODOS,
    Deck,
)
from verienv.families.gui.frames import PLATFORMS, Made, Program, Room, frame, icons
from verienv.render import screen as ui
from verienv.render.screen import Widget

WIDE: Final = ("desktop", "web")


def fact(column: str, widget: Widget) -> Widget:
    """A text or badge that says what its row has under `column`."""
    return replace(widget, hint=column)


def settings(deck: Deck, room: Room) -> Made:
    """Switches under headings."""
    parts: list[Widget] = []
    for title, entries in deck.rng.sample(SETTINGS, min(len(SETTINGS), 1 + room.rows(56) // 4)):
        chosen = deck.rng.sample(entries, min(len(entries), deck.rng.randint(3, 4)))
        rows: list[Widget] = []
        for name, icon in chosen:
            works = deck.yes(0.85)
            rows += [
                ui.item(
                    name,
                    "",
                    lead=icon,
                    enabled=works,
                    trail=ui.switch(deck.id("switch"), deck.yes(), label=name, enabled=works),
                ),
                ui.divider(),
            ]
        parts.append(ui.section(title, *rows[:-1]))
    actions = icons(deck, "search:Search", "more:More options")
    return Made(frame(deck, room, "Settings", *parts, actions=actions))


def mixer(deck: Deck, room: Room) -> Made:
    """Sliders with names, some with a number beside them."""
    names = deck.some(
        (
            "Volume",
            "Brightness",
            "Bass",
            "Treble",
            "Contrast",
            "Warmth",
            "Speed",
            "Balance",
            "Zoom",
            "Ringtone",
            "Alarm",
            "Media",
        ),
        min(room.rows(52, 200), 12),
    )
    numbers = deck.yes()
    rows = []
    for name in names:
        value = deck.rng.randrange(4, 97)
        works = deck.yes(0.9)
        parts = [
            ui.text(name, "body" if works else "faint", width=96),
            ui.slider(deck.id("slider"), value, label=name, enabled=works),
        ]
        if numbers:
            parts.append(ui.text(str(value), "small", width=26))
        rows.append(ui.row(*parts, space=12))
    play = ui.row(
        *[ui.icon_button(each, f"play:{each}", each.capitalize()) for each in ("previous", "play", "next", "volume")],
        role="center",
        space=16,
    )
    title = deck.rng.choice(("Sound and light", "Equalizer", "Picture"))
    return Made(
        frame(deck, room, title, ui.card(*rows, play, space=10), actions=icons(deck, "undo:Undo", "refresh:Reset"))
    )


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


def form(deck: Deck, room: Room) -> Made:
    """Fields to fill in; a note says what one of them needs."""
    count = min(len(FIELDS), max(4, room.rows(72, 330)) * (2 if room.wide > 640 else 1))
    chosen = deck.rng.sample(FIELDS, min(count, 10))
    focus = deck.rng.randrange(len(chosen))
    fields = []
    for at, (label, icon) in enumerate(chosen):
        filled = at != focus and deck.yes(0.35)
        value = (
            {"City": deck.rng.choice(CITIES), "First name": deck.rng.choice(("Ada", "Nils"))}.get(label, deck.code())
            if filled
            else ""
        )
        fields.append(
            ui.field(label, deck.id("field"), value, icon=icon if deck.yes(0.3) else "", focused=at == focus, grow=1)
        )
    body: list[Widget] = [_notes(deck)]
    if room.wide > 640:
        pairs = [ui.row(*fields[at : at + 2], space=16) for at in range(0, len(fields), 2)]
        body.append(ui.card(*pairs, space=12))
    else:
        body += fields
    body.append(ui.checkbox("Remember me", "remember", deck.yes()))
    body.append(
        ui.row(
            ui.button("Cancel", "cancel", role="outlined"),
            ui.button("Continue", "go", enabled=deck.yes(0.7)),
            role="end",
        )
    )
    keys = [ui.keyboard()] if room.platform == "phone" and room.high >= 560 and deck.yes(0.5) else []
    title = deck.rng.choice(("Your details", "Checkout", "New account", "Edit profile"))
    return Made(frame(deck, room, title, *body, below=keys, nav=False, menus=False, actions=icons(deck, "help:Help")))


def _notes(deck: Deck) -> Widget:
    """A few names with a code each: what can be copied."""
    names = deck.some(("Voucher", "Order", "Parcel", "Booking", "Ticket", "Contract"), 3)
    return ui.card(
        *[ui.item(name, "", trail=[fact("Code", ui.text(deck.code(), "mono", value="line"))]) for name in names],
        role="flat",
        space=0,
    )


def home(deck: Deck, room: Room) -> Made:
    """A home screen: tiles in rows."""
    columns = max(4, room.wide // 96)
    count = min(len(TILES), columns * max(2, min(5, (room.high - 120) // 100)))
    tiles = [
        ui.tile(name, deck.id("tile"), icon=icon, value=deck.rng.randrange(12))
        for name, icon in deck.rng.sample(TILES, count)
    ]
    grid = ui.grid(*tiles, columns=columns, space=10)
    if room.platform == "phone":
        return Made(
            ui.stack(
                ui.status_bar(deck.clock(), deck.rng.randint(9, 99)),
                ui.page(
                    ui.field("", "find", hint="Search", icon="search", role="search"), grid, role="padded", space=20
                ),
                ui.home_bar(),
            )
        )
    return Made(frame(deck, room, "Programs", grid, menus=False))


def gallery(deck: Deck, room: Room) -> Made:
    """Pictures with names."""
    columns = max(2, min(6, room.inner // 160))
    rows = max(2, (room.high - 190) // 150)
    names = [f"IMG {number}" for number in deck.rng.sample(range(1000, 9999), columns * rows)]
    cards = [
        ui.pressable(
            ui.image(deck.rng.randrange(96), height=78),
            ui.row(
                ui.text(name, "small", grow=1, value="line"),
                ui.icon_button("heart_outline", deck.id("heart"), "Like", width=26),
            ),
            id=deck.id("photo"),
            label=name,
        )
        for name in names
    ]
    return Made(
        frame(
            deck,
            room,
            "Photos",
            ui.grid(*cards, columns=columns, space=10),
            actions=icons(deck, "search:Search", "upload:Upload", "more:More"),
        )
    )


def files(deck: Deck, room: Room) -> Made:
    """Folders and files as tiles."""
    columns = max(3, min(9, room.inner // 104))
    rows = max(2, min(5, (room.high - 190) // 104))
    names = deck.some(FOLDERS, columns * rows // 2)
    papers = deck.files(columns * rows - len(names))
    tiles = [ui.tile(name, deck.id("folder"), icon="folder") for name in names]
    tiles += [
        ui.tile(name, deck.id("file"), icon="image" if name.endswith("png") else "file", checked=False)
        for name in papers
    ]
    tools = icons(deck, "back:Back", "up:Up", "refresh:Refresh", "copy:Copy", "cut:Cut", "paste:Paste", "delete:Delete")
    return Made(frame(deck, room, "Files", ui.grid(*tiles, columns=columns, space=8), actions=tools))


def papers(deck: Deck, room: Room) -> Made:
    """Files as a table, by name."""
    names = sorted(deck.files(min(34, room.rows(42, 150) + 8)))
    each = 40
    lowest = max(0, len(names) * each - room.high + 210)
    offset = deck.rng.randrange(each, max(each + 1, lowest - each)) if lowest > 2 * each and deck.yes(0.6) else 0
    rows = []
    for name in names:
        size = f"{deck.rng.randint(2, 980)} KB"
        rows.append(
            ui.table_row(
                name,
                ui.cell(size, role="number"),
                deck.date(2024 + deck.rng.randrange(2)),
                _tools(deck, "download:Download", "delete:Delete"),
                id=deck.id("file"),
                label=name,
            )
        )
    table = ui.table(["Name", ui.cell("Size", role="head_end"), "Changed", ""], rows)
    return Made(
        frame(
            deck,
            room,
            "Documents",
            table,
            offset=offset,
            actions=icons(deck, "back:Back", "upload:Upload", "search:Search"),
        ),
        (),
        tuple(names),
    )


def _tools(deck: Deck, *names: str) -> Widget:
    """Icons of a row."""
    return ui.row(
        *[
            ui.icon_button(icon, deck.id(icon), meaning, width=30)
            for icon, _, meaning in [each.partition(":") for each in names]
        ],
        space=2,
    )


def ledger(deck: Deck, room: Room) -> Made:
    """Invoices or people in a table, with a status each."""
    column, values = deck.rng.choice(STATUSES)
    count = min(room.rows(44, 250), 24)
    rows = []
    narrow = room.wide < 600
    for name in deck.people(count):
        value, role = deck.rng.choice(values)
        label = f"{deck.rng.choice('KLMNR')}-{deck.rng.randint(100, 999)}" if narrow else name
        cells: list[str | Widget] = [label, ui.cell(deck.price(10, 900), role="number"), ui.badge(value, role)]
        if not narrow:
            cells.insert(1, deck.date())
            cells.insert(1, deck.rng.choice(CITIES[:8]))
        tools = (
            ("edit:Edit", "delete:Delete")
            if narrow
            else ("edit:Edit", "mail:Send", "download:Download", "delete:Delete")
        )
        rows.append(ui.table_row(*cells, _tools(deck, *tools), label=label))
    head: list[str | Widget] = ["Customer", ui.cell("Amount", role="head_end"), column, ""]
    if not narrow:
        head[1:1] = ["City", "Date"]
    if narrow:
        head[0] = "Number"
    body: list[Widget] = [
        ui.row(ui.text("Invoices", "display", grow=1), ui.button("New invoice", "new", icon="add")),
        ui.wrap(
            *[
                ui.chip(each, f"chip:{each}", at == 0)
                for at, each in enumerate(("All", *[value for value, _ in values]))
            ]
        ),
        ui.table(head, rows),
    ]
    return Made(
        frame(
            deck,
            room,
            "Invoices",
            *body,
            space=12,
            actions=icons(deck, "print:Print", "filter:Filter", "search:Search"),
        )
    )


def shop(deck: Deck, room: Room) -> Made:
    """Goods on cards with a price and stars."""
    columns = max(2, min(5, (room.inner - 40) // 170))
    rows = max(2, (room.high - 230) // 196)
    cards = []
    for name in deck.some(GOODS, columns * rows):
        top = ui.row(
            fact("Price", ui.text(f"${deck.price(5, 200)}", "strong", value="line")),
            ui.gap(0),
            fact("Rating", ui.text(f"{deck.rng.randint(21, 50) / 10}", "small", value="line")),
            ui.icon("star", width=14),
            space=3,
        )
        foot = ui.row(
            ui.icon_button("heart_outline", deck.id("heart"), "Save for later", width=30),
            ui.gap(0),
            ui.icon_button("add", deck.id("add"), "Add to the cart", width=30, role="filled"),
        )
        picture = ui.image(deck.rng.randrange(96), height=64)
        cards.append(ui.card(picture, ui.text(name, "strong", value="line"), top, foot, label=name, space=6))
    top = ui.row(ui.text("New arrivals", "heading", grow=1), ui.select("", "sort", "Newest first", width=150))
    actions = icons(deck, "search:Search", "heart_outline:Saved", "cart:Cart")
    return Made(frame(deck, room, "Shop", top, ui.grid(*cards, columns=columns, space=12), actions=actions, space=12))


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


def options(deck: Deck, room: Room) -> Made:
    """Boxes to tick and choices under headings."""
    parts = []
    for title, entries in deck.rng.sample(SETTINGS, min(6, 1 + room.rows(52) // 4)):
        chosen = deck.rng.sample(entries, 3)
        if deck.yes(0.6):
            made = [ui.checkbox(name, deck.id("box"), deck.yes(), enabled=deck.yes(0.85)) for name, _ in chosen]
        else:
            here = deck.rng.randrange(3)
            made = [ui.radio(name, deck.id("choice"), at == here) for at, (name, _) in enumerate(chosen)]
        wide = room.wide > 560
        inside = (ui.row(*made, space=24),) if wide else tuple(made)
        parts.append(
            ui.section(
                title, *inside, ui.row(ui.button("Reset", deck.id("reset"), role="plain"), role="end"), role="flat"
            )
        )
    foot = [ui.row(ui.gap(0), ui.button("Cancel", "cancel", role="plain"), ui.button("Apply", "apply"), role="bar")]
    return Made(
        frame(
            deck,
            room,
            "Options",
            *parts,
            below=foot,
            nav=False,
            menus=False,
            actions=icons(deck, "search:Search", "help:Help"),
        )
    )


def editor(deck: Deck, room: Room) -> Made:
    """A text with tools above, one menu open."""
    shown = 3 + room.wide // 400
    at = deck.rng.randrange(min(shown, len(MENUS)))
    name, entries = MENUS[at]
    used: set[str] = set()
    made: list[Widget] = []
    for label, icon, letter in entries:
        keys = deck.rng.choice(MODIFIERS) + letter
        if keys in used:
            continue
        used.add(keys)
        made.append(ui.option(label, f"option:{label}", icon=icon, hint=keys, enabled=deck.yes(0.85)))
    words = ui.card(
        *[
            ui.text(line, "body")
            for line in (
                "The house by the lake",
                "It had rained for three days when the letter came.",
                "Nobody at the station knew the name on the envelope.",
                "So she went on foot, along the old railway.",
            )
        ],
        role="flat",
        space=12,
    )
    tools = icons(
        deck,
        "undo:Undo",
        "redo:Redo",
        "bold:Bold",
        "italic:Italic",
        "underline:Underline",
        "align_left:Align left",
        "align_center:Centre",
        "list:List",
        "link:Link",
        "image:Picture",
        "chat:Comment",
    )[: max(4, room.wide // 52)]
    root = frame(deck, room, "Untitled", words, actions=tools)
    return Made(root, (ui.menu(f"menu:{name}", *made, width=250),))


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


PROGRAMS: Final[tuple[Program, ...]] = (
    Program("settings", PLATFORMS, ("set",), settings),
    Program("mixer", PLATFORMS, ("slide",), mixer),
    Program("mail", PLATFORMS, ("hold",), mail),
    Program("contacts", PLATFORMS, ("reveal",), contacts),
    Program("orders", PLATFORMS, ("branch", "hold"), orders),
    Program("todos", PLATFORMS, ("set", "move"), todos),
    Program("playlist", PLATFORMS, ("move", "slide"), playlist),
    Program("form", PLATFORMS, ("write", "copy"), form),
    Program("home", ("phone",), ("hold",), home),
    Program("gallery", PLATFORMS, ("hold",), gallery),
    Program("files", ("desktop",), ("open", "file"), files),
    Program("papers", WIDE, ("open", "reveal"), papers),
    Program("ledger", PLATFORMS, ("branch",), ledger),
    Program("shop", PLATFORMS, (), shop),
    Program("stories", PLATFORMS, (), stories),
    Program("options", PLATFORMS, ("set",), options),
    Program("editor", ("desktop",), ("shortcut",), editor),
    Program("agenda", PLATFORMS, ("reveal",), agenda),
    Program("chats", ("phone",), ("app",), chats),
)
