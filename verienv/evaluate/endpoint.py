"""A policy that asks an OpenAI-compatible server: the one module that imports the extra `eval`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from verienv.errors import MissingExtra, UsageError
from verienv.evaluate.policy import Messages, Policy, PolicyError, Said

KEY = "OPENAI_API_KEY"
REFUSED = (401, 403, 404)
"""Statuses that asking again does not mend, whatever is asked."""


def endpoint(
    model: str,
    base_url: str | None = None,
    *,
    body: Mapping[str, Any] | None = None,
    retries: int = 5,
    timeout: float = 600.0,
    key_variable: str = KEY,
) -> Policy:
    """Ask `model` at `base_url` (OPENAI_BASE_URL, or OpenAI itself); `body` is added to each request.

    A request that meets no connection, a time-out, 408, 409, 429 or 5xx is sent again, `retries` times, after what
    Retry-After says or ever longer. The key is read from an environment variable; a local server may need none.
    Raises MissingExtra, UsageError for what is no URL or a key that is not there; the policy raises PolicyError.
    """
    where = base_url or os.environ.get("OPENAI_BASE_URL") or None
    if where is not None and not where.startswith(("http://", "https://")):
        raise UsageError(f"the server's URL begins with http:// or https://, unlike {where!r:.200}")
    key = os.environ.get(key_variable) or None
    if key is None and (where is None or key_variable != KEY):
        raise UsageError(f"the variable {key_variable} holds no key" + ("" if where else ", and no server is named"))
    try:
        import openai
    except ImportError as absent:
        raise MissingExtra("openai", "eval", "asking a server") from absent
    client = openai.OpenAI(
        base_url=where,
        api_key=key or "none",
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
        except openai.APIConnectionError as error:
            raise PolicyError(f"no answer from {client.base_url}: {error.__cause__ or error}") from error
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
