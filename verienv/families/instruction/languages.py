"""Texts in other languages: a small grammar of each, and a reader that tells them apart by their commonest words.

What counts is the share of words that are among a language's function words: one in seven at least, and more than in
any other of these languages. Languages in scripts of their own also need their letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from verienv.families.instruction.composing import Plan
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.rules import APART, WHOLE, Rule, rule

LEAST: Final = 12


@dataclass(frozen=True, slots=True)
class Language:
    """Its name; who, what and where make a sentence; `small` are its function words, `letters` those of its "
    "own script.
    """

    name: str
    who: tuple[str, ...]
    did: tuple[str, ...]
    where: tuple[str, ...]
    small: frozenset[str]
    letters: tuple[str, str] = ("", "")

    def sentence(self, rng: Random) -> str:
        """A sentence."""
        said = f"{rng.choice(self.who)} {rng.choice(self.did)} {rng.choice(self.where)}"
        return f"{said[0].upper()}{said[1:]}."


def _language(name: str, who: str, did: str, where: str, small: str, letters: tuple[str, str] = ("", "")) -> Language:
    who_, did_, where_ = (tuple(part.split("; ")) for part in (who, did, where))
    return Language(name, who_, did_, where_, frozenset(small.split()), letters)


LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        "de": _language(
            "German",
            "der alte Mann; die Nachbarin; ein kleines Kind; der Bäcker; die Lehrerin; mein Bruder",
            "wartete; las das Buch; kochte eine Suppe; trug den Korb; sprach mit den Leuten; schloss die Tür",
            "in der Küche; auf dem Markt; vor dem Haus; am Morgen; bei dem Fluss; mit der Tochter",  # codespell:ignore
            "der die das den dem des ein eine einen einem einer und oder aber nicht ist war "  # codespell:ignore
            "sind waren hat hatte mit von zu in im auf am an bei vor nach aus für es er sie wir "  # codespell:ignore
            "ihr ich mein dass als wie auch noch nur sich",  # codespell:ignore
        ),
        "fr": _language(
            "French",
            "le vieux gardien; la voisine; un enfant; le boulanger; ma sœur; les marins",
            "attendait; lisait un livre; préparait la soupe; regardait les vagues; parlait avec "
            "le maire; fermait la porte",
            "dans la cuisine; sur le marché; devant la maison; près de la rivière; avec une lampe; pendant la nuit",
            "le la les un une des du de et ou mais ne pas est était sont avec pour par sur dans "
            "en au aux ce cette il elle ils elles nous vous je ma mon sa son ses que qui où "
            "plus très devant près pendant",
        ),
        "es": _language(
            "Spanish",
            "el viejo guardián; la vecina; un niño; el panadero; mi hermana; los marineros",
            "esperaba; leía un libro; preparaba la sopa; miraba las olas; hablaba con el alcalde; cerraba la puerta",
            "en la cocina; en el mercado; delante de la casa; cerca del río; con una lámpara; durante la noche",
            "el la los las un una unos de del y o pero no es era son con para por sobre en al "
            "este esta él ella ellos yo mi su sus que quien donde más muy delante cerca durante "
            "lo se",
        ),
        "it": _language(
            "Italian",
            "il vecchio guardiano; la vicina; un bambino; il fornaio; mia sorella; gli amici",
            "aspettava; leggeva il libro; preparava la minestra; guardava le onde; parlava con "
            "il sindaco; chiudeva la porta",
            "nella cucina; al mercato; davanti alla casa; vicino al fiume; con una lampada; durante la notte",
            "il lo la gli le un una uno di del della dei e o ma non è era sono con per su nel "
            "nella al alla questo questa lui lei loro io mia mio suo che chi dove più molto "
            "davanti vicino durante",
        ),
        "nl": _language(
            "Dutch",
            "de oude wachter; het kind; een buurvrouw; de bakker; mijn broer; de zeelui",
            "wachtte; las een boek; kookte de soep; keek naar het water; sprak met de mensen; sloot de deur",
            "in de keuken; op de markt; voor het huis; bij de rivier; met een lamp; in het donker",
            "de het een en of maar niet is was zijn waren met van te in op aan bij voor na uit "
            "naar er hij zij wij ik mijn dat als ook nog maar zich die dit deze",  # codespell:ignore
        ),
        "pt": _language(
            "Portuguese",
            "o velho guarda; a vizinha; um menino; o padeiro; minha irmã; os marinheiros",
            "esperava; lia um livro; preparava a sopa; olhava as ondas; falava com o prefeito; fechava a porta",
            "na cozinha; no mercado; diante da casa; perto do rio; com uma lanterna; durante a noite",
            "o a os as um uma uns de do da dos das e ou mas não é era são com para por sobre em "
            "no na ao este esta ele ela eles eu minha meu seu sua que quem onde mais muito "  # codespell:ignore
            "diante perto durante se",
        ),
        "ru": _language(
            "Russian",
            "старый сторож; соседка; маленький мальчик; пекарь; моя сестра; наш друг",
            "ждал и молчал; читал книгу и не спал; нёс корзину; смотрел на волны; говорил с людьми; не закрыл дверь",
            "на кухне; на рынке; у дома; около реки и леса; с фонарём в руке; в ту ночь",
            "и в на не с у о что как он она они мы я моя мой наш это но а из за от до около по ту к же бы",
            ("а", "я"),
        ),
    }
)


def spoken(text: Text) -> str:
    """The code of the language that a text is written in, or nothing."""
    words = text.bare
    if len(words) < LEAST:
        return ""
    shares = {code: sum(word in each.small for word in words) for code, each in LANGUAGES.items()}
    shares["en"] = sum(word in _ENGLISH for word in words)
    best = max(shares, key=lambda code: shares[code])
    if 7 * shares[best] < len(words) or sorted(shares.values())[-2] == shares[best]:
        return ""
    low, high = LANGUAGES[best].letters if best in LANGUAGES else ("", "")
    letters = [mark for mark in text.lower if mark.isalpha()]
    own = sum(low <= mark <= high or mark == "ё" for mark in letters) if low else len(letters)
    return best if 10 * own >= 9 * len(letters) else ""


_ENGLISH: Final = frozenset(
    listed(
        "the a an and or but not is was are were with of to in on at by for from he she it they we i my that this as "
        "his her"
    )
)


def _in_language(text: Text, code: str) -> bool:
    return spoken(text) == code


def _build_language(plan: Plan, code: str) -> None:
    language = LANGUAGES[code]

    def write(plan: Plan) -> str:
        found: list[str] = []
        while len(" ".join(found).split()) < LEAST + 8:
            found.append(language.sentence(plan.rng))
        return " ".join(dict.fromkeys(found))

    plan.body = write


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "language:response_language",
        lambda setting: (setting.rng.choice(sorted(LANGUAGES)),),
        lambda code: (
            f"Write in {LANGUAGES[code].name}, and in no other language; {LEAST} words or more.",
            f"The text must be in {LANGUAGES[code].name} throughout, and have at least {LEAST} words.",
        ),
        _in_language,
        _build_language,
        slots=WHOLE,
        avoid=APART,
        local=True,
    ),
)
