"""Safe: a reply is only ever read. It is not run, opens no file, starts no process, reaches no network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from verienv import attacks
from verienv.audit import shrink
from verienv.audit.calls import Outcome
from verienv.audit.findings import Finding, Property, Severity, Skipped
from verienv.audit.study import Study

EFFECTS: Final[dict[str, tuple[Severity, str]]] = {
    "ran": ("critical", "the reply is executed"),
    "code": ("critical", "the reply is evaluated as code"),
    "unpickle": ("critical", "the reply is unpickled"),
    "process": ("medium", "starts a process"),
    "network": ("medium", "uses the network"),
    "write": ("medium", "writes files or changes the surroundings"),
    "parse": ("low", "hands the reply to Python's own parser"),
}
"""What a call may do besides answering, how bad that is, and how it is told."""
PRINTS: Final = 4096


def payloads(canary: str) -> list[str]:
    """Texts that leave a trace when they are executed: as Python, by a shell, by YAML, pickle or a template."""
    name = attacks.CANARY
    drop = f"__import__('sys').modules.__setitem__('{name}', 1)"
    touch = f"touch {canary}"
    return [
        *attacks.injections(),
        name,
        f"{name}()",
        f"{name} + 1",
        f"({drop}, 1)[1]",
        f"[{drop}]",
        f"lambda: {name}",
        f"x = {drop}",
        f"print({name})\n{drop}",
        f"def f():\n    return {drop}\nf()",
        f"0 if {drop} else 1",
        f"$({touch})",
        f"`{touch}`",
        f"; {touch} #",
        f"'; {touch}; '",
        f"| {touch}",
        f"{{{{ self.__init__.__globals__.__builtins__.exec('{drop}') }}}}",
        f"{{% for x in ().__class__.__base__.__subclasses__() %}}{name}{{% endfor %}}",
        f"!!python/object/apply:os.system ['{touch}']",
        f"cos\nsystem\n(S'{touch}'\ntR.",
        f"import os; os.system('{touch}')",
        f"```python\nimport sys; sys.modules['{name}'] = 1\n```",
    ]


def safe(study: Study) -> Iterator[Finding]:
    """Payloads bare, as the answer and in the usual tags; then what the ordinary replies brought about."""
    if study.target.remote:
        raise Skipped("what an endpoint does besides answering cannot be seen from here")
    texts = payloads(study.caller.canary)
    forms = [lambda text: text, study.form.say, "<answer>{}</answer>".format, "\\boxed{{{}}}".format, "[{}]".format]
    replies = list(dict.fromkeys(form(text) for text in texts for form in forms))
    if study.oracles and isinstance(study.oracles[0].answer, str):
        answer = study.oracles[0].answer
        replies += [study.form.say(f"{answer} or {texts[0]}"), study.form.say(f"{texts[0]} or {answer}")]
    ordinary = [(each.at, each.oracle) for each in study.oracles[:8]]
    calls = [*ordinary, *((at, reply) for at in range(min(2, len(study.items))) for reply in replies)]
    seen: dict[str, tuple[int, object, Outcome, str]] = {}
    printed = 0
    for (at, reply), outcome in zip(calls, study.score(calls), strict=True):
        printed = max(printed, outcome.printed)
        for kind, what in outcome.effects:
            seen.setdefault(kind, (at, reply, outcome, what))
    if "ran" in seen:
        for kind in ("code", "parse", "unpickle"):  # how it came about
            seen.pop(kind, None)
        for kind in ("process", "write"):  # brought about by the payload itself
            if kind in seen and (seen[kind][0], seen[kind][1]) not in ordinary:
                seen.pop(kind)
    elif "code" in seen:
        seen.pop("parse", None)
    for kind, (at, reply, outcome, what) in seen.items():
        severity, title = EFFECTS[kind]
        small = _shrunk(study, at, reply, kind)
        yield study.finding("safe", severity, title, what, at=at, reply=small, outcome=outcome)
    if printed > PRINTS:
        yield study.finding("safe", "low", f"a call prints {printed:,} bytes")
    study.seen = f"{len(replies)} payloads"


def _shrunk(study: Study, at: int, reply: object, kind: str) -> object:
    def shows(text: str) -> bool:
        return any(kind == each for each, _ in study.one(at, text).effects)

    return shrink.text(reply, shows, 30) if isinstance(reply, str) and kind in ("ran", "code", "parse") else reply


PROPERTIES = (Property("safe", "a reply is read, never run; nothing else happens", safe),)
