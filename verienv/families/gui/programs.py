"""The programs whose screens are shown: lists, forms, tables, tiles, players, menus."""

from __future__ import annotations

from typing import Final

from verienv.families.gui import forms, lists, tables, tiles
from verienv.families.gui.frames import PLATFORMS, Program

WIDE: Final = ("desktop", "web")


PROGRAMS: Final[tuple[Program, ...]] = (
    Program("settings", PLATFORMS, ("set",), forms.settings),
    Program("mixer", PLATFORMS, ("slide",), forms.mixer),
    Program("mail", PLATFORMS, ("hold",), lists.mail),
    Program("contacts", PLATFORMS, ("reveal",), lists.contacts),
    Program("orders", PLATFORMS, ("branch", "hold"), lists.orders),
    Program("todos", PLATFORMS, ("set", "move"), lists.todos),
    Program("playlist", PLATFORMS, ("move", "slide"), lists.playlist),
    Program("form", PLATFORMS, ("write", "copy"), forms.form),
    Program("home", ("phone",), ("hold",), tiles.home),
    Program("gallery", PLATFORMS, ("hold",), tiles.gallery),
    Program("files", ("desktop",), ("open", "file"), tiles.files),
    Program("papers", WIDE, ("open", "reveal"), tables.papers),
    Program("ledger", PLATFORMS, ("branch",), tables.ledger),
    Program("shop", PLATFORMS, (), tiles.shop),
    Program("stories", PLATFORMS, (), lists.stories),
    Program("options", PLATFORMS, ("set",), forms.options),
    Program("editor", ("desktop",), ("shortcut",), forms.editor),
    Program("agenda", PLATFORMS, ("reveal",), lists.agenda),
    Program("chats", ("phone",), ("app",), lists.chats),
)
