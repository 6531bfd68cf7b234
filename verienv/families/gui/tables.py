"""Tables of files and of invoices."""

from __future__ import annotations

from verienv.families.gui.content import CITIES, STATUSES, Deck
from verienv.families.gui.frames import Made, Room, frame, icons
from verienv.render import screen as ui
from verienv.render.screen import Widget


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


def _tools(deck: Deck, *names: str) -> Widget:
    """Icons of a row."""
    return ui.row(
        *[
            ui.icon_button(icon, deck.id(icon), meaning, width=30)
            for icon, _, meaning in [each.partition(":") for each in names]
        ],
        space=2,
    )
