"""sokoban: the rules, the fewest pushes by brute force, deadlocks that are none the less real, LMM-R1's reward."""

from __future__ import annotations

import dataclasses
import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.profile import profile_size
from verienv import parsing
from verienv.errors import GenerationError, KnobError
from verienv.families.sokoban import Knobs, Problem, limited, making, players, published, search, wording
from verienv.families.sokoban import board as boards
from verienv.families.sokoban import task as TASK
from verienv.families.sokoban.board import DIRECTIONS, Board, after, each, flood
from verienv.families.sokoban.reading import parse
from verienv.parsing import Unparsable, say
from verienv.reward import RewardFunction
from verienv.task import Instance

STEPS = {"U": (0, -1), "D": (0, 1), "L": (-1, 0), "R": (1, 0)}

MICROBAN_1 = """
####
# .#
#  ###
#*@  #
#  $ #
#  ###
####"""
"""David W. Skinner's first: 8 pushes and 33 moves are its known optima."""


def problem(rows: str, **fields: object) -> Problem:
    board = parse(rows.strip("\n"))
    found = search.solve(board)
    made = Problem(board, **fields)  # type: ignore[arg-type]
    return made if found is None else limited(made, found)


def tiny(rng: Random) -> Board | None:
    """A small board with walls, boxes and goals anywhere, solvable or not."""
    width, height = rng.choice(((5, 5), (6, 5), (6, 6)))
    floor = making.carve(rng, width, height, rng.choice(making.SHAPES))
    count = rng.randint(1, 3)
    cells = [*each(floor)]
    if len(cells) < 2 * count + 1:
        return None
    goals = making.arrange(rng, floor, width, count, "apart")
    stand = rng.sample(cells, count + 1)
    boxes = sum(1 << cell for cell in stand[1:])
    return None if boxes == goals else Board(width, height, floor, goals, boxes, stand[0])


def fewest(board: Board) -> int | None:
    """Pushes, by looking at every state of boxes and player in the order of pushes, a move at a time."""
    ground = board.ground
    now, seen, pushes = {(board.boxes, board.player)}, set[tuple[int, int]](), 0
    while now:
        reached = set[tuple[int, int]]()
        pushed = set[tuple[int, int]]()
        edge = list(now)
        while edge:
            state = edge.pop()
            if state in reached or state in seen:
                continue
            reached.add(state)
            for step in ground.steps:
                then = after(ground, *state, step)
                (pushed.add if then[0] != state[0] else edge.append)(then)
        if any(boxes == board.goals for boxes, _ in reached):
            return pushes
        seen |= reached
        now, pushes = pushed - seen, pushes + 1
    return None


def played(rows: list[str], moves: str) -> list[str]:
    """The rows after moves, by the rules of the game on characters."""
    grid = [list(row) for row in rows]

    def at(x: int, y: int) -> str:
        return grid[y][x]

    def put(x: int, y: int, what: str) -> None:
        grid[y][x] = {"free": {"$": " ", "*": ".", "@": " ", "+": "."}, "box": {" ": "$", ".": "*"}}.get(
            what, {" ": "@", ".": "+", "$": "@", "*": "+"}
        )[at(x, y)]

    for move in moves:
        x, y = next((x, y) for y, row in enumerate(grid) for x, mark in enumerate(row) if mark in "@+")
        dx, dy = STEPS[move]
        if at(x + dx, y + dy) == "#":
            continue
        if at(x + dx, y + dy) in "$*":
            if at(x + 2 * dx, y + 2 * dy) in "#$*":
                continue
            put(x + 2 * dx, y + 2 * dy, "box")
        put(x + dx, y + dy, "player")
        put(x, y, "free")
    return ["".join(row) for row in grid]


# -- rules and search --------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.text(DIRECTIONS, max_size=60))
def test_moves_are_those_of_the_game(seed, moves):
    board = tiny(Random(seed))
    if board is None:
        return
    boxes, player = board.boxes, board.player
    for move in moves:
        boxes, player = after(board.ground, boxes, player, board.ground.steps[DIRECTIONS.index(move)])
    assert boards.text(board, boxes, player).split("\n") == played(boards.text(board).split("\n"), moves)


