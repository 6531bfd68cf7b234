"""What turns one book of records into another: the records to be changed, by which steps, in how many at least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, cast

from verienv.families.gui_session import pages
from verienv.families.gui_session.pages import Page
from verienv.families.gui_session.programs import BACK, AppState, Frame, Move
from verienv.families.gui_session.records import Book, Record, Spec, Values, by_uid, has, reply_to

FAR = 1_000
"""More steps than any way has."""


class Work(NamedTuple):
    """What is to be done: what each record that is not right shall be (None: gone), and the records to add."""

    changes: dict[int, Values | None]
    adds: list[Values]


def work(spec: Spec, book: Book, wanted: Book) -> Work | None:
    """The work that makes a book hold what another holds; None where nothing does. Two records never change places."""
    have = Counter([record.values for record in book.records])
    want = Counter([record.values for record in wanted.records])
    missing, surplus = want - have, have - want
    theirs = {record.uid: record.values for record in wanted.records}
    changes: dict[int, Values | None] = {}
    for record in book.records if surplus else ():
        if surplus[record.values] <= 0:
            continue
        target = theirs.get(record.uid)
        if target is not None and missing[target] > 0 and _changes(spec, record.values, target):
            changes[record.uid] = target
            missing[target] -= 1
        elif target is None or surplus[record.values] == have[record.values]:
            if not spec.deletes:
                return None
            changes[record.uid] = None
        else:
            continue
        surplus[record.values] -= 1
    adds = list(missing.elements())
    return None if any(not _makes(spec, values) for values in adds) else Work(changes, adds)


def _changes(spec: Spec, now: Values, then: Values) -> bool:
    """Whether a record can be changed so: nothing empties a field, and some moves are not offered."""
    for at, each in enumerate(spec.fields):
        if now[at] == then[at]:
            continue
        if at == spec.folder:
            if now[at] not in spec.folders or all(to != then[at] for _, to, _ in spec.moves):
                return False
        elif at in spec.form and (not spec.edits or (each.kind in ("text", "area") and not then[at])):
            return False
    return True


def _makes(spec: Spec, values: Values) -> bool:
    """Whether the form makes such a record, or one that becomes it by flags."""
    return spec.folder < 0 or values[spec.folder] == spec.sends


# -- steps ---------------------------------------------------------------------------------------------------------


def steps(spec: Spec, state: AppState, page: Page, todo: Work, uids: Collection[int]) -> Iterable[Move]:
    """Work on what is in front; else go to what is to be worked on."""
    top, book = state.frames[-1], cast(Book, state.data)
    if top.page == "form":
        return _form_steps(spec, state, todo)
    uid = top.uid
    if state.dialog:
        kind, _, rest = state.dialog.partition(":")
        uid = int(rest)
        if kind == "delete":
            return [Move("press", "sure") if todo.changes.get(uid, "") is None else BACK]
    elif top.page == "list":
        return _list_steps(spec, book, page, top.uid, todo, uids)
    here = [Move("press", id) for id in _record_steps(spec, by_uid(book, uid), todo, bool(state.dialog))]
    return here or [BACK]


def _list_steps(spec: Spec, book: Book, page: Page, tab: int, todo: Work, uids: Collection[int]) -> list[Move]:
    seen = {row.id for row in pages.window(page)}
    sought: dict[int, bool] = {uid: False for uid in uids if has(book, uid)}  # whether its menu serves as well
    for uid in todo.changes:
        record = by_uid(book, uid)
        if _ticks(spec, record, todo):
            if f"open:{uid}" in seen:
                return [Move("press", f"check:{uid}")]
            sought[uid] = False
        if list(_record_steps(spec, record, todo, True)):
            sought[uid] = True
        elif list(_record_steps(spec, record, todo, False)):
            sought[uid] = False
    if spec.replies and todo.adds:
        for record in book.records:
            if record.uid not in sought and _answered(spec, record, todo):
                sought[record.uid] = False
    found = [Move("press", "new")] if todo.adds else []
    for uid, menu in sought.items():
        folder = by_uid(book, uid).values[spec.folder] if spec.folders else ""
        if folder and folder != spec.folders[tab]:
            found += [Move("press", f"tab:{spec.folders.index(folder)}")] if folder in spec.folders else []
        elif f"open:{uid}" not in seen:
            found += [Move("scroll", "down"), Move("scroll", "up")]
        else:
            found += [Move("press", f"open:{uid}"), *([Move("hold", f"hold:{uid}")] if menu else [])]
    return found


def _ticks(spec: Spec, record: Record, todo: Work) -> bool:
    """Whether a record's box in the list is to be ticked or the tick taken away."""
    then = todo.changes.get(record.uid)
    return spec.check >= 0 and then is not None and then[spec.check] != record.values[spec.check]


def _record_steps(spec: Spec, record: Record, todo: Work, menu: bool) -> Iterable[str]:
    """The presses on a record's page, or in its menu, that bring something nearer."""
    now = record.values
    if record.uid in todo.changes:
        then = todo.changes[record.uid]
        if then is None:
            yield "delete"
        else:
            if spec.star >= 0 and then[spec.star] != now[spec.star] and not menu:
                yield "star"
            if spec.folder >= 0 and then[spec.folder] != now[spec.folder]:
                yield f"move:{then[spec.folder]}"
            if spec.edits and any(then[at] != now[at] for at in spec.form):
                yield "edit"
    if not menu and _answered(spec, record, todo):
        yield "reply"


def _answered(spec: Spec, record: Record, todo: Work) -> bool:
    """Whether something to be sent can be a reply to this message."""
    return spec.replies and any(reply_to(spec, record.values, spec.form) == _start(spec, each) for each in todo.adds)


