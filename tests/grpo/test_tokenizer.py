"""The built-in tokenizer: any text comes back, what varies stays in single symbols, wording becomes few tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verienv
from verienv.errors import UsageError
from verienv.grpo.tokenizer import END, PICTURE, Tokenizer

PROMPTS = [f"Find the {colour} hat, please.\nIt is one of {n} hats & the rest: !A is B." for n, colour in
           enumerate(["red", "blue", "red", "green", "blue", "red", "green", "blue"])]  # fmt: skip
REPLIES = [f"<answer>{n}</answer>" for n in range(8)]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.train([PROMPTS, REPLIES])


def pieces(tokenizer: Tokenizer, text: str) -> list[str]:
    return [tokenizer.decode([each]) for each in tokenizer.encode(text)]


@given(st.text(alphabet=st.characters()))  # lone surrogates too
def test_any_text_comes_back(text):
    tokenizer = Tokenizer.train([PROMPTS, REPLIES])
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert all(PICTURE < each < len(tokenizer) for each in ids)


@given(st.lists(st.integers(0, 300)))
def test_any_ids_are_some_text(ids):
    tokenizer = Tokenizer.train([PROMPTS, REPLIES])
    text = tokenizer.decode([each % len(tokenizer) for each in ids])
    assert type(text) is str


def test_decoding_stops_at_the_end(tokenizer):
    assert tokenizer.decode([*tokenizer.encode("4"), END, *tokenizer.encode("5")]) == "4"


def test_wording_is_a_token_and_what_varies_is_not(tokenizer):
    assert pieces(tokenizer, PROMPTS[3]) == [
        *("Find the", " green", " hat, please.\nIt is one of ", "3", " hats & the rest: !A is B."),
    ]
    assert pieces(tokenizer, REPLIES[5]) == ["<answer>", "5", "</answer>"]


def test_no_piece_holds_a_digit_and_more(tokenizer):
    assert not [each for each in tokenizer.pieces if len(each) > 1 and any(map(str.isdigit, each))]
    with pytest.raises(UsageError, match="digit"):
        Tokenizer(["a", "level 3"])


def test_a_capital_that_varies_is_never_swallowed():
    texts = [f"Is it {letter}? Write the letter." for letter in "ABBABBBB"]
    assert pieces(Tokenizer.train([texts]), texts[0]) == ["Is it", " ", "A", "? Write the letter."]


def test_a_negated_capital_is_one_token():
    texts = ["solve !A B", "solve A !B", "solve !A !B", "solve !B A"]
    assert pieces(Tokenizer.train([texts]), "solve !B!A") == ["solve ", "!B", "!A"]


def test_the_same_texts_give_the_same_tokenizer_and_its_config_gives_it_back(tokenizer):
    assert Tokenizer.train([PROMPTS, REPLIES]).config == tokenizer.config
    assert Tokenizer.from_config(tokenizer.config).encode(PROMPTS[0]) == tokenizer.encode(PROMPTS[0])


@pytest.mark.parametrize("bad", [["a", "a"], [""]])
def test_a_table_that_is_none_is_refused(bad):
    with pytest.raises(UsageError):
        Tokenizer(bad)


@pytest.mark.parametrize(("name", "longest"), [("sat", 40), ("temporal", 120)])
def test_a_familys_prompts_are_short_and_its_replies_learnable(name, longest):
    task = verienv.load(name)
    instances = [task.instance(0, seed=1, index=index) for index in range(48)]
    prompts = ["".join(part for part in each.prompt if isinstance(part, str)) for each in instances]
    replies = [task.oracle(each) for each in instances]
    tokenizer = Tokenizer.train([prompts, replies])
    assert max(len(tokenizer.encode(each)) for each in prompts) <= longest < min(map(len, prompts)) / 2
    for reply in replies:
        answer = reply.removeprefix("<answer>").removesuffix("</answer>")
        assert pieces(tokenizer, reply) == ["<answer>", *answer, "</answer>"]