@pytest.mark.parametrize("block", range(4))
def test_the_oracle_pushes_as_seldom_as_a_search_of_every_state(block):
    solved = unsolved = 0
    for seed in range(profile_size(fast=40, ci=120, long=1000)):
        board = tiny(Random(1000 * block + seed))
        if board is None:
            continue
        found = search.solve(board)
        least = fewest(board)
        assert (found and found.pushes) == least, boards.text(board)
        if found is None:
            unsolved += 1
            continue
        solved += 1
        bound = search.bound(board.ground, board.boxes)
        assert bound is not None
        assert least is not None
        assert bound <= least
        state = TASK.move(Problem(board, limit=10**6), TASK.start(Problem(board)), found.moves)
        assert (state.boxes, state.pushes, state.moves) == (board.goals, least, len(found.moves))
    assert solved > 2
    assert unsolved > 2


@pytest.mark.parametrize("block", range(4))
def test_no_state_that_is_called_lost_can_be_won(block):
    lost = 0
    for seed in range(profile_size(fast=60, ci=200, long=2000)):
        board = tiny(Random(5000 + 1000 * block + seed))
        if board is None or not search.deadlock(board.ground, board.boxes):
            continue
        lost += 1
        assert fewest(board) is None, boards.text(board)
    assert lost > 10


def test_the_first_of_microban_takes_its_known_number_of_pushes():
    found = search.solve(parse(MICROBAN_1.strip("\n")))
    assert found is not None
    assert (found.pushes, len(found.moves)) == (8, 33)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("#####\n#$  #\n# @.#\n#####", "dead_square"),
        ("######\n#  $ #\n#.@  #\n######", "dead_square"),
        ("#######\n# .   #\n# $$ .#\n# $$  #\n#@ .. #\n#######", "frozen_box"),
        ("#######\n#  .. #\n#  $$##\n#  @  #\n#######", ""),
        ("#######\n#     #\n#$    #\n#.  @ #\n#     #\n#$   .#\n#     #\n#######", "too_few_goals"),
        (MICROBAN_1.strip("\n"), ""),
    ],
)
def test_deadlocks_have_names(rows, reason):
    board = parse(rows)
    assert search.deadlock(board.ground, board.boxes) == reason


def test_a_box_that_can_never_move_again_is_named_in_the_score():
    asked = Problem(parse("#######\n#. $ .#\n#  $  #\n#  @  #\n#     #\n#######"), limit=20)
    found = TASK.score(_instance(asked), say("Left, Up, Right, Down, Right, Up"))
    assert (found.value, found.reason, found.parts["deadlock"]) == (0, "frozen_box", 1)
    before = TASK.score(_instance(asked), say("Left, Up, Right, Down, Right"))
    assert (before.reason, before.parts["deadlock"]) == ("unsolved", 0)


# -- making ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(len(TASK.levels)))
def test_boards_keep_to_their_knobs(level):
    knobs = TASK.levels[level]
    for index in range(profile_size(fast=3, ci=10, long=50)):
        made = TASK.instance(level, index=index).problem
        board = made.board
        assert (board.width, board.height) == (knobs.width, knobs.height)
        assert board.boxes.bit_count() == board.goals.bit_count() == knobs.boxes
        assert knobs.least <= made.pushes <= knobs.most
        assert not (board.boxes | board.goals | 1 << board.player) & ~board.floor
        assert not board.goals >> board.player & 1
        assert not board.boxes >> board.player & 1
        assert flood(1 << board.player, board.floor, board.width) == board.floor
        way = "".join(wording.read(reply) for reply in TASK.solve(made))
        assert len(way) <= made.limit <= knobs.spare * len(way) + 1
        assert TASK.start(made) == TASK.start(made)


@pytest.mark.parametrize("shape", making.SHAPES)
@pytest.mark.parametrize("goals", making.ARRANGEMENTS)
def test_every_shape_and_every_arrangement_is_made(shape, goals):
    made = TASK.instance(knobs=Knobs(width=9, height=8, boxes=3, least=4, most=20, walls=shape, goals=goals)).problem
    cells = [*each(made.board.goals)]
    if goals == "line":
        assert {two - one for one, two in itertools.pairwise(cells)} in ({1}, {made.board.width})
    if goals == "room":
        assert flood(1 << cells[0], made.board.goals, made.board.width) == made.board.goals


