"""Plain words by kind, for texts in which every word has to fit: adjectives, nouns in the plural, verbs, adverbs.

`sentences` strings them together, adjectives before nouns before verbs, by depth-first search over what fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from verienv.families.instruction.maker import Stuck
from verienv.families.instruction.reading import listed

ADJECTIVES: Final = listed(
    "able ancient brave bright brown busy calm clever cold crisp dark deep distant dry dusty early eager empty "
    "faint fast fierce fresh friendly gentle golden grand gray green happy harsh heavy honest humble icy idle "
    "inner jolly just keen kind large late light little lonely long lost loud lucky mild misty modest narrow neat "
    "new noble odd old open orange pale patient plain polite proud quick quiet quaint rare rich round royal rusty "
    "sharp short shy silent simple slow small soft spare strong tall thick thin tired tough true ugly unusual "
    "useful vast vivid warm weary wet wide wild wise xenial yellow young youthful zealous zany"
)
NOUNS: Final = listed(
    "actors apples artists bakers birds boats brothers bridges captains cats children clocks dancers doctors dogs "
    "dreams drums eagles elders engines falls farmers fields fishers flags flocks friends gardens ghosts gifts "
    "guests harps hills horses hunters inns islands items jars jewels judges keepers kings kites knights ladders "
    "lamps lanterns lions lords maps masts merchants moons mothers neighbours nights nuns nurses oaks oceans "
    "officers owls paths pilots plants poets queens quilts quests rafts ravens rivers roads roofs sailors scarves "
    "scouts ships songs stars storms swans teachers tents towns trees trunks uncles umbrellas urns valleys "
    "villages violins visitors walls waves wells winds witches xylophones yachts yards zebras zones"
)
VERBS: Final = listed(
    "admired asked avoided backed blessed brought built called carried caught crossed cut decorated discovered "
    "drew dropped earned echoed entered enjoyed examined feared fetched followed found gave gathered greeted "
    "guarded helped held hid ignored inspected invited joined judged jumped kept kicked knew led left liked lost "
    "loved marked measured met missed moved named needed noticed obeyed observed offered opened painted passed "
    "praised pulled pushed quit quizzed quoted raised reached rescued saved searched sketched sold spotted "
    "stopped taught tested thanked thought touched traced understood united used valued viewed visited wanted "
    "warmed watched won wrapped yelled yielded zapped zoomed"
)
ADVERBS: Final = listed(
    "again always badly bravely briskly calmly clearly daily deftly early easily fast firmly gently gladly "
    "happily here inside idly jointly justly kindly lately loudly madly meekly mildly never neatly nightly often "
    "oddly openly outside partly plainly proudly quickly quietly rarely readily sadly safely shortly silently "
    "slowly softly soon still swiftly today together truly twice unusually vividly warmly widely wildly wisely "
    "yearly yesterday yonder zealously"
)
BUDGET: Final = 30_000

Fits = Callable[[int, str, Sequence[str]], bool]

_WORDS: Final = {"a": ADJECTIVES, "n": NOUNS, "v": VERBS, "d": ADVERBS}
_AFTER: Final = {
    "subject": {"a": "subject", "n": "named"},
    "named": {"v": "object", "d": "ready"},
    "ready": {"v": "object"},
    "object": {"a": "object", "n": "whole"},
    "whole": {"d": "closed"},
    "closed": {},
}
"""What kind of word may follow in a sentence, and where that leads: old kings quietly left large gardens early."""
_MISSING: Final = {"subject": 3, "named": 2, "ready": 2, "object": 1, "whole": 0, "closed": 0}


def sentences(rng: Random, sizes: Sequence[int], fits: Fits) -> list[list[str]]:
    """Sentences of so many words; word `place` of all must satisfy `fits(place, word, words before)`. Raises Stuck."""
    left = [size - at for size in sizes for at in range(size)]  # words to come in this sentence, this one included
    begins = [at == 0 for size in sizes for at in range(size)]
    budget = BUDGET
    said: list[str] = []
    states = ["subject"]
    choices = [_choices(rng, "subject", left[0])]
    while choices:
        place = len(said)
        found = None
        for word, state in choices[-1]:
            budget -= 1
            if budget < 0:
                raise Stuck("no such words within the budget")
            if word not in said[-16:] and fits(place, word, said):
                found = word, state
                break
        if found is None:
            choices.pop()
            states.pop()
            if said:
                said.pop()
            continue
        said.append(found[0])
        if len(said) == len(left):
            return _split(said, sizes)
        states.append("subject" if begins[len(said)] else found[1])
        choices.append(_choices(rng, states[-1], left[len(said)]))
    raise Stuck("no such words")


def said(groups: Sequence[Sequence[str]]) -> str:
    """The sentences as a text."""
    return " ".join(f"{' '.join(group).capitalize()}." for group in groups)


def _choices(rng: Random, state: str, left: int) -> Iterator[tuple[str, str]]:
    """The words that may come next, in random order, each with where it leads."""
    offered = [
        (word, then)
        for kind, then in _AFTER[state].items()
        if _MISSING[then] <= left - 1 and (then != "closed" or left == 1)
        for word in _WORDS[kind]
    ]
    rng.shuffle(offered)
    return iter(offered)


def _split(words: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    found, at = [], 0
    for size in sizes:
        found.append(list(words[at : at + size]))
        at += size
    return found
