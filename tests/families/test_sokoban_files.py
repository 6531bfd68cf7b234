"""sokoban: levels from XSB files, and the game by keys."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verienv import files, parsing
from verienv.errors import UsageError
from verienv.families.sokoban import board as boards
from verienv.families.sokoban import search, task, wording
from verienv.families.sokoban.board import DIRECTIONS
from verienv.families.sokoban.reading import parse

COLLECTION = """\
; Two small levels, and one that has walls all around nothing

; 1
####
# .#
#  ###
#*@  #
#  $ #
#  ###
####

Author: D. W. S.

#######
#@-$._#
#--####
####
Title: bent
"""

# -- files -------------------------------------------------------------------------------------------------------


def test_levels_are_found_among_text_with_their_lines_and_names():
    first, second = task.read(COLLECTION.replace("Title: bent", "Title: bent\nComment: none"))
    assert (first.line, first.name) == (4, "1")
    assert (second.line, second.name) == (14, "bent")
    assert first.problem.pushes == 8
    assert boards.text(second.problem.board) == "#######\n#@ $. #\n#  ####\n#######"
    assert task.read(COLLECTION.replace("\n", "\r\n"))[1].problem == second.problem


def test_a_read_level_is_played_and_written_out_whole():
    for found in task.read(COLLECTION):
        row = files.row(task, found, "mine.xsb")
        instance = files.instance(row["spec"])
        assert instance.problem.board == found.problem.board
        assert instance.problem.limit == found.problem.limit
        assert task.score(instance, task.oracle(instance)).value == 1
        assert task.from_json(task.to_json(found.problem)) == found.problem


def test_outer_walls_and_dead_space_do_not_make_another_level():
    wide = "  #####\n###   #####\n#   #     #\n# .@ $  # #\n###########"
    thin = "##########\n###   ####\n#   #    #\n# .@ $  ##\n##########"
    assert parse(wide) != parse(thin)
    assert task.identity(task.read(wide)[0].problem) == task.identity(
        task.read("\n\n   " + wide.replace("\n", "\n   "))[0].problem
    )


def test_every_orientation_takes_as_many_pushes():
    rows = boards.text(task.read(COLLECTION)[0].problem.board)
    solutions = [search.solve(parse(each)) for each in boards.orientations(rows)]
    assert {found and found.pushes for found in solutions} == {8}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no level"),
        ("nothing but prose", "holds no level"),
        ("a title\n\n#####\n#$ .#\n#####", "line 3: the level has 0 players"),
        ("#####\n#@@$.#\n#####", "2 players"),
        ("#####\n#@$. \n#####", "walls leave a gap"),
        ("  @\n#####\n#$.#\n#####", "0 players"),
        ("######\n#@$ ##\n######", "1 boxes and 0 goals"),
        ("#######\n#@ #$.#\n#######", "where the player never comes"),
        ("########\n#@$.#$ #\n########", "where the player never comes"),
        ("#####\n#@* #\n#####", "on a goal already"),
        ("#####\n#@ .$#\n#####", "no solution"),
        ("#" * 70 + "\n#@$." + " " * 65 + "#\n" + "#" * 70, "at most 62 x 62"),
        ("#" * 25 + "\n#@" + "$" * 11 + "." * 11 + "#\n" + "#" * 25, "11 boxes; 1 to 10 are read"),
    ],
)
def test_what_is_no_level_is_refused_with_its_line(text, told):
    with pytest.raises(UsageError, match=told):
        task.read(text)


def test_a_level_without_a_solution_is_left_out_and_said_so():
    lost = "#####\n#@ .#\n#$  #\n#####"
    first, second = task.read(f"{lost}\n\n{COLLECTION}\n\n{lost}")
    assert first.notes == ("line 1: no solution is found within 100,000 states: left out",)
    assert len(second.notes) == 1


@pytest.mark.parametrize(
    "spec",
    [
        None,
        {},
        {"board": 3, "pushes": 1, "limit": 2},
        {"board": "#", "pushes": 1, "limit": 2},
        {"board": "#" * 10_000, "pushes": 1, "limit": 2},
        {"board": "#####\n#@$.#\n#####", "pushes": True, "limit": 2},
        {"board": "#####\n#@$.#\n#####", "pushes": 1, "limit": 0},
        {"board": "#####\n#@$.#\n#####\nx", "pushes": 1, "limit": 1},
    ],
)
def test_specs_that_were_not_written_here_are_refused(spec):
    with pytest.raises(UsageError):
        task.from_json(spec)


@given(st.lists(st.text("#@$.*+ -_;aT:\r", max_size=12), max_size=12))
def test_any_text_is_levels_or_is_refused(lines):
    try:
        found = task.read("\n".join(lines))
    except UsageError:
        return
    assert all(each.problem.pushes >= 1 for each in found)


# -- keys --------------------------------------------------------------------------------------------------------


def test_a_game_by_keys_ends_as_by_text():
    env = gymnasium.make("verienv/sokoban-v0", level=3, view="native")
    seen, info = env.reset(seed=5)
    instance = task.at(info["address"])
    way = "".join(wording.read(reply) for reply in task.solve(instance.problem))
    reward: object = 0.0
    done = False
    for at, move in enumerate(way):
        assert not done
        assert seen["board"][0].sum() == instance.problem.board.floor.bit_count()
        assert list(seen["left"]) == [instance.problem.limit - at, 100 - at]
        seen, reward, done, _, info = env.step(DIRECTIONS.index(move))
    assert (reward, done, info["reason"]) == (1.0, True, "right")
    assert np.array_equal(seen["board"][1], seen["board"][2])


@pytest.mark.parametrize("level", [0, 7])
def test_a_turn_of_many_keys_holds_what_its_reply_holds(level):
    instance = task.instance(level)
    state = task.start(instance.problem)
    space = task.action_space(task.levels[level])
    for reply in task.solve(instance.problem):
        move = task.parse(instance.problem, reply)
        action = task.encode(instance.problem, state, move)
        assert space.contains(action)
        assert task.act(instance.problem, state, action) == move
        assert task.act(instance.problem, state, action[::-1]) == move[::-1]
    with pytest.raises(parsing.Unparsable):
        task.act(instance.problem, state, np.full_like(action, len(DIRECTIONS)))


def test_planes_show_what_stands_where():
    problem = task.instance(5).problem
    planes = task.observe(problem, task.start(problem))["board"]
    shown = boards.text(problem.board).split("\n")
    for y, row in enumerate(shown):
        for x, mark in enumerate(row):
            floor, goal, box, player = planes[:, y, x]
            assert (not floor, goal, box, player) == (mark == "#", mark in ".*+", mark in "$*", mark in "@+")