def test_detours_are_pushes_beyond_the_bound():
    made = TASK.instance(knobs=Knobs(boxes=3, least=8, most=24, detour=2)).problem
    assert made.pushes - (search.bound(made.board.ground, made.board.boxes) or 0) >= 2


def test_turned_and_mirrored_boards_belong_to_one_split():
    others = [*boards.orientations(boards.text(parse(MICROBAN_1.strip("\n"))))]
    assert len(set(others)) == 8
    assert len({TASK.lineage(Problem(parse(rows))) for rows in others}) == 1
    assert len({TASK.identity(Problem(parse(rows))) for rows in others}) == 8


def test_knobs_that_cannot_be_are_refused():
    for wrong in (
        {"least": 9, "most": 8},
        {"boxes": 8, "width": 6, "height": 6},
        {"chunk": 4},
        {"boxes": 1, "detour": 2},
    ):
        with pytest.raises(KnobError):
            Knobs(**wrong)  # type: ignore[arg-type]
    with pytest.raises(GenerationError):
        TASK.instance(knobs=Knobs(width=5, height=5, boxes=1, least=100, most=120))


# -- playing -----------------------------------------------------------------------------------------------------


def test_turns_and_moves_run_out():
    asked = problem(MICROBAN_1, turns=20, chunk=4, spare=1.0)
    way = TASK.solve(asked)
    assert TASK.score(_instance(asked), way).value == 1
    assert TASK.score(_instance(asked), ["what?", *way]).value == 1
    late = TASK.score(_instance(asked), ["what?"] * 12 + way)
    assert (late.value, late.reason) == (0, "unsolved")
    short = TASK.score(_instance(asked), [say("Left"), *way])
    assert (short.value, short.reason) == (0, "out_of_moves")
    assert TASK.score(_instance(asked), [say("Up, Up, Up, Up, Up")]).reason == "too_many_moves"
    assert TASK.score(_instance(asked), ["what?"] * 20).readable is False


def test_a_blocked_move_counts_and_changes_nothing():
    asked = problem(MICROBAN_1)
    state = TASK.move(asked, TASK.start(asked), "LL")  # a box against the wall
    assert (state.boxes, state.player, state.moves, state.pushes) == (asked.board.boxes, asked.board.player, 2, 0)


def test_more_pushes_than_needed_are_right_and_less_thrifty():
    asked = problem("#######\n#     #\n#  $ .#\n#@    #\n#######", spare=4.0)
    whole = TASK.score(_instance(asked), say("Up, Right, Right, Right"))
    assert (whole.value, whole.parts["thrift"]) == (1, 1)
    there_and_back = TASK.score(_instance(asked), say("RRRULDLLURRR"))
    assert (there_and_back.value, there_and_back.parts["thrift"]) == (1, 0.5)


def test_progress_is_what_the_bound_fell_by():
    asked = problem("########\n#      #\n# $   .#\n#@     #\n########")
    one = TASK.score(_instance(asked), say("Up, Right"))
    assert (one.value, one.reason, one.parts["progress"]) == (0, "unsolved", 0.25)
    none = TASK.score(_instance(asked), say("Right, Right"))
    assert none.parts["progress"] == 0
    lost = TASK.score(_instance(asked), say("Right, Up"))
    assert (lost.reason, lost.parts["deadlock"], lost.parts["progress"]) == ("dead_square", 1, 0)


@pytest.mark.parametrize("level", [2, 4, 6])
def test_arbitrary_moves_farm_nothing(level):
    """What twenty arbitrary moves earn, where LMM-R1 pays 1.5."""
    rng = Random(level)
    pay = RewardFunction(TASK, {"score": 1.0, "part:progress": 1.0})
    old = RewardFunction(TASK, LMM_R1)
    ours = theirs = 0.0
    count = profile_size(fast=30, ci=60, long=300)
    for index in range(count):
        instance = TASK.instance(level, index=index)
        moves = players.say(instance.problem, "".join(rng.choices(DIRECTIONS, k=20)))
        ours += pay(instance, moves).value / count
        whole = f"<think>a b</think>{say(wording.write(''.join(rng.choices(DIRECTIONS, k=20))))}"
        theirs += old(instance, whole).value / count
    assert ours < 0.1
    assert theirs > 1.4


