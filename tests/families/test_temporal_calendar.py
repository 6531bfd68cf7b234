"""Notices and journeys against the standard library's calendar, day by day; answers against hostile dates."""

from __future__ import annotations

import calendar
import re
import time
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from tests.profile import profile_size
from verienv.families.temporal import Knobs, almanac, answers, clocks, days, notes
from verienv.families.temporal import task as TASK
from verienv.families.temporal.solving import Fact
from verienv.parsing import Unparsable, say

MANY = profile_size(fast=400, ci=10_000, long=40_000)


def by_hand(fact: Fact) -> Any:
    """The notice's answer by counting days one at a time."""
    sort, numbers = fact[1], fact[3:]
    day = timedelta(days=1)
    if sort == "adjourned":
        return (date.fromordinal(numbers[0]) + numbers[1] * day).weekday()
    if sort == "works":
        return len(range(numbers[0], numbers[1]))
    if sort == "market":
        return sum(date.fromordinal(each).weekday() == numbers[0] for each in range(numbers[1], numbers[2] + 1))
    if sort == "deadline":
        return (date.fromordinal(numbers[0]) + numbers[1] * day).toordinal()
    if sort == "working":
        at, left = date.fromordinal(numbers[0]), numbers[1]
        while left:
            at += day
            left -= at.weekday() < 5
        return at.toordinal()
    if sort == "meeting":
        year, month = divmod(numbers[0], 12)
        weeks = calendar.monthcalendar(year, month + 1)
        found = [week[numbers[1]] for week in weeks if week[numbers[1]]]
        return date(year, month + 1, found[numbers[2] if numbers[2] < 0 else numbers[2] - 1]).toordinal()
    if sort == "festival":
        return sum(calendar.isleap(year) for year in range(numbers[0], numbers[1] + 1))
    if sort == "almanac":
        leap, which, one, first, two, second = numbers
        year = next(
            year
            for year in range(1900, 2000)
            if calendar.isleap(year) == bool(leap) and date(year, one, first).weekday() == which
        )
        return date(year, two, second).weekday()
    return next(
        each.toordinal()
        for count in range(366)
        if (each := date(numbers[0], 1, 1) + count * day).timetuple().tm_yday == numbers[1]
    )


def test_every_notice_is_answered_as_counting_by_hand_does():
    rng = Random(1)
    seen = set()
    for _ in range(MANY):
        fact = almanac.draw(rng, rng.choice((60, 200, 1_000, 5_000)))
        seen.add(fact[1])
        assert almanac.answer(fact) == by_hand(fact), fact
    assert seen == set(almanac.SORTS)


def test_notices_are_read_back_as_they_were_told():
    rng = Random(2)
    for _ in range(MANY):
        fact = almanac.draw(rng, 300)
        told, question = almanac.tell(fact, rng.getrandbits(16))
        assert notes.notice(f"{told}\n\n{question}") == (*fact[:2], 0, *fact[3:])


