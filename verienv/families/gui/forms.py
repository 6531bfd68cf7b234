"""Controls to set: switches, sliders, boxes, fields, menus."""

from __future__ import annotations

from verienv.families.gui.content import CITIES, FIELDS, MENUS, MODIFIERS, SETTINGS, Deck
from verienv.families.gui.frames import Made, Room, fact, frame, icons
from verienv.render import screen as ui
from verienv.render.screen import Widget


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
