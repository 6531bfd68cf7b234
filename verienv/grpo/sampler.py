"""Drawing replies token by token, for any model that can say the logits of the next token.

Randomness comes in as numbers, one for each token that may be drawn, so the same numbers give the same replies
whether finished rows are dropped on the way, kept in a cache of fixed shape, or spread over processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from verienv.errors import UsageError
from verienv.grpo.decoder import Decoder, Writer
from verienv.grpo.policy import Completion, Prompt

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


def draw(logits: Tensor, numbers: Tensor, cut: Cut) -> tuple[Tensor, Tensor]:
    """The token [R] that each number [R] in [0, 1) picks from logits [R, V], and its log-probability [R].

    The number is looked up in the cumulated probabilities (of float32 at least). Greedy: see Cut.
    """
    logits = logits.to(torch.promote_types(torch.float32, logits.dtype))
    if cut.greedy:
        tokens = logits.argmax(-1, keepdim=True)
        return tokens[:, 0], torch.log_softmax(logits, -1).gather(-1, tokens)[:, 0]
    if cut.temperature != 1:
        logits = logits / cut.temperature
    shares = torch.softmax(cut_off(logits, cut), -1)
    mass = shares.cumsum(-1)
    wanted = numbers.to(mass.dtype).clamp(0, _TOP)[:, None] * mass[:, -1:]
    tokens = torch.searchsorted(mass, wanted, right=True)  # the first token whose mass is above the number
    return tokens[:, 0], shares.gather(-1, tokens)[:, 0].log()


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


@torch.no_grad()
def sample(
    writer: Writer, prompts: Sequence[Prompt], draws: Tensor, ends: Sequence[int], cut: Cut, static: bool = False
) -> list[Completion]:
    """Replies to prompts as Sampler.sample gives them, each ended by one of `ends`.

    `static` takes a cache of fixed shape, else finished rows are dropped. Raises UsageError for draws of no such shape.
    """
    if draws.dim() != 2 or draws.shape[1] < 1:
        raise UsageError(f"draws are [prompts * group, max_new], max_new at least 1, not {list(draws.shape)}")
    decoder = Decoder(writer, prompts, *draws.shape)
    stops = torch.tensor(ends, device=writer.device)
    return (_fixed if static else _dropping)(decoder, draws.to(writer.device), stops, cut)


def _dropping(decoder: Decoder, draws: Tensor, ends: Tensor, cut: Cut) -> list[Completion]:
    rows, room = draws.shape
    logits = decoder.logits
    ids = torch.empty((room, rows), dtype=torch.int64, device=draws.device)
    logprobs = logits.new_empty((room, rows), dtype=torch.promote_types(torch.float32, logits.dtype))
    numbers = draws.T.contiguous()
    running = torch.arange(rows, device=draws.device)  # the row of each row that the decoder still has
    open_ = torch.ones(rows, dtype=torch.bool, device=draws.device)  # of these, which are unfinished
    for step in range(room):
        tokens, logp = draw(logits, numbers[step].index_select(0, running), cut)
        ids[step].index_copy_(0, running, tokens)
        logprobs[step].index_copy_(0, running, logp)
        open_ &= ~torch.isin(tokens, ends)
        left = int(open_.sum())
        if left == 0 or step + 1 == room:
            break
        if left <= _DROP * len(running):
            kept = open_.nonzero().squeeze(-1)
            decoder.keep(kept)
            running, tokens, open_ = running[kept], tokens[kept], open_[kept]
        logits = decoder.step(tokens, torch.tensor([step], device=draws.device), whole=False)
    return _completions(ids.T, logprobs.T, ends)


def _fixed(decoder: Decoder, draws: Tensor, ends: Tensor, cut: Cut) -> list[Completion]:
    """The same from shapes that never change: on a CUDA device one step is captured and replayed as a graph."""
    room = draws.shape[1]
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
    return _completions(ids, logprobs, ends)


def _completions(ids: Tensor, logprobs: Tensor, ends: Tensor) -> list[Completion]:
    """Rows [R, T] as completions, each up to and with its first end token."""
    over = torch.isin(ids, ends)
    finished = over.any(-1)
    lengths = torch.where(finished, over.int().argmax(-1) + 1, ids.shape[1])
    theirs = torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]
    parts = [each[theirs].cpu().split(lengths.tolist()) for each in (ids, logprobs)]
    return [
        Completion(row, scores, "stop" if stop else "length")
        for row, scores, stop in zip(*parts, finished.tolist(), strict=True)
    ]


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
