"""Tiles and cards: a home screen, pictures, folders, goods."""

from __future__ import annotations

from verienv.families.gui.content import FOLDERS, GOODS, TILES, Deck
from verienv.families.gui.frames import Made, Room, fact, frame, icons
from verienv.render import screen as ui


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
