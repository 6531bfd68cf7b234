"""From constraints to a text that keeps them: a plan collects what is asked, and the text is made to measure.

Frames, wrappings and transformations are put around sentences of exact length; the whole is measured, the number of
words and sentences corrected by what is amiss, and made again, a bounded number of times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from verienv.families.instruction import reading
from verienv.families.instruction.maker import Maker, Spec, Stuck
from verienv.families.instruction.reading import Text
from verienv.families.instruction.subjects import Subject

ROUNDS: Final = 8
LONGEST: Final = 24
"""Words of a sentence, where nothing asks for more."""


@dataclass
class Plan:
    """What a text must have; constructors write into it."""

    subject: Subject
    rng: Random
    words: tuple[int, int] = (0, 10**6)
    sentences: tuple[int, int] = (1, 10**6)
    paragraphs: int = 0  # 0: as it comes
    banned: set[str] = field(default_factory=set)  # words
    letters: set[str] = field(default_factory=set)  # letters that must not stand anywhere
    fits: list[Callable[[str], bool]] = field(default_factory=list)
    follows: list[Callable[[list[str], list[str]], bool]] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)  # tails, each for a sentence of its own choice
    at: dict[int, Spec] = field(default_factory=dict)  # by position, from 1, or from -1 backwards
    opens: dict[int, str] = field(default_factory=dict)  # the first word of a paragraph, from 1
    sizes: Callable[[int, Random], list[int]] | None = None  # words of each of so many sentences
    marks: Callable[[int], list[str]] | None = None  # end marks of so many sentences
    layout: Callable[[list[list[str]]], str] | None = None  # paragraphs of sentences to text
    body: Callable[[Plan], str] | None = None  # instead of sentences
    finish: list[tuple[int, Callable[[str], str]]] = field(default_factory=list)  # by rank

    def need_words(self, low: int, high: int) -> None:
        """Narrow the number of words."""
        self.words = max(self.words[0], low), min(self.words[1], high)

    def need_sentences(self, low: int, high: int = 10**6) -> None:
        """Narrow the number of sentences."""
        self.sentences = max(self.sentences[0], low), min(self.sentences[1], high)

    def mention(self, word: str, count: int = 1) -> None:
        """Let a noun stand in so many sentences."""
        ways = ("near the {}", "beside the {}", "with the {}", "behind the {}", "without the {}")
        self.mentions += [self.rng.choice(ways).format(word) for _ in range(count)]

    def spec(self, position: int) -> Spec:
        """The sentence at a position, to be written into."""
        return self.at.setdefault(position, Spec())

    def maker(self) -> Maker:
        """A maker of sentences that keep what is banned out."""
        return Maker(self.subject, self.rng, self._fits, self.follows)

    def _fits(self, phrase: str) -> bool:
        low = phrase.lower()
        if self.letters and not self.letters.isdisjoint(low):
            return False
        if self.banned and not self.banned.isdisjoint(map(reading.bare, low.split())):
            return False
        return all(fit(low) for fit in self.fits)


def compose(plan: Plan) -> str:
    """A text to the plan's measure. Raises Stuck."""
    if plan.words[0] > plan.words[1] or plan.sentences[0] > plan.sentences[1]:
        raise Stuck("counts that exclude each other")
    count = _sentences(plan)
    low, high = plan.words
    limited = low > 0 or high < 10**6
    aim = _aim(plan, count) if limited else None
    shown, told = count, aim
    for _ in range(ROUNDS):
        text = render(plan, shown, told)
        found = Text(text)
        words, sentences = len(found.words), len(found.sentences)
        if low <= words <= high and plan.sentences[0] <= sentences <= plan.sentences[1]:
            return text
        if plan.body is not None:
            continue
        if sentences > plan.sentences[1]:
            shown -= sentences - plan.sentences[1]
        elif sentences < plan.sentences[0]:
            shown += plan.sentences[0] - sentences
        if told is not None and aim is not None:
            told += aim - words
        if shown < 1 or (told is not None and told < 1):
            break
    raise Stuck("no text of that measure")


def render(plan: Plan, count: int, words: int | None) -> str:
    """A text of so many sentences, and of so many words if that is given. Raises Stuck."""
    if plan.body is not None:
        text = plan.body(plan)
    else:
        groups = grouped(plan, count)
        made = written(plan, groups, words)
        layout = plan.layout or plain
        text = layout(made)
    for _, change in sorted(plan.finish, key=lambda each: each[0]):
        text = change(text)
    return text


