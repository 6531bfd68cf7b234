"""Targets as the worker holds them: `score(item, reply)`, `about()`, and `make(seed, count, …)` where it generates.

An item is a dict with `prompt`, `truth` and whatever else its file says. Each kind of target knows how its own caller
would call it: TRL with batches of completions, verl with `solution_str`, OpenRLHF with `queries` …
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import inspect
import json
import sys
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

STYLES = {"trl": "completions", "verl": "solution_str", "openrlhf": "queries"}
"""The parameter by which a reward function of each trainer is known."""


class Scorer(ABC):
    """A target of any kind."""

    @abstractmethod
    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """What the target says of a reply, as it says it."""

    def about(self) -> dict[str, Any]:
        """What is known of it once it is loaded."""
        return {}

    def make(self, seed: int, count: int, split: str | None, level: int | None) -> Iterator[dict[str, Any]]:
        """Its own items, where it has any."""
        raise LookupError("this target generates no items")


def load(spec: dict[str, Any]) -> Scorer:
    """The target that a spec names. Raises whatever importing it raises."""
    return KINDS[spec["kind"]](**{name: value for name, value in spec.items() if name != "kind"})


class Function(Scorer):
    """A reward function: `module`, or the `file` that holds it, and its dotted name there."""

    def __init__(self, name: str, module: str = "", file: str = "", style: str = "", generator: str = "") -> None:
        holder = _module(module, file)
        self._function = _attribute(holder, name)
        if not callable(self._function):
            raise TypeError(f"{name} is a {type(self._function).__name__}, not a function")
        self._style = style or _style(self._function)
        self._call: Callable[[dict[str, Any], Any], Any] = getattr(self, f"_{self._style}")
        self._generator = _attribute(holder, generator) if generator else None

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """As its trainer would call it."""
        return self._call(item, reply)

    def about(self) -> dict[str, Any]:
        """How it is called, and whether it generates."""
        generator = self._generator
        splits = generator is not None and "split" in _parameters(generator)
        return {"style": self._style, "generates": generator is not None, "splits": splits}

    def make(self, seed: int, count: int, split: str | None, level: int | None) -> Iterator[dict[str, Any]]:
        """`generator(seed, index)` for each index, told the split where it takes one."""
        if self._generator is None:
            yield from super().make(seed, count, split, level)
        else:
            splits = {"split": split or "train"} if "split" in _parameters(self._generator) else {}
            for index in range(count):
                yield self._generator(seed, index, **splits)

    def _native(self, item: dict[str, Any], reply: Any) -> Any:
        return self._function(item, reply)

    def _trl(self, item: dict[str, Any], reply: Any) -> Any:
        columns = {name: [value] for name, value in item.items() if name not in ("prompt", "oracle", "chat")}
        truth = item.get("truth")
        for name in ("answer", "solution", "ground_truth"):  # the names that TRL's own examples use
            columns.setdefault(name, [truth])
        chat = item.get("chat") or not isinstance(item.get("prompt"), str)
        given: dict[str, Any] = {
            "prompts": [item.get("prompt")],
            "completions": [[{"role": "assistant", "content": reply}] if chat else reply],
            "completion_ids": [[]],
            "trainer_state": None,
            "log_extra": _nothing,
            "log_metric": _nothing,
            **columns,
        }
        return self._function(**_wanted(self._function, given))

    def _verl(self, item: dict[str, Any], reply: Any) -> Any:
        given = {
            "data_source": item.get("data_source", "audit"),
            "solution_str": reply,
            "ground_truth": item.get("ground_truth", item.get("truth")),
            "extra_info": item.get("extra_info", {}),
        }
        return self._function(**_wanted(self._function, given))

    def _openrlhf(self, item: dict[str, Any], reply: Any) -> Any:
        prompt = item.get("prompt") or ""
        whole = prompt + reply if isinstance(prompt, str) and isinstance(reply, str) else reply
        label = item.get("label", item.get("truth"))
        found = self._function(queries=[whole], prompts=[prompt], labels=[label])
        return found.get("rewards", found.get("scores")) if isinstance(found, dict) else found


class Family(Scorer):
    """One of verienv's own families, or of a package that offers some."""

    def __init__(self, name: str, level: int | None = None, term: str = "", form: str = "…") -> None:
        import verienv

        self._task: Any = verienv.load(name)
        if term and term not in self._task.terms:
            raise LookupError(f"{name} has the terms {', '.join(self._task.terms) or 'none'}, not {term!r}")
        self._term, self._form = self._task.terms[term] if term else None, form
        self._level = level
        self._at = functools.lru_cache(maxsize=4096)(self._task.at)

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """The strict score, or the published term that was named."""
        if self._term is not None:
            return self._term(self._at(item["address"]).problem, tuple(reply) if isinstance(reply, list) else reply)
        return self._task.score(self._at(item["address"]), reply).value

    def about(self) -> dict[str, Any]:
        """Its levels, and why its floor is high where it is."""
        return {"generates": True, "splits": True, "levels": len(self._task.levels), "note": self._task.floor_note}

    def make(self, seed: int, count: int, split: str | None, level: int | None) -> Iterator[dict[str, Any]]:
        """Instances of the levels in turn, with all that the family says of right, wrong and blind replies."""
        from verienv import baselines, chat, parsing, rng
        from verienv.contract.bench import each_reply, forms, seen

        only = self._level if level is None else level
        levels = range(len(self._task.levels)) if only is None else [only]
        for index in range(count):
            where = levels[index % len(levels)]
            instance = self._task.instance(where, seed=seed, index=index // len(levels), split=split or "train")
            oracle = self._task.oracle(instance)
            bare = each_reply(oracle, parsing.answer)
            stream = rng.stream("audit", instance.address)
            mutants = self._task.mutants(instance.problem, stream)
            own = [parsing.say(each) if isinstance(oracle, str) else each for each in self._renderings(instance)]
            own += [each_reply(bare, change) for _, change in parsing.RENDERINGS]
            if self._term is not None:  # a published scorer has a form of its own, and promises none of ours
                oracle, own, mutants = each_reply(bare if self._form != "…" else oracle, self._said), [], []
            prompt = instance.prompt
            yield {
                "prompt": chat.text_only(prompt, ""),
                "seen": seen(prompt),
                "truth": bare,
                "oracle": oracle,
                "address": instance.address,
                "level": where,
                "identity": instance.digest,
                "renderings": own,
                "wrong": [form for mutant in mutants for form in forms(mutant)],
                "blind": {name: baselines.reply(self._task, instance, name) for name in self._task.players()},
            }

    def _said(self, answer: str) -> str:
        return self._form.replace("…", answer)

    def _renderings(self, instance: Any) -> list[Any]:
        return list(self._task.renderings(instance.problem))


class ReasoningGym(Scorer):
    """A dataset of reasoning-gym by its name, with its configuration."""

    def __init__(self, name: str, config: dict[str, Any] | None = None) -> None:
        self._gym: Any = importlib.import_module("reasoning_gym")
        self._name, self._config = name, config or {}
        self._data = functools.lru_cache(maxsize=8)(self._create)
        self._entries = functools.lru_cache(maxsize=4096)(self._entry)

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """`score_answer(answer, entry)` of its data set."""
        seed, size, index = item["seed"], item["size"], item["index"]
        return self._data(seed, size).score_answer(answer=reply, entry=self._entries(seed, size, index))

    def about(self) -> dict[str, Any]:
        """It generates."""
        return {"generates": True}

    def make(self, seed: int, count: int, split: str | None, level: int | None) -> Iterator[dict[str, Any]]:
        """The first entries of the data set of that seed."""
        for index in range(count):
            entry = self._entries(seed, count, index)
            truth = entry.get("answer")
            oracle = truth if isinstance(truth, str) else None
            place = {"seed": seed, "size": count, "index": index}
            yield {"prompt": entry["question"], "truth": truth, "oracle": oracle, **place}

    def _create(self, seed: int, size: int) -> Any:
        return self._gym.create_dataset(self._name, seed=seed, size=size, **self._config)

    def _entry(self, seed: int, size: int, index: int) -> Any:
        return self._data(seed, size)[index]


class MathVerify(Scorer):
    """math-verify: 1 where `verify(parse(truth), parse(reply))`."""

    def __init__(self, timeouts: bool = True) -> None:
        self._library: Any = importlib.import_module("math_verify")
        self._parse = {} if timeouts else {"parsing_timeout": None}
        self._verify = {} if timeouts else {"timeout_seconds": None}

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """As its README calls it."""
        truth = str(item["truth"])  # LaTeX is looked for between marks of mathematics only
        gold = self._library.parse(truth if "$" in truth or "\\boxed" in truth else f"${truth}$", **self._parse)
        return float(self._library.verify(gold, self._library.parse(reply, **self._parse), **self._verify))


class Verifiers(Scorer):
    """A taskset of verifiers 0.4 or later by its id, with its configuration; what needs a runtime is not scored."""

    TRUTHS = ("answer", "truth", "ground_truth", "solution", "target", "label")
    """Fields of a task's data under which the right answer may stand."""

    def __init__(self, name: str, config: dict[str, Any] | None = None) -> None:
        self._types: Any = importlib.import_module("verifiers.v1")
        self._graph: Any = importlib.import_module("verifiers.v1.graph")
        self._trace: Any = importlib.import_module("verifiers.v1.trace")
        loaders: Any = importlib.import_module("verifiers.v1.utils.loaders")
        self._agent = self._trace.AgentInfo(config=self._types.AgentConfig())
        settings = loaders.taskset_config_type(name)(id=name, **(config or {}))
        self._stream = iter(loaders.load_taskset(settings).load())
        self._tasks: list[Any] = []

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """The weighted sum of the task's rewards for a trace of one answer."""
        task = self._task(item["index"])
        said = self._graph.MessageNode(message=self._types.AssistantMessage(content=reply), sampled=True)
        about = self._trace.TraceTask(type=type(task).__name__, data=task.data)
        trace = self._types.Trace(task=about, agent=self._agent, nodes=[said])
        return self._scored(task, trace)

    def about(self) -> dict[str, Any]:
        """It generates, but knows no seeds: those are its configuration's."""
        return {"generates": True, "seedless": True}

    def make(self, seed: int, count: int, split: str | None, level: int | None) -> Iterator[dict[str, Any]]:
        """The first tasks of the taskset."""
        for index in range(count):
            try:
                data = self._task(index).data
            except LookupError:
                return
            truth = next((found for name in self.TRUTHS if (found := getattr(data, name, None)) is not None), None)
            yield {"prompt": data.prompt_text, "truth": truth, "index": index}

    def _task(self, index: int) -> Any:
        while len(self._tasks) <= index:
            try:
                self._tasks.append(next(self._stream))
            except StopIteration:
                raise LookupError(index) from None
        return self._tasks[index]

    @staticmethod
    async def _scored(task: Any, trace: Any) -> float:
        await task.score(trace)
        return float(sum(each.score * each.weight for each in trace.rewards.values() if each is not None))


class Endpoint(Scorer):
    """An HTTP endpoint: POST of the item and the reply as JSON, answered by a number or an object with a `score`."""

    def __init__(self, url: str, seconds: float = 20.0) -> None:
        self._url, self._seconds = url, seconds

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """Raises RuntimeError for a status that is not 200, or an answer that is not JSON."""
        told = {name: value for name, value in item.items() if name != "oracle"}
        body = json.dumps({**told, "reply": reply}).encode()
        asked = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=self._seconds) as answered:
                return json.loads(answered.read(1 << 20))
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"status {error.code}") from error

    def about(self) -> dict[str, Any]:
        """What it does beyond answering cannot be seen from here."""
        return {"remote": True}


