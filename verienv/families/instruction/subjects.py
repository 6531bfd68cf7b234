"""What the texts are about: for each subject who is there, what they did, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from verienv.families.instruction.reading import listed


@dataclass(frozen=True, slots=True)
class Subject:
    """`about` stands in the prompt; agents, deeds (in the past) and places make sentences; `own` are its "
    "typical nouns.
    """

    about: str
    agents: tuple[str, ...]
    deeds: tuple[str, ...]
    places: tuple[str, ...]
    own: tuple[str, ...]


def _subject(about: str, agents: str, deeds: str, places: str, own: str) -> Subject:
    return Subject(about, _listed(agents), _listed(deeds), _listed(places), tuple(own.split()))


def _listed(phrases: str) -> tuple[str, ...]:
    return tuple(phrases.split("; "))


SUBJECTS: Final = (
    _subject(
        "a year at a lighthouse",
        "the keeper; the young apprentice; an old sailor; the harbour pilot; a passing captain; the inspector",
        "polished the brass lens; wrote down all ships; climbed the winding stairs; trimmed the wick; waited; "
        "watched the grey waves; painted the iron railing; carried oil to the lamp; rang the fog bell; slept badly; "
        "counted the boats; mended the broken shutter; told long stories; listened to the wind",
        "on the rocky shore; under the tall tower; beside the lamp; at the end of the pier",
        "lens ships stairs waves lamp oil boats wind tower shore",
    ),
    _subject(
        "a busy morning at a street market",
        "the baker; a fishmonger; the flower seller; an early customer; the market warden; a boy with a cart",
        "stacked the fresh loaves; weighed the silver fish; argued over the price; unpacked the crates; smiled; "
        "tasted a ripe plum; swept the cobbles; tied up the roses; called out the offers; shared a warm roll; "
        "hung up the lanterns; counted the coins; borrowed a folding table; fed the pigeons",
        "between the stalls; under the striped awning; by the old fountain; near the bread stand",
        "loaves fish crates plum roses coins stalls fountain price table",
    ),
    _subject(
        "a night train across the mountains",
        "the conductor; a tired student; the engine driver; an elderly couple; the cook; a quiet traveller",
        "checked the tickets; folded down the bunks; poured hot tea; gazed at the dark valley; dozed; "
        "pulled the heavy brake; looked for a seat; shared some bread; read by a small light; hummed a tune; "
        "stowed the suitcases; opened the window; greeted the new guests; talked about the snow",
        "in the dining car; along the narrow corridor; beyond the last tunnel; at the small station",
        "tickets bunks tea valley brake window snow tunnel station corridor",
    ),
    _subject(
        "how a village keeps bees",
        "the beekeeper; her neighbour; a curious child; the schoolteacher; the old gardener; a visitor from town",
        "opened the first hive; held a wooden frame; planted clover; tasted the dark honey; stood still; "
        "filled the glass jars; lit the smoker; followed the swarm; wrote the labels; moved the hives uphill; "
        "built a new stand; watched the busy workers; collected the wax; laughed",
        "behind the orchard; near the lime trees; on the sunny slope; beside the garden wall",
        "hive clover honey jars smoker swarm labels wax orchard garden",
    ),
    _subject(
        "the week after a flood",
        "the mayor; a young firefighter; the shopkeeper; two volunteers; the ferry woman; a retired builder",
        "pumped out the cellar; filled sacks with sand; dried the wet books; handed out blankets; rested; "
        "cleared the muddy road; repaired the wooden bridge; cooked soup for everyone; measured the water; "
        "found a lost dog; hung carpets on the fence; swept the town hall; thanked the helpers; made a plan",
        "along the river; in the lower town; behind the school; on the market square",
        "cellar sacks books blankets road bridge soup water fence river",
    ),
    _subject(
        "a school that grows a garden",
        "the headmistress; a shy pupil; the caretaker; the science teacher; one grandmother; the youngest class",
        "dug the first bed; planted a row of beans; watered the seedlings; drew a map; waited; "
        "built a scarecrow; pulled the weeds; picked red tomatoes; measured the sunflower; made compost; "
        "painted the signs; chased away the crows; baked a pumpkin pie; kept a diary",
        "behind the gym; beside the bicycle shed; next to the pond; along the south wall",
        "bed beans seedlings map scarecrow weeds tomatoes sunflower compost pond",
    ),
    _subject(
        "a hut high in the mountains",
        "the warden; a lost hiker; the weather observer; two climbers; the donkey driver; a botanist",
        "chopped the firewood; melted snow for tea; marked the steep path; dried the wet boots; rested; "
        "studied the clouds; cooked thick porridge; repaired the roof; read the old guest book; pointed at the peak; "
        "carried flour up the trail; heard a distant rumble; sketched a rare flower; closed the shutters",
        "above the tree line; near the glacier; on the wooden terrace; below the summit",
        "firewood path boots clouds porridge roof peak trail flower glacier",
    ),
    _subject(
        "the rehearsal of a small orchestra",
        "the conductor; the first violinist; a nervous flautist; the drummer; the stage hand; an invited composer",
        "tuned the strings; raised a thin baton; missed an entry; copied the score; paused; "
        "dragged the piano aside; repeated the slow movement; broke a bow; counted the bars; tapped on the stand; "
        "praised the horns; asked for silence; dropped a pencil; played the final chord",
        "on the narrow stage; behind the curtain; in the front row; under the dim lights",
        "strings baton score piano bow bars horns silence chord stage",
    ),
    _subject(
        "a ferry that links two islands",
        "the ferryman; a postwoman; the mechanic; a group of tourists; the fisherman; a child with a kite",
        "cast off the ropes; sold the blue tickets; loaded the parcels; started the engine; waved; "
        "steered around the rocks; wiped the wet benches; fed the gulls; looked for dolphins; checked the tide; "
        "told an old legend; painted the hull; tied up at the quay; shared a thermos",
        "between the islands; on the upper deck; near the green buoy; at the stone quay",
        "ropes parcels engine rocks benches gulls tide hull deck quay",
    ),
    _subject(
        "the workshop of a clockmaker",
        "the clockmaker; a patient customer; the new apprentice; a collector; the watchful cat; her brother",
        "cleaned the tiny gears; wound the tall clock; searched for a screw; adjusted the pendulum; listened; "
        "polished the glass; opened a locked drawer; engraved a name; oiled the springs; tested the alarm; "
        "sorted the hands by size; wrapped a pocket watch; noted the hour; sharpened a file",
        "at the workbench; behind the counter; under the magnifier; in the back room",
        "gears clock screw pendulum glass drawer springs alarm watch counter",
    ),
)

KEYWORDS: Final = tuple(
    listed(
        "lantern ladder kettle violet compass blanket walnut anchor marble pepper ribbon saddle magnet candle thistle "
        "basket hammer whistle feather copper button mirror pillow barrel trumpet carpet cushion helmet napkin parrot "
        "puzzle rocket shovel spider tablet teapot tunic turnip wallet wagon zipper banjo cactus domino falcon goblet "
        "harness igloo jigsaw kitten locket mitten nutmeg oyster poodle quiver raisin sandal teacup umbrella velvet"
    )
)
"""Nouns that no sentence uses unless it is told to."""

FORMS: Final = (
    "a short report",
    "a short story",
    "a letter to a friend",
    "an article for a local paper",
    "a diary entry",
)
