"""Promises about native views: actions and replies meet at the same answers; every action of the space is judged."""

from __future__ import annotations

from typing import Any

from verienv.contract.answers import sound
from verienv.contract.bench import Bench, Check
from verienv.parsing import Unparsable
from verienv.task import Game, Question
from verienv.views import Controlled, Native, Stepwise, Turnwise


def native(bench: Bench) -> str:
    """`act(encode(answer))` is the answer, `observe` lies in its space, and every sampled action is judged."""
    task = bench.task
    if not isinstance(task, Native):
        return "no native view"
    knobs = task.at_level(bench.level)
    observations, actions = task.observation_space(knobs), task.action_space(knobs)
    actions.seed(0)
    judged = 0
    for instance, reply in zip(bench.instances, bench.oracles, strict=True):
        problem = instance.problem
        bench.demand(observations.contains(task.observe(problem)), f"{instance.address}: observe leaves its space")
        for text in [reply] if type(reply) is str else reply:
            answer = task.parse(problem, text)
            action = task.encode(problem, answer)
            bench.demand(actions.contains(action), f"{instance.address}: encode leaves the action space: {action!r}")
            back = task.act(problem, action)
            bench.demand(back == answer, f"{instance.address}: {answer!r} becomes {action!r}, and that {back!r}")
        for _ in range(8):
            try:
                chosen = task.act(problem, actions.sample())
            except Unparsable:
                continue
            _judge(bench, instance.address, problem, chosen)
            judged += 1
    return f"{judged} sampled actions judged"


def turnwise(bench: Bench) -> str:
    """By array actions the oracle plays as by text, states lie in their space, and every sampled action is taken."""
    task = bench.task
    if not isinstance(task, Game) or not isinstance(task, Turnwise):
        return "no array view of turns"
    knobs = task.at_level(bench.level)
    observations, actions = task.observation_space(knobs), task.action_space(knobs)
    actions.seed(0)
    taken = 0
    for instance, replies in zip(bench.instances, bench.oracles, strict=True):
        problem, where = instance.problem, instance.address
        state = task.start(problem)
        for text in replies:
            bench.demand(observations.contains(task.observe(problem, state)), f"{where}: observe leaves its space")
            move = task.parse(problem, text)
            action = task.encode(problem, state, move)
            bench.demand(actions.contains(action), f"{where}: encode leaves the action space: {action!r}")
            back = task.act(problem, state, action)
            bench.demand(back == move, f"{where}: {move!r} becomes {action!r}, and that {back!r}")
            state = task.move(problem, state, back)
        state = task.start(problem)
        for _ in range(8):
            if task.over(problem, state):
                break
            try:
                state = task.move(problem, state, task.act(problem, state, actions.sample()))
            except Unparsable as unparsable:
                state = task.unread(problem, state, unparsable.reason)
            bench.demand(observations.contains(task.observe(problem, state)), f"{where}: observe leaves its space")
            taken += 1
        wrong = sound(task.verify(problem, state))
        bench.demand(not wrong, f"{where}: {wrong} after sampled actions")
    return f"{taken} sampled actions taken"


def stepwise(bench: Bench) -> str:
    """The draft and all it becomes by random edits are answers, and no draft is right by itself."""
    task = bench.task
    if not isinstance(task, Stepwise):
        return "no step view"
    knobs = task.at_level(bench.level)
    edits, longest = task.edits(knobs), task.max_edits(knobs)
    bench.demand(type(edits) is int and edits >= 1, f"{edits!r} edits")
    bench.demand(type(longest) is int and longest >= 1, f"at most {longest!r} edits")
    rng = bench.rng("edits")
    for instance in bench.instances:
        draft = task.draft(instance.problem)
        bench.demand(task.draft(instance.problem) == draft, f"{instance.address}: the draft changes between calls")
        for _ in range(8):
            _judge(bench, instance.address, instance.problem, draft)
            draft = task.edit(instance.problem, draft, rng.randrange(edits))
        for number in {0, edits - 1}:
            _judge(bench, instance.address, instance.problem, task.edit(instance.problem, draft, number))
    return f"{edits} edits"


def controlled(bench: Bench) -> str:
    """What a simulator shows and pays keeps to its spaces and bounds; what it knows of a score is what verify says."""
    task = bench.task
    if not isinstance(task, Question) or not isinstance(task, Controlled):
        return "no view under control"
    knobs = task.at_level(bench.level)
    observations, actions = task.control_observation_space(knobs), task.control_space(knobs)
    bench.demand(set(task.wages) <= set(task.terms), f"{sorted(set(task.wages) - set(task.terms))} are no terms")
    actions.seed(0)
    simulator = task.simulator(knobs, 1)
    taken = 0
    for instance in bench.instances:
        simulator.put(0, instance.problem)
        for _ in range(8):
            seen = simulator.observe()
            first = {name: each[0] for name, each in seen.items()} if isinstance(seen, dict) else seen[0]
            bench.demand(observations.contains(first), f"{instance.address}: observe leaves its space")
            told = simulator.step(actions.sample()[None])
            bad = {name: each[0] for name, each in told.terms.items() if not 0 <= each[0] <= 1}
            bench.demand(not bad, f"{instance.address}: the terms {bad} are out of range")
            bench.demand(set(task.wages) <= set(told.terms), f"{instance.address}: a step pays {sorted(told.terms)}")
            taken += 1
            if told.ended[0] or told.cut[0]:
                break
        score, known = task.verify(instance.problem, simulator.answer(0)), simulator.score(0)
        bench.demand(not sound(score), f"{instance.address}: {sound(score)} after sampled actions")
        bench.demand(known is None or known == score, f"{instance.address}: known is {known}, verified {score}")
    return f"{taken} sampled actions taken"


def episodes(bench: Bench) -> str:
    """`begin` and `step` come to the verdict that judging the whole episode gives."""
    task = bench.task
    for instance, right, wrong in zip(bench.instances, bench.oracles, bench.wrongs, strict=True):
        for replies in (right, wrong, ""):
            step = task.begin(instance.problem)
            bench.demand(not step.done and bool(step.prompt), f"{instance.address}: an episode begins at its end")
            played = 0
            for reply in [replies] if type(replies) is str else replies:
                if step.done:
                    break
                step = task.step(instance.problem, step, reply)
                played += 1
            if isinstance(task, Question):
                bench.demand(step.done and played == 1, f"{instance.address}: a question takes {played} replies")
            if step.score is not None:
                whole = task.score(instance, replies)
                bench.demand(
                    step.score.value == whole.value and step.score.reason == whole.reason,
                    f"{instance.address}: step by step {step.score.value}, as a whole {whole.value}",
                )
            else:
                bench.demand(bool(step.prompt), f"{instance.address}: an open episode shows nothing")
        if isinstance(task, Game):
            bench.demand(len(right) <= task.max_steps, f"{instance.address}: the oracle needs {len(right)} moves")
    return f"{3 * bench.size} episodes"


CHECKS = (
    Check("native", "native actions and replies meet at the same answers", native),
    Check("turnwise", "a game's array actions play as its replies do", turnwise),
    Check("stepwise", "edits lead from answer to answer", stepwise),
    Check("controlled", "what is under control is paid and seen within bounds, and scored as verify does", controlled),
    Check("episodes", "step by step or as a whole, the verdict is the same", episodes),
)


def _judge(bench: Bench, address: str, problem: Any, answer: Any) -> None:
    if not isinstance(bench.task, Question):
        return
    wrong = sound(bench.task.verify(problem, answer))
    bench.demand(not wrong, f"{address}: {wrong} on the answer {answer!r:.120}")