def test_journeys_agree_with_the_standard_librarys_time_zones():
    rng = Random(3)
    for _ in range(MANY):
        facts, asked = clocks.draw(rng, rng.randrange(1, 5))
        told, question = clocks.tell(facts, asked, [rng.getrandbits(8) for _ in facts])
        places = re.findall(r"\(UTC([+-]\d\d):(\d\d)\)", told)
        zones = [
            timezone((1 if hours[0] == "+" else -1) * timedelta(hours=int(hours[1:]), minutes=int(minutes)))
            for hours, minutes in places
        ]
        stamps = re.findall(r"\d\d:\d\d on \d+ [A-Z]\w+ \d{4}", told)
        moments = [datetime.strptime(stamp, "%H:%M on %d %B %Y") for stamp in stamps]
        spans = re.findall(r"(?:journey|stop|wait) of (?:(\d+) hours?)?(?: and )?(?:(\d+) minutes?)?", told)
        total = sum((timedelta(hours=int(h or 0), minutes=int(m or 0)) for h, m in spans), timedelta())
        found = clocks.answer(facts, asked)
        if asked == clocks.DURATION:
            spent = moments[1].replace(tzinfo=zones[-1]) - moments[0].replace(tzinfo=zones[0]) - total
            assert found == (spent // timedelta(minutes=1),)
        else:
            arriving = asked == clocks.ARRIVAL
            here, there = (zones[0], zones[-1]) if arriving else (zones[-1], zones[0])
            local = (moments[0].replace(tzinfo=here) + (total if arriving else -total)).astimezone(there)
            assert found == (local.toordinal(), 60 * local.hour + local.minute)
        assert notes.journey(f"{told}\n\n{question}")[1] == asked
        assert clocks.answer(*notes.journey(f"{told}\n\n{question}")) == found


def test_days_agree_with_the_standard_library():
    for year in (1, 4, 100, 400, 1582, 1600, 1700, 1800, 1900, 1996, 2000, 2023, 2024, 2100, 9999):
        assert days.leap(year) == calendar.isleap(year)
        for number in range(1, 13):
            month = days.month(year, number)
            assert days.length(month) == calendar.monthrange(year, number)[1]
            assert days.day(year, number, days.length(month) + 1) is None
            for of_month in range(1, days.length(month) + 1):
                ordinal = days.day(year, number, of_month)
                assert ordinal == date(year, number, of_month).toordinal()
                assert days.weekday(ordinal) == date(year, number, of_month).weekday()
                assert days.month_of(ordinal) == month
    assert days.day(0, 1, 1) is None
    assert days.day(10_000, 1, 1) is None


def test_the_nth_weekday_is_the_calendars():
    rng = Random(4)
    for _ in range(MANY):
        month, which = days.month(rng.randrange(1, 9_999), rng.randrange(1, 13)), rng.randrange(7)
        column = [week[which] for week in calendar.monthcalendar(month // 12, month % 12 + 1) if week[which]]
        for place in (1, 2, 3, 4, 5, days.LAST):
            found = days.nth_weekday(month, which, place)
            if place == 5 and len(column) < 5:
                assert found is None
            else:
                of_month = column[-1] if place == days.LAST else column[place - 1]
                assert found == days.first_of(month) + of_month - 1


def test_dates_in_words_are_read_back():
    for ordinal in range(1, 3_000_000, 9_973):
        assert days.read_day(days.day_words(ordinal)) == ordinal
        month = days.month_of(ordinal)
        assert days.read_month(days.month_words(month)) == month


HOSTILE = [
    ("month", "2020-13", "no_such_month"),
    ("month", "2020-00", "no_such_month"),
    ("month", "0000-01", "no_such_year"),
    ("month", "12020-01", "not_a_month"),
    ("month", "2020-1", "not_a_month"),
    ("month", "20-01", "not_a_month"),
    ("month", "2020/01", "not_a_month"),
    ("month", "January 2020", "not_a_month"),
    ("month", "10", "not_a_month"),
    ("month", "01/02/03", "not_a_month"),
    ("month", "-2020-01", "not_a_month"),
    ("month", "2020-01-01", "not_a_month"),
    ("month", "2020-01 or 2020-02", "not_a_month"),
    ("month", "２０２０-01", "not_ascii"),
    ("month", "٢٠٢٠-٠١", "not_ascii"),
    ("month", "2020–01", "not_ascii"),
    ("month", "9" * 5_000, "too_long"),
    ("day", "2024-02-30", "no_such_day"),
    ("day", "2023-02-29", "no_such_day"),
    ("day", "1900-02-29", "no_such_day"),
    ("day", "2024-04-31", "no_such_day"),
    ("day", "2024-01-00", "no_such_day"),
    ("day", "2024-13-01", "no_such_month"),
    ("day", "0000-01-01", "no_such_year"),
    ("day", "2024-1-1", "not_a_date"),
    ("day", "20240101", "not_a_date"),
    ("day", "+1000000000 days", "not_a_date"),
    ("day", "today", "not_a_date"),
    ("moment", "2024-01-01", "not_a_moment"),
    ("moment", "2024-01-01 24:00", "no_such_time"),
    ("moment", "2024-01-01 23:60", "no_such_time"),
    ("moment", "2024-02-30 10:00", "no_such_day"),
    ("moment", "2024-01-01 10:00 PM", "not_a_moment"),
    ("integer", "twelve", "not_a_number"),
    ("integer", "1_2", "not_a_number"),
    ("integer", "1.0", "not_a_number"),
    ("integer", "", "not_a_number"),
    ("integer", "--1", "not_a_number"),
    ("integer", "9" * 13, "number_too_long"),
    ("weekday", "Mon", "not_a_weekday"),
    ("weekday", "Monday or Tuesday", "not_a_weekday"),
    ("weekday", "1", "not_a_weekday"),
    ("relation", "overlap", "not_a_relation"),
    ("order", "1-2", "not_an_order"),
    ("order", "1-1-2", "not_an_order"),
    ("order", "0-1-2", "not_an_order"),
    ("order", "1-2-3-", "not_an_order"),
    ("order", "1,2,3", "not_an_order"),
    ("difference", "Event 1: 2020-01, Event 2: 2020-02", "not_the_form"),
    ("difference", "Event 1: 2020-13, Event 2: 2020-02. Month difference: 1.", "no_such_month"),
    ("difference", "Event 1: 2020-01, Event 2: 2020-02. Month difference: one.", "not_a_number"),
    ("ordering", "Event 1: 2020-01, Event 2: 2020-02, Event 3: 2020-03. Event order: 1-2-4.", "not_an_order"),
    ("completion month", "Event: 2020-01. Missing entity: Jan.", "not_a_month_name"),
    ("completion month", "Event: 2020-01. Missing entity: 01.", "not_a_month_name"),
    ("completion year", "Event: 2020-01. Missing entity: 0000.", "not_a_year"),
    ("completion year", "Event: 2020-01. Missing entity: 99999999.", "not_a_year"),
    ("completion weekday", "Event: 2020-01. Missing entity: January.", "not_a_weekday"),
]


@pytest.mark.parametrize(("form", "text", "reason"), HOSTILE)
def test_what_is_no_date_is_unreadable_and_says_why(form, text, reason):
    with pytest.raises(Unparsable) as caught:
        answers.read(form, text, 3)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("form", "text", "values"),
    [
        ("month", "0001-01", (12,)),
        ("month", "9999-12", (119_999,)),
        ("day", "2000-02-29", (date(2000, 2, 29).toordinal(),)),
        ("moment", "2024-01-01T00:00", (date(2024, 1, 1).toordinal(), 0)),
        ("integer", "-7", (-7,)),
        ("integer", "007", (7,)),
        ("weekday", "sUNDAY", (6,)),
        ("relation", "met by", (11,)),
        ("order", "3-1-2", (3, 1, 2)),
        ("difference", "event 1: 0001-01,Event 2: 0001-02; month difference:1", (12, 13, 1)),
        ("completion year", "Event: 2020-01.\nMissing entity: 1999", (24_240, 1999)),
    ],
)
def test_what_is_of_the_form_is_read(form, text, values):
    assert answers.read(form, text, 3) == values


@pytest.mark.parametrize("form", [*(form for form in answers.FORMS if form != "order"), "order"])
def test_every_examples_form_is_readable(form):
    text = answers.example(form, 3).rstrip(".")
    values = answers.read(form, text, 3)
    assert answers.write(form, values).rstrip(".") == text


def test_leap_days_are_counted_across_centuries():
    assert almanac.answer(("notice", "festival", 0, 1896, 1904)) == 2
    assert almanac.answer(("notice", "festival", 0, 1996, 2004)) == 3
    assert almanac.answer(("notice", "festival", 0, 2096, 2104)) == 2


def test_any_reply_is_checked_in_a_millisecond():
    instances = [TASK.instance(level, index=1) for level in range(len(TASK.levels))]
    bombs = ["9" * 60_000, "<answer>" * 7_000, say("2020-" * 12_000), say("Event 1: 2020-01, " * 3_000), "-" * 65_536]
    spent = []
    for instance in instances:
        for reply in (*bombs, TASK.oracle(instance), say("Event 1: " + "2020-01, Event 2: " * 9)):
            start = time.thread_time()
            TASK.score(instance, reply)
            spent.append(time.thread_time() - start)
    assert sorted(spent)[int(0.9 * len(spent))] < 0.002


def test_a_calendar_problem_fits_its_reach():
    for index in range(50):
        fact = TASK.instance(knobs=Knobs(kind="calendar", reach=60), index=index).problem.facts[0]
        assert fact[1] != "works" or fact[4] - fact[3] < 60
