"""Drawing replies token by token, for any model that can say the logits of the next token.

Randomness comes in as numbers, one for each token that may be drawn, so the same numbers give the same replies
whether finished rows are dropped on the way, kept in a cache of fixed shape, or spread over processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import torch
from torch import Tensor

from verienv.errors import UsageError
from verienv.grpo.policy import Completion

_TOP: Final = 1 - 2.0**-20  # the largest number taken: a draw never runs past the last token by rounding
_DROP: Final = 0.75  # rows are dropped once at most this share of them is unfinished
_LOOK: Final = 16  # steps between two looks at whether all rows of a graph are finished


@dataclass(frozen=True, slots=True)
class Cut:
    """How logits become the distribution drawn from. temperature 0 takes the likeliest token."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0

    def __post_init__(self) -> None:
        if not (self.temperature >= 0 and 0 < self.top_p <= 1 and self.top_k >= 0):
            raise UsageError(f"{self}: temperature and top_k from 0 up, top_p above 0 and at most 1")

    @property
    def greedy(self) -> bool:
        """Whether nothing is drawn."""
        return self.temperature == 0


class Decoder(Protocol):
    """A model in the middle of writing: R rows, each after its prompt and the tokens given so far."""

    logits: Tensor
    """[R, V] of the first token."""

    def step(self, tokens: Tensor, number: Tensor, whole: bool) -> Tensor:
        """Take tokens [R] as the number-th ([1] int64, from 0) of each row; give the logits [R, V] of the next.

        `whole` works on the whole cache, for shapes that never change; else on the part that is filled.
        """
        ...

    def keep(self, rows: Tensor) -> None:
        """Go on with these rows [R'] alone."""
        ...


def draw(logits: Tensor, numbers: Tensor, cut: Cut) -> tuple[Tensor, Tensor]:
    """The token [R] that each number [R] in [0, 1) picks from logits [R, V], and its log-probability [R].

    The number is looked up in the cumulated probabilities (of float32 at least). Greedy: see Cut.
    """
    logits = logits.to(torch.promote_types(torch.float32, logits.dtype))
    if cut.greedy:
        tokens = logits.argmax(-1)
    else:
        logits = cut_off(logits / cut.temperature, cut)
        mass = torch.softmax(logits, -1).cumsum(-1)
        wanted = numbers.to(mass.dtype).clamp(0, _TOP)[:, None] * mass[:, -1:]
        tokens = (mass <= wanted).sum(-1)
    return tokens, torch.log_softmax(logits, -1).gather(-1, tokens[:, None]).squeeze(-1)


def cut_off(logits: Tensor, cut: Cut) -> Tensor:
    """Logits with -inf where top_k and then top_p leave nothing; the likeliest token always stays."""
    if 0 < cut.top_k < logits.shape[-1]:
        least = logits.topk(cut.top_k, -1).values[:, -1:]
        logits = logits.masked_fill(logits < least, -torch.inf)
    if cut.top_p < 1:
        ordered, order = logits.sort(-1, descending=True)
        shares = torch.softmax(ordered, -1)
        out = shares.cumsum(-1) - shares >= cut.top_p
        out[:, 0] = False
        logits = logits.masked_fill(torch.zeros_like(out).scatter(-1, order, out), -torch.inf)
    return logits


def generate(decoder: Decoder, draws: Tensor, end: int | Sequence[int], cut: Cut) -> list[Completion]:
    """Write every row until an end token or the last of its numbers (draws [R, max_new]), dropping finished rows."""
    rows, room = _checked(draws)
    ends = torch.tensor([end] if isinstance(end, int) else list(end), device=draws.device)
    ids = torch.empty((rows, room), dtype=torch.int64, device=draws.device)
    logprobs = torch.zeros((rows, room), dtype=torch.float64, device=draws.device)
    running = torch.arange(rows, device=draws.device)  # the row of each row that the decoder still has
    open_ = torch.ones(rows, dtype=torch.bool, device=draws.device)  # of these, which are unfinished
    logits = decoder.logits
    for step in range(room):
        tokens, logp = draw(logits, draws[running, step], cut)
        ids[running, step], logprobs[running, step] = tokens, logp.double()
        open_ &= ~torch.isin(tokens, ends)
        left = int(open_.sum())
        if left == 0 or step + 1 == room:
            break
        if left <= _DROP * len(running):
            kept = open_.nonzero().squeeze(-1)
            decoder.keep(kept)
            running, tokens, open_ = running[kept], tokens[kept], open_[kept]
        logits = decoder.step(tokens, torch.tensor([step], device=draws.device), whole=False)
    return completions(ids, logprobs.to(logits.dtype), ends)


def generate_static(decoder: Decoder, draws: Tensor, end: int | Sequence[int], cut: Cut) -> list[Completion]:
    """The same replies from shapes that never change: on a CUDA device one step is captured and replayed as a graph."""
    _, room = _checked(draws)
    ends = torch.tensor([end] if isinstance(end, int) else list(end), device=draws.device)
    tokens, logp = draw(decoder.logits, draws[:, 0], cut)
    ids = tokens[:, None].repeat(1, room)
    logprobs = logp[:, None].repeat(1, room)
    done = torch.isin(tokens, ends)
    number = torch.zeros(1, dtype=torch.int64, device=draws.device)

    def one() -> None:
        """One token more for every row; all state is written in place."""
        following, score = draw(decoder.step(tokens, number, whole=True), draws.index_select(1, number + 1)[:, 0], cut)
        number.add_(1)
        tokens.copy_(following)
        ids.index_copy_(1, number, following[:, None])
        logprobs.index_copy_(1, number, score[:, None])
        done.logical_or_(torch.isin(following, ends))

    advance = _captured(one, [tokens, ids, logprobs, done, number]) if draws.is_cuda and room > 2 else one
    for step in range(1, room):
        if (not draws.is_cuda or step % _LOOK == 0) and bool(done.all()):
            break
        advance()
    return completions(ids, logprobs, ends)


def completions(ids: Tensor, logprobs: Tensor, ends: Tensor) -> list[Completion]:
    """Rows [R, T] as completions, each up to and with its first end token."""
    over = torch.isin(ids, ends)
    lengths = torch.where(over.any(-1), over.int().argmax(-1) + 1, ids.shape[1]).tolist()
    finished = over.any(-1).tolist()
    return [
        Completion(row[:length].clone(), scores[:length].clone(), "stop" if stop else "length")
        for row, scores, length, stop in zip(ids.cpu(), logprobs.cpu(), lengths, finished, strict=True)
    ]


def _checked(draws: Tensor) -> tuple[int, int]:
    if draws.dim() != 2 or draws.shape[1] < 1:
        raise UsageError(f"draws are [prompts * group, max_new], max_new at least 1, not {list(draws.shape)}")
    return draws.shape[0], draws.shape[1]


def _captured(one: Callable[[], None], state: Sequence[Tensor]) -> Callable[[], None]:
    """`one` as a CUDA graph. It is run to warm up, so what it writes to `state` is put back afterwards."""
    before = [each.clone() for each in state]
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(2):
            one()
            for each, old in zip(state, before, strict=True):
                each.copy_(old)
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        one()
    for each, old in zip(state, before, strict=True):
        each.copy_(old)
    return graph.replay
