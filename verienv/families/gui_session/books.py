"""The programs that keep records: tasks, contacts, a calendar, mail; what they hold and what may be asked of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable
from random import Random
from typing import ClassVar

from verienv.families.gui_session import mending, words
from verienv.families.gui_session.mending import Work
from verienv.families.gui_session.pages import Page
from verienv.families.gui_session.programs import AppState, Frame, Goal, Move, Quote
from verienv.families.gui_session.records import NO, WHO, YES, Book, Field, Record, Records, Spec, by_uid


class Keeper(Records):
    """What drawing and asking have in common."""

    def work(self, data: Book, wanted: Book) -> Work | None:
        """The records to be changed, removed and added."""
        return mending.work(self.spec, data, wanted)

    def steps(self, state: AppState, page: Page, todo: Work, uids: Collection[int]) -> Iterable[Move]:
        """See `mending`."""
        return mending.steps(self.spec, state, page, todo, uids)

    def least(self, state: AppState, todo: Work, uids: Collection[int]) -> int:
        """See `mending`."""
        return mending.least(self.spec, state, todo, uids)

    easy: ClassVar[tuple[str, ...]]
    hard: ClassVar[tuple[str, ...]]
    """What may be asked, of the simple sort and of the other."""
    twin_field: ClassVar[int]
    """Where two records that are called the same differ."""

    def draw(self, rng: Random, size: int, asks: bool, twins: int) -> Book:
        """Two records and three more for each unit of `size`, the last `twins` called as others are."""
        made: list[tuple[str, ...]] = []
        names: set[str] = set()
        count = 2 + 3 * size
        while len(made) < count:
            values = self.one(rng)
            if len(made) >= count - twins:
                model = made[len(made) - (count - twins)]
                other = [each for each in self.options_of(self.twin_field) if each != model[self.twin_field]]
                values = _replaced(values, self.spec.head, model[self.spec.head])
                values = _replaced(values, self.twin_field, rng.choice(other))
            elif values[self.spec.head] in names:
                continue
            names.add(values[self.spec.head])
            made.append(values)
        rng.shuffle(made)
        return Book(tuple([Record(at + 1, values) for at, values in enumerate(self.arranged(made))]), asks)

    @abstractmethod
    def one(self, rng: Random) -> tuple[str, ...]:
        """The fields of a record."""

    def options_of(self, at: int) -> tuple[str, ...]:
        """What a field can hold."""
        return self.spec.fields[at].options

    def arranged(self, made: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """In the order of the list."""
        return made

    def called(self, book: Book, uid: int) -> str:
        """A record by its name, and by what tells it from others of that name."""
        spec = self.spec
        values = by_uid(book, uid).values
        name = f'"{values[spec.head]}"'
        if sum(each.values[spec.head] == values[spec.head] for each in book.records) == 1:
            return name
        return f"{name} ({values[self.twin_field]})"

    def typed(self, goal: Goal) -> list[str]:
        """The texts that have to be typed for a goal, in the order of the form."""
        fields = self.spec.fields
        if goal.what == "add":
            pairs = [(fields[at], goal.values[at]) for at in self.spec.form]
        else:
            named = dict(zip(goal.values[::2], goal.values[1::2], strict=True))
            pairs = [(each, named[each.name]) for each in fields if each.name in named]
        return [value for each, value in pairs if each.kind in ("text", "area") and value and each.name != "Folder"]

    def propose(self, rng: Random, data: Book, taken: frozenset[int], hard: bool) -> Goal | None:
        """Something that can be asked, of a record that no other goal is about; `hard`: new or gone for good."""
        free = [each for each in data.records if each.uid not in taken and self.visible(each)]
        if not free:
            return None
        kinds = self.hard if hard else self.easy
        return self.ask(rng, data, rng.choice(free), rng.choice(kinds))

    def visible(self, record: Record) -> bool:
        """Whether a record is seen in some list."""
        return True

    @abstractmethod
    def ask(self, rng: Random, data: Book, record: Record, kind: str) -> Goal | None:
        """A goal of that kind, or None where it would change nothing."""

    def changed(self, record: Record, **values: str) -> Goal | None:
        """The goal that a record's fields be so, or None where they are."""
        names = [each.name for each in self.spec.fields]
        pairs = [(name, value) for name, value in values.items() if record.values[names.index(name)] != value]
        return (
            Goal(self.name, "change", record.uid, tuple([each for pair in pairs for each in pair])) if pairs else None
        )

    def added(self, data: Book, values: tuple[str, ...]) -> Goal | None:
        """The goal that there be a new record, or None where one is called so."""
        known = {each.values[self.spec.head] for each in data.records}
        return None if values[self.spec.head] in known else Goal(self.name, "add", 0, values)