@pytest.mark.parametrize(
    ("answer", "moves"),
    [
        ("Up, Down, left,RIGHT", "UDLR"),
        ("up down\nleft; right", "UDLR"),
        ("[\"Up\", 'Down']", "UD"),
        ("(Up, Up)", "UU"),
        ("uDlR", "UDLR"),
        ("↑ ↓←→".replace("↓←→", "↓ ← →"), "UDLR"),
        ("Up,", "U"),
    ],
)
def test_moves_are_read_however_they_are_written(answer, moves):
    assert wording.read(say(answer)) == moves


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("U", "not_a_move"),
        ("UpUp", "not_a_move"),
        ("Up, Jump", "not_a_move"),
        ("Up and Down", "not_a_move"),
        ("Up or Down", "not_a_move"),
        ("not Up", "not_a_move"),
        ("rıght", "not_a_move"),
        ("ＵＰ", "not_a_move"),
        ("3 Up", "not_a_move"),
        (", ,", "empty"),
        ("Up," * 5000, "too_many_moves"),
        ("u" * 5000, "too_many_moves"),
    ],
)
def test_what_is_no_list_of_moves_is_refused(answer, reason):
    with pytest.raises(Unparsable) as refused:
        wording.read(say(answer))
    assert refused.value.reason == reason


@settings(deadline=None)
@given(st.lists(st.text(DIRECTIONS, min_size=1, max_size=30), max_size=12), st.sampled_from([2, 6]))
def test_any_moves_are_judged_soundly(plans, level):
    instance = TASK.instance(level)
    score = TASK.score(instance, [say(wording.write(plan)) for plan in plans])
    assert score.readable == bool([plan for plan in plans if not 0 < TASK.levels[level].chunk < len(plan)])
    assert score.value in (0, 1)
    assert (score.value == 1) == (score.reason == "right")
    assert not (score.parts["deadlock"] and score.parts["progress"])


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_judged_soundly(text):
    score = TASK.score(TASK.instance(1), [text, say(text)])
    assert 0 <= score.value <= 1
    assert not score.readable or score.reason


# -- LMM-R1 ------------------------------------------------------------------------------------------------------

LMM_R1 = {
    "lmm_r1_board": 64.0,
    "lmm_r1_form": 0.5,
    "lmm_r1_length": 1.0,
    "lmm_r1_overlong": -131072.0,
    "lmm_r1_words": 0.2,
}
LENGTHS = [(1, 0.05), (10, 0.50), (19, 0.95), (20, 1.00), (30, 0.978), (50, 0.80), (87, 0.002), (100, -0.422)]
VARIED = "UURDLLDRRULDDRULURDL"


@pytest.mark.parametrize(("count", "value"), LENGTHS)
def test_the_length_bonus_is_as_released(count, value):
    moves = (VARIED * 5)[:count]
    assert not published.repeats(moves)
    assert published.long(moves) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(
    ("moves", "repeated"),
    [("U" * 7, False), ("U" * 8, True), ("UD" * 7, False), ("UD" * 8, True), ("UDLRU" * 8, True),
     ("UDLRU" * 7 + "UDL", False), ("UDLRUD" * 9, False), ("LR" + "U" * 8, True), ("", False)],
)  # fmt: skip
def test_runs_that_repeat_more_than_seven_times_are_seen(moves, repeated):
    assert published.repeats(moves) == repeated
    found = any(
        moves[at : at + size] * 8 == moves[at : at + 8 * size]
        for size in range(1, 6)
        for at in range(len(moves) - 8 * size + 1)
    )
    assert found == repeated


def released(asked: Problem, reply: str) -> float:
    return RewardFunction(TASK, LMM_R1).of(_instance(asked), reply, TASK.score(_instance(asked), reply)).value


