"""Chromium, driven by Playwright: one for all tests, a context for each page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 120_000  # milliseconds; a shared machine may stall
FLAGS = ("--disable-gpu", "--disable-extensions", "--disable-background-networking", "--process-per-site")
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Where a Chromium is installed."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """The running browser."""
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        flags = [*FLAGS, *(["--no-sandbox"] if root else [])]
        browser = playwright.chromium.launch(executable_path=executable(), args=flags, timeout=PATIENCE)
        yield browser
        browser.close()


@contextmanager
def page(browser: Any, width: int = 1280, height: int = 900, theme: str = "light", **settings: Any) -> Iterator[Any]:
    """A new page; nothing may go wrong on it: no error in its script, no request refused by the policy."""
    look = {"viewport": {"width": width, "height": height}, "color_scheme": theme, "reduced_motion": "reduce"}
    context = browser.new_context(**look, **settings)
    context.set_default_timeout(PATIENCE)
    made = context.new_page()
    wrong: list[str] = []
    made.errors = wrong
    made.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    made.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    try:
        yield made
    finally:
        context.close()
    assert wrong == []
