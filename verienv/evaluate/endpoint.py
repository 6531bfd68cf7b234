"""A policy that asks an OpenAI-compatible server: the one module that imports the extra `eval`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from verienv.errors import MissingExtra
from verienv.evaluate.policy import Messages, Policy, PolicyError, Said

REFUSED = (401, 403, 404)
"""Statuses that asking again does not mend, whatever is asked."""


def endpoint(
    model: str,
    base_url: str | None = None,
    *,
    body: Mapping[str, Any] | None = None,
    retries: int = 5,
    timeout: float = 600.0,
    key_variable: str = "OPENAI_API_KEY",
) -> Policy:
    """Ask `model` at `base_url` (OPENAI_BASE_URL, or OpenAI itself); `body` is added to each request.

    A request that meets no connection, a time-out, 408, 409, 429 or 5xx is sent again, `retries` times, after what
    Retry-After says or ever longer. The key is read from an environment variable; a local server may need none.
    Raises MissingExtra; the policy raises PolicyError.
    """
    try:
        import openai
    except ImportError as absent:
        raise MissingExtra("openai", "eval", "asking a server") from absent
    client = openai.OpenAI(
        base_url=base_url or None,
        api_key=os.environ.get(key_variable) or "none",
        max_retries=retries,
        timeout=timeout,
    )

    def policy(messages: Messages) -> Said:
        request: dict[str, Any] = {"model": model, "messages": messages, **(body or {})}
        try:
            answer = client.chat.completions.create(**request)
        except openai.APIStatusError as error:
            what = f"status {error.status_code}: {error.message[:300]}"
            raise PolicyError(what, fatal=error.status_code in REFUSED) from error
        except openai.APIError as error:
            raise PolicyError(f"{type(error).__name__}: {error}") from error
        if not answer.choices:
            raise PolicyError("the server gave no choice")
        choice, usage = answer.choices[0], answer.usage
        return Said(
            choice.message.content or "",
            choice.finish_reason or "stop",
            usage.prompt_tokens if usage else None,
            usage.completion_tokens if usage else None,
        )

    return policy