def _start(spec: Spec, values: Values) -> Values:
    """The fields of a message that a reply fills by itself."""
    return tuple([values[at] if spec.fields[at].kind != "area" else "" for at in spec.form])


def _form_steps(spec: Spec, state: AppState, todo: Work) -> list[Move]:
    """A field that is not right, or save. Their order does not matter, so the one in hand comes first."""
    top = state.frames[-1]
    found = []
    for target in _targets(spec, state, todo):
        wrong = _wrong(spec, top.draft, target)
        if wrong is None:
            continue
        if not wrong:
            return [BACK] if state.dialog else [Move("press", "save")]
        if state.dialog:
            place = int(state.dialog.partition(":")[2])
            found.append(Move("press", f"set:{place}:{target[spec.form[place]]}") if place in wrong else BACK)
            continue
        place = top.focus if top.focus in wrong else wrong[0]
        value, each = target[spec.form[place]], spec.fields[spec.form[place]]
        if each.kind == "choice":
            found.append(Move("press", f"pick:{place}"))
        elif each.kind == "count":
            more = each.options.index(value) > each.options.index(top.draft[place])
            found.append(Move("press", f"{'plus' if more else 'minus'}:{place}"))
        else:
            found.append(Move("type", value) if top.focus == place else Move("press", f"field:{place}"))
    answerable = spec.replies and any(_answered(spec, record, todo) for record in cast(Book, state.data).records)
    return [*found, BACK] if not found or (answerable and not state.dialog) else found  # a reply fills fields by itself


def _targets(spec: Spec, state: AppState, todo: Work) -> Sequence[Values]:
    """What the record of a form can be meant to become."""
    uid = state.frames[-1].uid
    if not has(state.data, uid) or spec.sends:
        return todo.adds
    target = todo.changes.get(uid)
    return () if target is None else (target,)


def _wrong(spec: Spec, draft: Values, target: Values) -> list[int] | None:
    """The places of a form that are not right; None where one can only be emptied, which nothing does."""
    wrong = [place for place, at in enumerate(spec.form) if draft[place] != target[at]]
    return None if any(not target[spec.form[place]] for place in wrong) else wrong


# -- how many at least -----------------------------------------------------------------------------------------------


def least(spec: Spec, state: AppState, todo: Work, uids: Collection[int]) -> int:
    """No more steps than any way takes: fields and presses, without scrolling and going back."""
    book, top = cast(Book, state.data), state.frames[-1]
    form = top if top.page == "form" else None
    front = int(state.dialog.partition(":")[2]) if state.dialog and form is None else top.uid
    opened = top.page != "list" or bool(state.dialog)
    total = sum(uid not in todo.changes for uid in uids)
    for uid in todo.changes:
        here = opened and uid == front
        cost = _change_cost(
            spec, by_uid(book, uid), todo.changes[uid], book.asks, here, state.dialog == f"delete:{uid}"
        )
        if here and form is not None and not spec.sends:
            drafted = min([_draft_cost(spec, state, form, each) for each in _targets(spec, state, todo)], default=FAR)
            cost = min(cost + 1, drafted + _aside(spec, by_uid(book, uid), todo))
        total += cost
    if not todo.adds:
        return total
    whole = [_add_cost(spec, book, each, opened and form is None, front) for each in todo.adds]
    total += sum(whole)
    if form is not None and (spec.sends or not has(book, form.uid)):
        total -= max(
            0, *[cost - _draft_cost(spec, state, form, each) for cost, each in zip(whole, todo.adds, strict=True)]
        )
    return total


def _change_cost(spec: Spec, record: Record, then: Values | None, asks: bool, here: bool, sure: bool) -> int:
    now = record.values
    if then is None:
        return 1 if sure else 1 + asks + (not here)
    fields = [at for at in spec.form if now[at] != then[at]]
    cost = sum([_field_cost(spec, at, now[at], then[at]) for at in fields]) + 2 * bool(fields)  # edit, save
    cost += spec.star >= 0 and now[spec.star] != then[spec.star]
    cost += spec.folder >= 0 and now[spec.folder] != then[spec.folder]
    ticks = spec.check >= 0 and now[spec.check] != then[spec.check]
    return cost + bool(cost and not here) + ticks


def _aside(spec: Spec, record: Record, todo: Work) -> int:
    """Steps on a record that are not in its form."""
    then = todo.changes[record.uid]
    flags = [at for at in (spec.star, spec.check) if at >= 0]
    return 0 if then is None else sum(record.values[at] != then[at] for at in flags)


def _add_cost(spec: Spec, book: Book, values: Values, opened: bool, front: int) -> int:
    blanks = spec.blanks
    cost = 2 + sum([_field_cost(spec, at, blanks[at], values[at]) for at in spec.form])
    if spec.replies:
        for record in book.records:
            begun = reply_to(spec, record.values, spec.form)
            if begun == _start(spec, values):
                cost = min(cost, 4 + (not (opened and record.uid == front)))  # open, reply, field, text, send
    return cost


def _draft_cost(spec: Spec, state: AppState, form: Frame, target: Values) -> int:
    """Steps that finish a form that is open."""
    wrong = _wrong(spec, form.draft, target)
    if wrong is None:
        return FAR
    cost = 1 + sum([_field_cost(spec, spec.form[at], form.draft[at], target[spec.form[at]]) for at in wrong])
    if state.dialog:
        return cost - (int(state.dialog.partition(":")[2]) in wrong)
    return cost - (form.focus in wrong)


def _field_cost(spec: Spec, at: int, now: str, then: str) -> int:
    if now == then:
        return 0
    options = spec.fields[at].options
    return abs(options.index(now) - options.index(then)) if spec.fields[at].kind == "count" else 2
