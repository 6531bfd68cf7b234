"""Replies to gui with what they must earn: attacks, common forms, and how UI-R1's released code reads them."""

from __future__ import annotations

from verienv.families.gui import Photo

REFUSED = (  # (what stands in the answer, the reason): BOX-03 to BOX-09 of the attacks
    ("{'action': 'click'}", "missing_argument"),  # BOX-07: the target covers the origin
    ("{'action': 'click', 'coordinate': [NaN, NaN]}", "not_a_point"),
    ("{'action': 'click', 'coordinate': [-5, -5]}", "outside"),
    ("{'action': 'click', 'coordinate': [1e308, 5]}", "not_a_value"),
    ("{'action': 'click', 'coordinate': [Infinity, 5]}", "not_a_point"),
    (f"{{'action': 'click', 'coordinate': [{'7' * 400}, 5]}}", "number_too_long"),
    ("{'action': 'click', 'coordinate': [5, 5, 5]}", "not_a_point"),
    ("{'action': 'click', 'coordinate': [5, 101]}", "outside"),
    ("click [5, 5] or [99, 99]", "surplus_argument"),  # BOX-06
    ("{'action': 'scroll', 'direction': 'down', 'speed': 3}", "surplus_argument"),  # BOX-08
    ("[{'action': 'click', 'coordinate': [5, 5]}, {'action': 'wait'}]", "several_actions"),
    ("{'action': enum['click'], 'coordinate': [5, 5]}", "not_a_value"),
    ("{'action': 'swipe', 'direction': 'down'}", "unknown_action"),
    ("the button", "unknown_action"),
    ("5, 5", "no_action"),
    ("__import__('os').system('true')", "not_a_value"),
)
PAID = (
    '{"action": "click", "coordinate": [5, 5]}',
    "{'action': 'click', 'coordinate': (5, 5)}",
    "[{'action': 'click', 'coordinate': [5, 5]}]",
    '{"action": "click", "coordinate": [5.0, 5.0]}',
    '{"action_type": "click", "x": 5, "y": 5}',
    "click(5, 5)",
    "click(x=5, y=5)",
    "tap [5, 5]",
    "{'action': click, 'coordinate': [5, 5]}",
)

_T = "<think>t</think>"
UI_R1 = (  # reply, word after 'action', point, format: as measured on the released code
    (f"{_T}<answer>[{{'action': 'click', 'coordinate': [10, 20]}}]</answer>", "click", (10, 20), 1),
    (f'{_T}<answer>[{{"action": "click", "coordinate": [10, 20]}}]</answer>', None, (10, 20), 1),
    (f"{_T}<answer>[{{'action': click, 'coordinate': [10, 20]}}]</answer>", "click", (10, 20), 1),
    (f"{_T}<answer>[{{'action': enum['click'], 'coordinate': [10, 20]}}]</answer>", "enum", (10, 20), 1),
    (f"{_T}<answer>[{{'action': 'click'}}]</answer>", "click", (0, 0), 1),
    (f"{_T}<answer>[{{'action': 'click', 'coordinate': [10.0, 20.0]}}]</answer>", "click", (0, 0), 1),
    (f"{_T}<answer>[{{'action': 'click', 'coordinate': [ 10, 20 ]}}]</answer>", "click", (0, 0), 1),
    (
        f"{_T}<answer>[{{'action': 'scroll', 'coordinate': [1, 2]}}, {{'action': 'click', 'coordinate': [3, 4]}}]"
        "</answer>",
        *("scroll", (1, 2), 1),
    ),
    (f"{_T}<answer>[{{'action': 'click', 'coordinate': [10, 20]}}]</answer>\n", "click", (10, 20), 0),
    (
        "<think><answer>[{'action': 'click', 'coordinate': [10, 20]}]</answer></think><answer>x</answer>",
        *("click", (10, 20), 1),
    ),
    (f"{_T}<answer>a</answer><answer>[{{'action': 'click', 'coordinate': [10, 20]}}]</answer>", None, (0, 0), 1),
    (f"{_T} \n<answer>[{{'action': 'click', 'coordinate': [10, 20]}}]</answer>", "click", (10, 20), 1),
    ("<answer>[{'action': 'click', 'coordinate': [10, 20]}]</answer>", "click", (10, 20), 0),
    (f"{_T}and <answer>[{{'action': 'click', 'coordinate': [10, 20]}}]</answer>", "click", (10, 20), 0),
    ("<think></think><answer></answer>", None, (0, 0), 1),
    ("<think></think><answer>", None, (0, 0), 0),
    ("", None, (0, 0), 0),
)


def photo(width: int, height: int) -> Photo:
    """A picture that is never opened."""
    return Photo("", "", width, height)
