"""How long the gallery takes with 30 families: `python benchmarks/viewer_load.py`. Needs playwright and a Chromium.

The built-in families stand several times, under other names, so that each card is drawn for itself. Timed from the
navigation until 30 cards stand, and until every picture in view is drawn, in a new server and once more; and in CPU
seconds, of the server and of the page, which a busy machine does not stretch.
"""

from __future__ import annotations

import statistics
import time
from itertools import count, cycle
from typing import Any

from tests.viewer import browsing
from tests.viewer.seeing import viewing
from verienv import registry
from verienv.server import gallery, viewer
from verienv.task import Task

FAMILIES, ROUNDS = 30, 5


def clones() -> dict[str, Task[Any, Any, Any]]:
    """Thirty families."""
    found: dict[str, Task[Any, Any, Any]] = {}
    for number, name in zip(count(), cycle(registry.names()), strict=False):
        if len(found) == FAMILIES:
            return found
        kind: Any = type(registry.load(name))
        clone = f"{name}_{number}"
        found[clone] = type(kind.__name__, (kind,), {"name": clone, "__module__": kind.__module__})()
    raise AssertionError


def timed(page: Any, url: str) -> tuple[float, float, float, float]:
    """Seconds until all cards stand, until those in view are drawn; CPU seconds of the server, of the page's thread."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    start, used = time.perf_counter(), time.process_time()
    page.goto(f"{url}/#/", wait_until="commit")
    page.locator(".card").nth(FAMILIES - 1).wait_for(state="attached")
    stand = time.perf_counter() - start
    in_view = page.locator(".glance").evaluate_all(
        "all => all.flatMap((each, at) => each.getBoundingClientRect().top < innerHeight ? [at] : [])"
    )
    for at in in_view:
        page.locator(".glance").nth(at).and_(page.locator(".ready")).wait_for()
    drawn, server = time.perf_counter() - start, time.process_time() - used
    measured = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return stand, drawn, server, measured["TaskDuration"]


def main() -> None:
    families = clones()
    names = tuple(sorted(families))
    registry.names, registry.load = (lambda: names), families.__getitem__  # type: ignore[assignment]
    viewer.families()  # as `verienv view` does before the page is opened
    cold: list[tuple[float, ...]] = []
    warm: list[tuple[float, ...]] = []
    with browsing.chromium() as browser:
        for _ in range(ROUNDS):
            for cached in (gallery.instance_at, gallery.picture, gallery._prompt):
                cached.cache_clear()
            with viewing() as url:
                for held in (cold, warm):
                    with browsing.page(browser, 1280, 800) as page:
                        held.append(timed(page, url))
    for name, held in (("a new server", cold), ("once more", warm)):
        stand, drawn, server, shown = (statistics.median(each) for each in zip(*held, strict=True))
        print(
            f"{name}: {len(names)} cards stand after {stand:.2f} s, those in view are drawn after {drawn:.2f} s; "
            f"CPU seconds: server {server:.2f}, page {shown:.2f}"
        )


if __name__ == "__main__":
    main()