class Tasks(Keeper):
    """To-do items in lists."""

    spec = Spec(
        "Tasks",
        "check",
        "task",
        (Field("Title"), Field("List", "choice", words.LISTS, "list"), Field("Done", "flag"), Field("Starred", "flag")),
        form=(0, 1),
        head=0,
        details=(1,),
        check=2,
        star=3,
    )
    easy = ("done", "star", "done")
    hard = ("add", "remove", "rename", "list", "done")
    twin_field = 1

    def one(self, rng: Random) -> tuple[str, ...]:
        """A task that is mostly not done."""
        return words.task(rng), rng.choice(words.LISTS), rng.choice((NO, NO, YES)), rng.choice((NO, NO, NO, YES))

    def ask(self, rng: Random, data: Book, record: Record, kind: str) -> Goal | None:
        """Add, remove, rename, tick, star, move to another list."""
        if kind == "add":
            return self.added(data, (words.task(rng), rng.choice(words.LISTS), NO, NO))
        if kind == "remove":
            return Goal(self.name, "remove", record.uid, ())
        if kind == "rename":
            return self.changed(record, Title=words.task(rng))
        if kind == "list":
            return self.changed(record, List=rng.choice(words.LISTS))
        if kind == "star":
            return self.changed(record, Starred=NO if record.values[3] == YES else YES)
        return self.changed(record, Done=NO if record.values[2] == YES else YES)

    def tell(self, data: Book, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words."""
        if goal.what == "add":
            title, where, *_ = goal.values
            return f"{('add', 'write')[way % 2]} a task to the list {where}, title: {quote(title)}"
        name = self.called(data, goal.uid)
        if goal.what == "remove":
            return f"{('delete', 'remove')[way % 2]} the task {name}"
        field, value = goal.values
        if field == "Title":
            return f"rename the task {name} to {quote(value)}"
        if field == "List":
            return f"move the task {name} to the list {value}"
        if field == "Starred":
            return f"{'put a star on' if value == YES else 'take the star off'} the task {name}"
        return f"mark the task {name} as {'done' if value == YES else 'not done'}"


class Contacts(Keeper):
    """People."""

    spec = Spec(
        "Contacts",
        "person",
        "contact",
        (
            Field("Name"),
            Field("Company", icon="home"),
            Field("Phone", icon="phone"),
            Field("Email", icon="mail"),
            Field("Favourite", "flag"),
        ),
        form=(0, 1, 2, 3),
        head=0,
        details=(1,),
        person=0,
        star=4,
    )
    easy = ("star", "phone")
    hard = ("add", "remove", "phone", "company")
    twin_field = 1

    def one(self, rng: Random) -> tuple[str, ...]:
        """Somebody with a company, a number and an address."""
        name, company = words.person(rng), rng.choice(words.COMPANIES)
        return name, company, words.phone(rng), words.email(name, company), rng.choice((NO, NO, YES))

    def options_of(self, at: int) -> tuple[str, ...]:
        """Companies are typed, so the field has no options of its own."""
        return words.COMPANIES

    def arranged(self, made: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """By name."""
        return sorted(made)

    def ask(self, rng: Random, data: Book, record: Record, kind: str) -> Goal | None:
        """Add, remove, star, another number, another company."""
        if kind == "add":
            return self.added(data, (words.person(rng), rng.choice((*words.COMPANIES, "")), words.phone(rng), "", NO))
        if kind == "remove":
            return Goal(self.name, "remove", record.uid, ())
        if kind == "phone":
            return self.changed(record, Phone=words.phone(rng))
        if kind == "company":
            return self.changed(record, Company=rng.choice(words.COMPANIES))
        return self.changed(record, Favourite=NO if record.values[4] == YES else YES)

    def tell(self, data: Book, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words."""
        if goal.what == "add":
            name, company, phone, *_ = goal.values
            works = f", company: {quote(company)}" if company else ""
            return f"add {quote(name)} to the contacts{works}, phone number: {quote(phone)}"
        name = self.called(data, goal.uid)
        if goal.what == "remove":
            return f"{('delete', 'remove')[way % 2]} the contact {name}"
        field, value = goal.values
        if field == "Favourite":
            made = "make the contact {} a favourite" if value == YES else "let the contact {} no longer be a favourite"
            return made.format(name)
        what = "phone number" if field == "Phone" else field.lower()
        return f"change the {what} of the contact {name} to {quote(value)}"


class Calendar(Keeper):
    """Events of a week."""

    spec = Spec(
        "Calendar",
        "calendar",
        "event",
        (
            Field("Title"),
            Field("Day", "choice", words.DAYS, "calendar"),
            Field("Hour", "count", words.HOURS, "clock"),
            Field("Place", icon="pin"),
        ),
        form=(0, 1, 2, 3),
        head=0,
        details=(1, 2),
        lead="clock",
    )
    easy = ("hour", "place")
    hard = ("add", "remove", "move", "hour")
    twin_field = 1

    def one(self, rng: Random) -> tuple[str, ...]:
        """An event with a day, an hour and a place."""
        return rng.choice(words.EVENTS), rng.choice(words.DAYS), rng.choice(words.HOURS[1:-1]), rng.choice(words.PLACES)

    def arranged(self, made: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """By day and hour."""
        return sorted(made, key=lambda values: (words.DAYS.index(values[1]), words.HOURS.index(values[2]), values))

    def ask(self, rng: Random, data: Book, record: Record, kind: str) -> Goal | None:
        """Add, remove, move to another day or hour, elsewhere."""
        near = [each for each in words.HOURS if 0 < abs(_hour(each) - _hour(record.values[2])) <= 3]
        if kind == "add":
            hour = words.HOURS[rng.randrange(5)]
            return self.added(
                data, (rng.choice(words.EVENTS), rng.choice(words.DAYS), hour, rng.choice((*words.PLACES, "")))
            )
        if kind == "remove":
            return Goal(self.name, "remove", record.uid, ())
        if kind == "place":
            return self.changed(record, Place=rng.choice(words.PLACES))
        if kind == "move":
            return self.changed(record, Day=rng.choice(words.DAYS), Hour=rng.choice((record.values[2], *near)))
        return self.changed(record, Hour=rng.choice(near))

    def tell(self, data: Book, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words."""
        if goal.what == "add":
            title, day, hour, place = goal.values
            where = f", place: {quote(place)}" if place else ""
            return f"{('add', 'put')[way % 2]} the event {quote(title)} in the calendar on {day} at {hour}{where}"
        name = self.called(data, goal.uid)
        if goal.what == "remove":
            return f"{('delete', 'cancel')[way % 2]} the event {name} in the calendar"
        new = dict(zip(goal.values[::2], goal.values[1::2], strict=True))
        if "Place" in new:
            return f"change the place of the event {name} to {quote(new['Place'])}"
        to = " ".join([f"{'on' if field == 'Day' else 'at'} {value}" for field, value in new.items()])
        return f"{('move', 'put')[way % 2]} the event {name} so that it is {to}"


class Mail(Keeper):
    """Messages in folders; what is sent is sent."""

    spec = Spec(
        "Mail",
        "mail",
        "message",
        (
            Field("Folder"),
            Field("To", icon="person"),
            Field("Subject"),
            Field("Text", "area", icon="chat"),
            Field("Starred", "flag"),
        ),
        form=(1, 2, 3),
        head=2,
        details=(1,),
        person=1,
        star=4,
        folder=0,
        tabs=(("Inbox", "mail"), ("Archive", "archive"), ("Sent", "send")),
        moves=(("Archive", "Archive", "archive"), ("Delete", "Trash", "delete")),
        deletes=False,
        edits=False,
        sends="Sent",
        replies=True,
    )
    easy = ("star", "archive")
    hard = ("send", "reply", "archive", "delete", "send")
    twin_field = 1

    def one(self, rng: Random) -> tuple[str, ...]:
        """A message, mostly in the inbox."""
        folder = rng.choice(("Inbox", "Inbox", "Inbox", "Archive"))
        body = words.code(rng) if rng.random() < 0.5 else rng.choice(words.GREETINGS)
        return folder, words.person(rng), rng.choice(words.SUBJECTS), body, rng.choice((NO, NO, YES))

    def options_of(self, at: int) -> tuple[str, ...]:
        """People are typed, so the field has no options of its own."""
        return tuple([f"{first} {last}" for first, last in zip(words.FIRST, words.LAST, strict=False)])

    def root(self) -> Frame:
        """The inbox."""
        return Frame("list", 0)

    def visible(self, record: Record) -> bool:
        """What is in the inbox."""
        return record.values[0] == "Inbox"

    def called(self, book: Book, uid: int) -> str:
        """A message by its subject and whom it is from."""
        values = by_uid(book, uid).values
        return f'"{values[self.spec.head]}" from {values[WHO]}'

    def label(self, record: Record, at: int) -> str:
        """A message that was sent is to somebody, any other from somebody."""
        return "From" if at == WHO and record.values[0] != "Sent" else super().label(record, at)

    def ask(self, rng: Random, data: Book, record: Record, kind: str) -> Goal | None:
        """Send, reply, archive, delete, star."""
        if kind == "send":
            subject = rng.choice(words.SUBJECTS)
            return self.added(data, ("Sent", words.person(rng), subject, rng.choice(words.GREETINGS), NO))
        if kind == "reply":
            _, who, subject, *_ = record.values
            return Goal(self.name, "add", record.uid, ("Sent", who, f"Re: {subject}", rng.choice(words.GREETINGS), NO))
        if kind == "star":
            return self.changed(record, Starred=NO if record.values[4] == YES else YES)
        return self.changed(record, Folder="Archive" if kind == "archive" else "Trash")

    def tell(self, data: Book, goal: Goal, way: int, quote: Quote) -> str:
        """The goal in words."""
        if goal.what == "add":
            _, who, subject, body, _ = goal.values
            if goal.uid:
                return f"reply to the message {self.called(data, goal.uid)}, text: {quote(body)}"
            verb = ("send a message", "write")[way % 2]
            return f"{verb} to {quote(who)}, subject: {quote(subject)}, text: {quote(body)}"
        field, value = goal.values
        name = self.called(data, goal.uid)
        if field == "Starred":
            return f"{'put a star on' if value == YES else 'take the star off'} the message {name}"
        return f"{'archive' if value == 'Archive' else 'delete'} the message {name}"


def _hour(text: str) -> int:
    return int(text.partition(":")[0])


def _replaced(values: tuple[str, ...], at: int, value: str) -> tuple[str, ...]:
    return (*values[:at], value, *values[at + 1 :])
