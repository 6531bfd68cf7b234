"""Programs that keep records: a list, a page for each record, a form to add and change one, folders.

Tasks, contacts, events and messages differ by their `Spec` alone (see `books`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final, cast

from verienv.families.gui_session.pages import Control, Dialog, Page, Row
from verienv.families.gui_session.programs import App, AppState, Frame, Goal, counted

Values = tuple[str, ...]

YES: Final = "yes"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record. Kinds: text, area, choice, count (a choice by steps), flag (yes or no)."""

    name: str
    kind: str = "text"
    options: tuple[str, ...] = ()
    icon: str = ""

    @property
    def blank(self) -> str:
        """What a new record has."""
        return {"text": "", "area": "", "flag": NO}.get(self.kind) or (self.options[0] if self.options else "")


@dataclass(frozen=True)
class Spec:
    """A program that keeps records. Fields are named by their places."""

    name: str
    icon: str
    noun: str
    fields: tuple[Field, ...]
    form: tuple[int, ...]  # what the form asks for
    head: int  # what a record is called by
    details: tuple[int, ...]  # what stands below that in the list
    person: int = -1  # whose disc stands in front of a row
    lead: str = ""  # or the icon that does
    check: int = -1  # a flag that is ticked in the list
    star: int = -1  # a flag that is switched on a record's page
    folder: int = -1  # which folder a record lies in
    tabs: tuple[tuple[str, str], ...] = ()  # the folders that have a tab, and its icon
    moves: tuple[tuple[str, str, str], ...] = ()  # buttons of a record's page: label, folder that it moves to, icon
    deletes: bool = True
    edits: bool = True
    sends: str = ""  # the folder of what the form makes; its button then says Send
    replies: bool = False

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The folders that have a tab."""
        return tuple([name for name, _ in self.tabs])

    @property
    def save(self) -> str:
        """What the form's button says."""
        return "Send" if self.sends else "Save"

    @cached_property
    def blanks(self) -> tuple[str, ...]:
        """The fields of a new record."""
        made = [each.blank for each in self.fields]
        if self.sends:
            made[self.folder] = self.sends
        return tuple(made)


@dataclass(frozen=True, slots=True)
class Record:
    """What a program keeps one of. `uid` tells two alike apart and is not seen."""

    uid: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """All that a program keeps, in the order shown. `asks`: whether a deletion has to be confirmed."""

    records: tuple[Record, ...]
    asks: bool = True