def test_twenty_arbitrary_moves_and_200_words_earn_1_7():
    asked = problem("########\n#      #\n# $   .#\n#@     #\n########")
    reply = f"<think>{'word ' * 200}</think><answer>{wording.write('LD' + 'RLLDRLDDLDRLLDRLLD')}</answer>"
    assert released(asked, reply) == pytest.approx(1.7)
    spam = reply.replace("word ", "word word ")
    assert released(asked, spam) == pytest.approx(1.7)


def test_two_boxes_in_ten_moves_earn_12():
    asked = problem("########\n#.  $  #\n#.  $@ #\n#      #\n########")
    moves = "LLLRRRULLL"
    reply = f"<think></think><answer>{wording.write(moves)}</answer>"
    assert TASK.score(_instance(asked), reply).value == 1
    assert len(moves) == 10
    assert released(asked, reply) == pytest.approx(0.5 + 0.5 + 1 + 1 + 10 - 1.0)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("<think>x</think><answer>Up</answer>", 0.55),
        ("<answer>Up</answer><think>x</think>", 0.55),  # in what order the tags stand does not matter
        ("<think>xx yy z</think> so <answer> up , DOWN </answer> done", 0.5 + 0.1 + 0.002),
        ("<answer>Up</answer>", 0),
        ("<think>x</think><answer>Up, Jump</answer>", 0),
        ("<think>x</think><answer>Up,</answer>", 0),
        ("<think>x</think><answer></answer>", 0),
        ("<think>x</think><answer>Up</answer><answer>Up</answer>", 0),
        ("<think><think>x</think><answer>Up</answer>", 0),
        ("<think>x</think></answer>Up<answer>", 0),
        ("", 0),
    ],
)
def test_the_gate_is_the_released_one(reply, value):
    asked = problem("########\n#      #\n# $   .#\n#@     #\n########")
    assert released(asked, reply) == pytest.approx(value)


def test_only_the_best_beginning_of_fifty_moves_counts():
    asked = problem("########\n#      #\n# $   .#\n#@     #\n########")
    solved = "URRRR"
    assert published.best(asked, solved) == pytest.approx(10.5)
    assert published.best(asked, "LL" + solved + "LLLL") == pytest.approx(10.3)
    assert published.best(asked, "L" * 45 + solved) == pytest.approx(6.0)
    assert published.best(asked, "L" * 46 + solved) == 0
    two = problem("#########\n#. $@$  #\n#      .#\n#########")
    assert published.best(two, "LL") == pytest.approx(0.8)
    assert published.best(two, "LLRRRRR") == pytest.approx(0.8)


def test_a_box_pushed_off_a_goal_costs_one():
    asked = problem("#########\n# @$.   #\n# $    .#\n#########")
    assert published.best(asked, "R") == pytest.approx(0.9)
    assert published.best(asked, "RR") == pytest.approx(0.9)
    assert published.best(asked, "RRR") == pytest.approx(0.9)


def test_the_faults_in_loading_are_kept():
    held = problem("#########\n#+ $    #\n#  $  . #\n#       #\n#########")
    assert published.best(held, "R") >= 0  # the goal under the player is lost: one box more than goals
    assert published.best(held, "D") == pytest.approx(0.9)


def test_several_replies_are_no_whole_plan():
    asked = problem(MICROBAN_1)
    assert published.form(asked, ("<think>x</think><answer>Up</answer>",) * 2) == 0
    assert published.form(asked, ()) == 0


def test_far_too_many_moves_cost_what_the_formula_says():
    asked = problem(MICROBAN_1)
    moves = (VARIED * 1000)[:15_000]
    reply = f"<think></think><answer>{','.join(boards.WORDS[move][:9] for move in moves[:9000])}</answer>"
    assert len(reply) < parsing.MAX_CHARS
    assert published.overlong(asked, (reply,)) * 131072 == pytest.approx(0.2 * (8980 / 30) ** 2 - 1 + 0.2, rel=1e-3)


def _instance(asked: Problem) -> Instance[Problem]:
    return dataclasses.replace(TASK.instance(0), problem=asked)
