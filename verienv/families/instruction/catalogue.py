"""Every kind of constraint by its name, and the groups that knobs choose from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from verienv.families.instruction import (
    frames,
    keywords,
    languages,
    layouts,
    lengths,
    marks,
    neighbours,
    tables,
    wording,
)
from verienv.families.instruction.rules import Rule

_MODULES: Final = (keywords, lengths, marks, layouts, frames, wording, neighbours, tables, languages)
RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.kind: rule for module in _MODULES for rule in module.RULES})

_IFEVAL: Final = (
    *("keywords:existence", "keywords:frequency", "keywords:forbidden_words", "keywords:letter_frequency"),
    "language:response_language",
    *("length_constraints:number_sentences", "length_constraints:number_paragraphs", "length_constraints:number_words"),
    *("length_constraints:nth_paragraph_first_word", "detectable_content:number_placeholders"),
    *("detectable_content:postscript", "detectable_format:number_bullet_lists"),
    *("detectable_format:constrained_response", "detectable_format:number_highlighted_sections"),
    *("detectable_format:multiple_sections", "detectable_format:json_format", "detectable_format:title"),
    *("combination:two_responses", "combination:repeat_prompt", "startend:end_checker", "startend:quotation"),
    *("change_case:capital_word_frequency", "change_case:english_capital", "change_case:english_lowercase"),
    "punctuation:no_comma",
)
_LIGHT_IF: Final = (
    *("combination:repeat_prompt", "detectable_format:number_highlighted_sections"),
    *("length_constraints:number_words", "count:word_count_range", "detectable_content:number_placeholders"),
    *("detectable_format:number_bullet_lists", "change_case:capital_word_frequency", "keywords:existence"),
    *("keywords:frequency", "keywords:forbidden_words", "length_constraints:number_sentences"),
    *("keywords:letter_frequency", "length_constraints:number_paragraphs", "length_constraints:blank_line_paragraphs"),
    *("startend:end_checker", "length_constraints:nth_paragraph_first_word"),
)
_OURS: Final = (
    *("first_word:first_word_answer", "last_word:last_word_answer", "length_constraints:blank_line_paragraphs"),
    *("punctuation:punctuation_exclamation", "sentence:length"),
)
_IFBENCH: Final = tuple(kind for kind in RULES if kind not in _IFEVAL and kind not in _OURS)
_MIXED: Final = tuple(kind for kind, rule in RULES.items() if "whole" not in rule.tags)
POOLS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "any": tuple(RULES),
        "mixed": _MIXED,
        "ifeval": _IFEVAL,
        "ifbench": _IFBENCH,
        "light_if": _LIGHT_IF,
        "seen": tuple(kind for place, kind in enumerate(sorted(RULES)) if place % 4),
        "unseen": tuple(kind for place, kind in enumerate(sorted(RULES)) if not place % 4),
    }
)
"""Groups of kinds. `mixed` leaves out those that say all of a text; `seen` and `unseen` share none."""
