"""The worker: holds one target, reads messages as JSON lines on stdin, answers with JSON lines on the old stdout.

    {"open": {…}}                         → {"ready": {…}} or {"failed": "why", "kind": "ImportError"}
    {"items": [{…}, …]}                   the table that calls refer to; no answer
    {"calls": [[item, reply], …]}         → one line each, as soon as it is known; with "peak", memory too
    {"make": {"seed": …, "count": …}}     → {"item": {…}, "cpu": seconds} each, then {"end": true}

A reply is a text, a list of texts (the moves of a game), or {"raw": any JSON} for what is no reply. The parent kills a
call that takes too long; the limits on memory, CPU time and files are the kernel's.
"""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import json
import math
import os
import resource
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any

FILE_BYTES = 64 << 20
"""The largest file that a target may write."""


def main() -> None:
    """Answer until stdin ends."""
    requests = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.dup(1)
    printed = _quiet()
    opened = json.loads(requests.readline())["open"]
    watch = _beside("watch").Watch(opened["canary"])
    if opened.get("shift"):
        _beside("dates").shift(opened["shift"])
    sys.path[:] = [*opened["path"], *[each for each in sys.path if each and Path(each) != Path(__file__).parent]]
    try:
        target = _beside("loading").load(opened["spec"])
    except BaseException as error:  # noqa: BLE001  # the parent says what could not be loaded, SystemExit too
        say(answers, {"failed": _told(error), "kind": type(error).__name__})
        return
    _limit(opened["memory"])
    say(answers, {"ready": target.about()})
    desk = Desk(target, watch, answers, printed, opened["cpu"])
    serve = desk.serve
    if opened.get("thread"):
        thread = threading.Thread(target=serve, args=(requests,))
        thread.start()
        thread.join()
    else:
        serve(requests)


class Desk:
    """Takes messages and answers them."""

    def __init__(self, target: Any, watch: Any, answers: int, printed: int, cpu: int) -> None:
        self._target, self._watch, self._answers, self._printed, self._cpu = target, watch, answers, printed, cpu
        self._items: list[str] = []

    def serve(self, requests: Any) -> None:
        """Every message until the end."""
        for line in requests:
            message = json.loads(line)
            if "items" in message:
                self._items = [json.dumps(each) for each in message["items"]]
            elif "calls" in message:
                for at, reply in message["calls"]:
                    say(self._answers, self._call(at, reply, message.get("peak", False)))
            else:
                self._make(**message["make"])

    def _call(self, at: int, reply: Any, peak: bool) -> dict[str, Any]:
        item = json.loads(self._items[at])  # a copy of its own: a target may write in what it is given
        given = reply["raw"] if isinstance(reply, dict) else reply
        answer: dict[str, Any] = {}
        _allow(self._cpu)
        before = _reset_peak() if peak else 0
        began = time.process_time()
        self._watch.begin()
        try:
            answer.update(_number(_awaited(self._target.score(item, given))))
        except MemoryError as error:
            answer.update(fault="memory", detail=_told(error))
        except (SystemExit, KeyboardInterrupt) as error:
            answer.update(fault="exited", detail=_told(error))
        except BaseException as error:  # noqa: BLE001  # whatever it raises is what is to be told
            answer.update(fault="raised", detail=_told(error), where=_where(error))
        effects = self._watch.end()
        answer["cpu"] = time.process_time() - began
        if peak:
            answer["grew"] = max(0, _peak() - before)
        if effects:
            answer["effects"] = effects
        if size := os.fstat(self._printed).st_size:
            answer["printed"] = size
            os.ftruncate(self._printed, 0)
        return answer

    def _make(self, seed: int, count: int, split: str | None = None, level: int | None = None) -> None:
        made = iter(self._target.make(seed, count, split, level))
        while True:
            _allow(10 * self._cpu)
            began = time.process_time()
            try:
                item = next(made)
            except StopIteration:
                say(self._answers, {"end": True})
                return
            except Exception as error:  # noqa: BLE001  # a generator that fails is a finding
                say(self._answers, {"end": True, "failed": _told(error), "kind": type(error).__name__})
                return
            say(self._answers, {"item": item, "cpu": time.process_time() - began})


def say(channel: int, message: dict[str, Any]) -> None:
    """One line; JSON in ASCII, NaN and Infinity as Python writes them."""
    data = (json.dumps(message, default=str) + "\n").encode()
    while data:
        data = data[os.write(channel, data) :]


def _number(result: Any) -> dict[str, Any]:
    """The score in what a target returned: a number, a 0-d array, or a mapping that holds one."""
    if isinstance(result, dict):
        for name in ("score", "reward", "value"):
            if name in result:
                return _number(result[name])
        if "answer" in result:
            return {"answer": result["answer"]}
        return {"fault": "no number", "detail": f"a dict with keys {sorted(map(str, result))[:8]}"}
    if isinstance(result, (list, tuple)) and len(result) == 1:
        return _number(result[0])
    if not isinstance(result, (bool, int, float)) and callable(getattr(result, "item", None)):
        result = result.item()
    if isinstance(result, (bool, int, float)):
        try:
            value = float(result)
        except OverflowError:
            value = math.inf
        return {"value": value}
    return {"fault": "no number", "detail": "None" if result is None else f"a {type(result).__name__}"}


def _awaited(result: Any) -> Any:
    async def wait() -> Any:
        return await result

    return asyncio.run(wait()) if inspect.isawaitable(result) else result


def _beside(name: str) -> Any:
    """The module in the file next to this one."""
    spec = importlib.util.spec_from_file_location(f"_verienv_audit_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _quiet() -> int:
    """Stdin is empty from here on; what is printed goes to a file without a name, whose descriptor is returned."""
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    with tempfile.TemporaryFile() as hidden:
        os.dup2(hidden.fileno(), 1)
        os.dup2(hidden.fileno(), 2)
    return 1


def _limit(memory: int) -> None:
    """So much address space beyond what the loaded target takes, no core dumps, no huge files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):  # no /proc here: the parent's time limit is what remains
        return


def _allow(cpu: int) -> None:
    """From here on, so many seconds of CPU time before the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _reset_peak() -> int:
    """The largest resident size from here on is what it is now, where the kernel lets us say so."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return _peak()
    return _peak()


def _peak() -> int:
    """The largest resident size since the last reset, in bytes."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) << 10
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return 0


def _told(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001  # an exception that cannot even be shown
        text = "(no text)"
    return f"{type(error).__name__}: {text}"[:400]


def _where(error: BaseException) -> str:
    """The last line of code that belongs to nobody's library: file name and line."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [each for each in frames if "_verienv_audit" not in each.name and each.filename != __file__]
    for frame in reversed(own):
        if "site-packages" not in frame.filename and "/lib/python" not in frame.filename:
            return f"{Path(frame.filename).name}:{frame.lineno}"
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""


if __name__ == "__main__":
    main()