def plain(paragraphs: list[list[str]]) -> str:
    """Paragraphs with a blank line between."""
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def grouped(plan: Plan, count: int) -> list[int]:
    """How many sentences each paragraph has."""
    number = plan.paragraphs or (1 if count < 8 else 2)
    if number > count:
        raise Stuck("fewer sentences than paragraphs")
    cuts = sorted(plan.rng.sample(range(1, count), number - 1))
    return [end - start for start, end in zip([0, *cuts], [*cuts, count], strict=True)]


def written(plan: Plan, groups: Sequence[int], words: int | None) -> list[list[str]]:
    """The sentences of each paragraph."""
    specs = _specs(plan, groups)
    if plan.sizes is not None:
        sizes = plan.sizes(len(specs), plan.rng)
        specs = [replace(spec, words=size) for spec, size in zip(specs, sizes, strict=True)]
    elif words is not None:
        specs = _measured(plan, specs, words)
    maker = plan.maker()
    before: list[str] = []
    made: list[list[str]] = []
    place = 0
    for group in groups:
        made.append([])
        for spec in specs[place : place + group]:
            made[-1].append(maker.sentence(spec, before))
            before = [reading.bare(word) for word in reading.words(made[-1][-1])]
        place += group
    return made


def _specs(plan: Plan, groups: Sequence[int]) -> list[Spec]:
    count = sum(groups)
    specs = [Spec() for _ in range(count)]
    for position, spec in plan.at.items():
        if not -count <= position <= count:
            raise Stuck("fewer sentences than a position asks for")
        where = position - 1 if position > 0 else count + position
        if specs[where] != Spec():
            raise Stuck("one sentence for two")
        specs[where] = replace(spec, tails=list(spec.tails))
    starts = [sum(groups[:place]) for place in range(len(groups))]
    for number, word in plan.opens.items():
        if number > len(starts) or specs[starts[number - 1]].text or specs[starts[number - 1]].first:
            raise Stuck("no paragraph to open")
        specs[starts[number - 1]].first = word
    if plan.marks is not None:
        for spec, mark in zip(specs, plan.marks(count), strict=True):
            spec.mark = mark
    free = [spec for spec in specs if not spec.text and spec.words is None and not spec.ending]
    if plan.mentions and not free:
        raise Stuck("no sentence to mention things in")
    for place, tail in enumerate(plan.rng.sample(plan.mentions, len(plan.mentions))):
        free[place % len(free)].tails.append(tail)
    return specs


def _least(spec: Spec) -> int:
    """Words below which a sentence is hardly found."""
    extra = sum(len(tail.split()) for tail in (*spec.tails, spec.ending, spec.first))
    return extra + 4 + max(0, len(spec.agent.split()) - 2) + (4 if spec.mark.startswith("?") else 0)


def _measured(plan: Plan, specs: list[Spec], words: int) -> list[Spec]:
    """The specs with so many words in all."""
    free = [place for place, spec in enumerate(specs) if not spec.text and spec.words is None]
    sizes = [
        len(reading.words(spec.text)) if spec.text else spec.words if spec.words is not None else _least(spec)
        for spec in specs
    ]
    left = words - sum(sizes)
    if left < 0 or (left and not free):
        raise Stuck("more to say than there are words")
    room = [place for place in free for _ in range(LONGEST - 6)]
    plan.rng.shuffle(room)
    for place in (room + free * left)[:left]:
        sizes[place] += 1
    return [spec if spec.text else replace(spec, words=size) for spec, size in zip(specs, sizes, strict=True)]


def _sentences(plan: Plan) -> int:
    """How many sentences to begin with."""
    low, high = plan.sentences
    behind = sum(position < 0 for position in plan.at)
    least = max(low, plan.paragraphs, max([0, *plan.at]) + behind, 1)
    if plan.words[0] > 0:
        wish = round(plan.words[0] / 11)
    elif plan.words[1] < 10**6:
        wish = round(plan.words[1] / 14)
    else:
        wish = plan.rng.randint(5, 8)
    most = max(least, plan.words[1] // 7)
    wish = max(wish, (len(plan.mentions) + 1) // 2)
    return min(max(wish, least), max(most, least), high)


def _aim(plan: Plan, count: int) -> int:
    low, high = plan.words
    if high >= 10**6:
        return low + plan.rng.randint(0, 8)
    if low == 0:
        return max(1, high - plan.rng.randint(0, max(0, high // 4)))
    return plan.rng.randint(low, high)