class Records(App):
    """A program that keeps records."""

    spec: ClassVar[Spec]

    @property
    def name(self) -> str:
        """As on the home screen."""
        return self.spec.name

    @property
    def icon(self) -> str:
        """The name of its icon."""
        return self.spec.icon

    # -- what is seen ------------------------------------------------------------------------------------------

    def page(self, state: AppState) -> Page:
        """The list, a record, or the form; with its dialog."""
        top, book = state.frames[-1], cast(Book, state.data)
        if top.page == "list":
            page = self._list(book, top)
        elif top.page == "record":
            page = self._record(by_uid(book, top.uid), top)
        else:
            page = self._form(top)
        return page._replace(dialog=self._dialog(book, top, state.dialog)) if state.dialog else page

    def _list(self, book: Book, top: Frame) -> Page:
        spec = self.spec
        rows = []
        for record in book.records:
            values = record.values
            if spec.folders and values[spec.folder] != spec.folders[top.uid]:
                continue
            controls = []
            if spec.check >= 0:
                controls.append(Control("check", f"check:{record.uid}", "Done", values[spec.check] == YES))
            if spec.star >= 0 and values[spec.star] == YES:
                controls.append(Control("mark", "", "Starred", True, "star", False))
            rows.append(
                Row(
                    "item",
                    f"open:{record.uid}",
                    values[spec.head],
                    " - ".join([values[at] for at in spec.details if values[at]]),
                    icon=f"avatar:{values[spec.person]}" if spec.person >= 0 else spec.lead,
                    controls=tuple(controls),
                    hold=f"hold:{record.uid}" if self._held() else "",
                )
            )
        tabs = tuple(
            [Control("tab", f"tab:{at}", name, at == top.uid, icon) for at, (name, icon) in enumerate(spec.tabs)]
        )
        title = spec.folders[top.uid] if spec.folders else spec.name
        fab = Control("icon", "new", f"New {spec.noun}", icon="add")
        return Page(title, tuple(rows), min(top.start, max(len(rows) - 1, 0)), False, tabs=tabs, fab=fab)

    def label(self, record: Record, at: int) -> str:
        """What a field is called on a record's page."""
        return self.spec.fields[at].name

    def _record(self, record: Record, top: Frame) -> Page:
        spec, values = self.spec, record.values
        rows = [
            Row("text", label=self.label(record, at), detail=values[at] or "-", icon=each.icon)
            for at, each in enumerate(spec.fields)
            if each.kind != "flag" and at not in (spec.head, spec.folder)
        ]
        bar = []
        if spec.star >= 0:
            on = values[spec.star] == YES
            bar.append(Control("star", "star", spec.fields[spec.star].name, on, "star" if on else "star_outline"))
        if spec.edits:
            bar.append(Control("icon", "edit", "Edit", icon="edit"))
        if spec.deletes:
            bar.append(Control("icon", "delete", "Delete", icon="delete"))
        foot = [Control("button", f"move:{to}", label) for label, to, _ in spec.moves if values[spec.folder] != to]
        if spec.replies:
            foot.insert(0, Control("button", "reply", "Reply"))
        return Page(values[spec.head], tuple(rows), top.start, bar=tuple(bar), foot=tuple(foot))

    def _form(self, top: Frame) -> Page:
        spec = self.spec
        rows = []
        for place, at in enumerate(spec.form):
            each, value = spec.fields[at], top.draft[place]
            if each.kind == "choice":
                rows.append(Row("choice", f"pick:{place}", each.name, value))
            elif each.kind == "count":
                where = each.options.index(value)
                controls = (
                    Control("minus", f"minus:{place}", f"{each.name} back", icon="minus", enabled=where > 0),
                    Control(
                        "plus", f"plus:{place}", f"{each.name} on", icon="add", enabled=where + 1 < len(each.options)
                    ),
                )
                rows.append(Row("stepper", "", each.name, value, controls=controls))
            else:
                kind = "area" if each.kind == "area" else "field"
                rows.append(Row(kind, f"field:{place}", each.name, value, on=top.focus == place))
        ready = all(top.draft[place] for place, at in enumerate(spec.form) if at == spec.head)
        title = f"Edit {spec.noun}" if top.uid and not spec.sends else f"New {spec.noun}"
        save = Control("button", "save", spec.save, enabled=ready)
        focus = f"field:{top.focus}" if top.focus >= 0 else ""
        return Page(title, tuple(rows), top.start, foot=(save,), focus=focus)

    def _dialog(self, book: Book, top: Frame, dialog: str) -> Dialog:
        kind, _, rest = dialog.partition(":")
        close = Control("plain", "close", "Cancel")
        if kind == "pick":
            each = self.spec.fields[self.spec.form[int(rest)]]
            chosen = top.draft[int(rest)]
            rows = tuple([Row("radio", f"set:{rest}:{name}", name, on=name == chosen) for name in each.options])
            return Dialog(each.name, rows, (close,))
        record = by_uid(book, int(rest))
        if kind == "menu":
            return Dialog(record.values[self.spec.head], tuple(self._menu(record)), (close,))
        return Dialog(f"Delete {record.values[self.spec.head]}?", (), (close, Control("danger", "sure", "Delete")))

    def _menu(self, record: Record) -> Iterable[Row]:
        if self.spec.edits:
            yield Row("item", "edit", "Edit", icon="edit")
        for label, to, icon in self.spec.moves:
            if record.values[self.spec.folder] != to:
                yield Row("item", f"move:{to}", label, icon=icon)
        if self.spec.deletes:
            yield Row("item", "delete", "Delete", icon="delete")

    def _held(self) -> bool:
        return self.spec.edits or self.spec.deletes or bool(self.spec.moves)

    # -- what presses do -----------------------------------------------------------------------------------------

    def press(self, state: AppState, id: str) -> AppState:
        """Open, tick, edit, set, save, move, delete."""
        top, book = state.frames[-1], cast(Book, state.data)
        kind, _, rest = id.partition(":")
        if kind == "close":
            return AppState(book, state.frames)
        if kind == "up":
            return AppState(book, state.frames[:-1])
        if kind == "open":
            return self.pushed(state, Frame("record", int(rest)))
        if kind == "check":
            return AppState(self._turned(book, int(rest), self.spec.check), state.frames)
        if kind == "tab":
            return AppState(book, (Frame("list", int(rest)),))
        if kind == "new":
            blanks = self.spec.blanks
            return self.pushed(state, Frame("form", draft=tuple([blanks[at] for at in self.spec.form])))
        if top.page == "form":
            return self._in_form(state, kind, rest)
        uid = int(state.dialog.partition(":")[2]) if state.dialog else top.uid
        return self._on_record(state, uid, kind, rest)

    def _on_record(self, state: AppState, uid: int, kind: str, rest: str) -> AppState:
        """A press that concerns one record, on its page or in its menu."""
        spec, book = self.spec, cast(Book, state.data)
        record = by_uid(book, uid)
        if kind == "star":
            return AppState(self._turned(book, uid, spec.star), state.frames)
        if kind == "edit":
            draft = tuple([record.values[at] for at in spec.form])
            return self.pushed(state, Frame("form", uid, draft=draft))
        if kind == "reply":
            return self.pushed(state, Frame("form", uid, draft=reply_to(spec, record.values, spec.form)))
        if kind == "move":
            moved = tuple([rest if at == spec.folder else value for at, value in enumerate(record.values)])
            return AppState(_with(book, Record(uid, moved)), state.frames[:1])
        if kind == "delete" and book.asks:
            return AppState(book, state.frames, f"delete:{uid}")
        kept = tuple([each for each in book.records if each.uid != uid])  # delete, or sure
        return AppState(Book(kept, book.asks), state.frames[:1])

    def _in_form(self, state: AppState, kind: str, rest: str) -> AppState:
        top, book, spec = state.frames[-1], cast(Book, state.data), self.spec
        if kind == "field":
            return self.with_top(state, Frame(top.page, top.uid, top.start, int(rest), top.draft))
        if kind == "pick":
            return AppState(book, state.frames, f"pick:{rest}")
        if kind == "save":
            return self._saved(state)
        number, _, value = rest.partition(":")
        place = int(number)
        if kind in ("minus", "plus"):
            options = spec.fields[spec.form[place]].options
            value = options[options.index(top.draft[place]) + (1 if kind == "plus" else -1)]
        draft = (*top.draft[:place], value, *top.draft[place + 1 :])
        return self.with_top(state, Frame(top.page, top.uid, top.start, top.focus, draft))

    def _saved(self, state: AppState) -> AppState:
        top, book, spec = state.frames[-1], cast(Book, state.data), self.spec
        known = {each.uid: each for each in book.records}
        changes = top.uid in known and not spec.sends
        values = list(known[top.uid].values if changes else spec.blanks)
        for place, at in enumerate(spec.form):
            values[at] = top.draft[place]
        if changes:
            return AppState(_with(book, Record(top.uid, tuple(values))), state.frames[:-1])
        record = Record(1 + max(known, default=0), tuple(values))
        return AppState(Book((*book.records, record), book.asks), state.frames[:-1])

    def _turned(self, book: Book, uid: int, flag: int) -> Book:
        record = by_uid(book, uid)
        value = NO if record.values[flag] == YES else YES
        return _with(book, Record(uid, (*record.values[:flag], value, *record.values[flag + 1 :])))

    def hold(self, state: AppState, id: str) -> AppState:
        """A record's menu."""
        return AppState(state.data, state.frames, f"menu:{id.partition(':')[2]}")

    # -- goals -----------------------------------------------------------------------------------------------------

    def facts(self, data: Book) -> frozenset[Any]:
        """The records; neither uids nor the order in the list matter."""
        return counted([record.values for record in data.records])

    def intend(self, data: Book, goal: Goal) -> Book:
        """The book with a record added, changed or gone."""
        if goal.what == "add":
            return Book(
                (*data.records, Record(1 + max([each.uid for each in data.records], default=0), goal.values)), data.asks
            )
        if goal.what == "remove":
            return Book(tuple([each for each in data.records if each.uid != goal.uid]), data.asks)
        values = list(by_uid(data, goal.uid).values)
        names = [each.name for each in self.spec.fields]
        for name, value in zip(goal.values[::2], goal.values[1::2], strict=True):
            values[names.index(name)] = value
        return _with(data, Record(goal.uid, tuple(values)))


WHO: Final = 1
"""The field of a message that says whom it is from or to."""


def by_uid(book: Book, uid: int) -> Record:
    """The record with that uid, which must be there."""
    for each in book.records:
        if each.uid == uid:
            return each
    raise KeyError(uid)


def _with(book: Book, record: Record) -> Book:
    return Book(tuple([record if each.uid == record.uid else each for each in book.records]), book.asks)


def has(book: Book, uid: int) -> bool:
    """Whether there is a record with that uid."""
    return any(each.uid == uid for each in book.records)


def reply_to(spec: Spec, values: Values, form: Iterable[int]) -> Values:
    """The fields of a form that replies to a message."""
    subject = values[spec.head] if values[spec.head].startswith("Re: ") else f"Re: {values[spec.head]}"
    begun = {spec.head: subject, WHO: values[WHO]}
    return tuple([begun.get(at, spec.blanks[at]) for at in form])