class Solver(Function):
    """An independent solver: `f(item)`, a text or None."""

    def score(self, item: dict[str, Any], reply: Any) -> Any:
        """Its answer, under a name that is no score's."""
        found = self._function(item)
        return {"answer": None if found is None else str(found)}


KINDS: dict[str, Callable[..., Scorer]] = {
    "function": Function,
    "family": Family,
    "reasoning_gym": ReasoningGym,
    "math_verify": MathVerify,
    "verifiers": Verifiers,
    "http": Endpoint,
    "solver": Solver,
}


def _module(name: str, file: str) -> Any:
    if not file:
        return importlib.import_module(name)
    path = Path(file)
    spec = importlib.util.spec_from_file_location(name or path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.parent.resolve()))
    spec.loader.exec_module(module)
    return module


def _attribute(holder: Any, dotted: str) -> Any:
    for name in dotted.split("."):
        holder = getattr(holder, name)
    return holder


def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return {}


def _style(function: Any) -> str:
    names = _parameters(function)
    return next((style for style, mark in STYLES.items() if mark in names), "native")


def _open(function: Any) -> bool:
    """Whether it takes any keyword."""
    return any(each.kind is inspect.Parameter.VAR_KEYWORD for each in _parameters(function).values())


def _wanted(function: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments that it names, or all where it takes any."""
    return given if _open(function) else {name: each for name, each in given.items() if name in _parameters(function)}


def _nothing(*args: Any, **named: Any) -> None:
    """TRL's loggers."""
