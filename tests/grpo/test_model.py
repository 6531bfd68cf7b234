"""The built-in policy: what was sampled scores as it was sampled, padding is invisible, pictures are seen."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

from verienv.errors import MissingExtra, UnknownName, UsageError
from verienv.grpo import model, pictures, policy
from verienv.grpo.model import Size, SmallPolicy
from verienv.grpo.pictures import Grid
from verienv.grpo.policy import Prompt
from verienv.grpo.tokenizer import END, PICTURE, Tokenizer

LETTERS = Tokenizer([chr(code) for code in range(97, 123)])
GRID = Grid(rows=2, columns=3, size=4)


def make(kind: torch.dtype = torch.float64, sharpen: float = 2.0, **given: Any) -> SmallPolicy:
    made = SmallPolicy(LETTERS, Size(width=32, layers=2, heads=2), GRID, seed=1, **given)
    with torch.no_grad():
        made.table.weight.mul_(sharpen)  # a trained model is far from uniform
        usual = made.read(ragged(made)).last.mean(0)
        made.table.weight[END] = 6 * usual / usual.norm() ** 2  # so that replies end, at different lengths
    made.to(kind)
    return made


def ragged(made: SmallPolicy) -> list[Prompt]:
    """Prompts of many lengths, some with one picture or two."""
    red, blue = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (9, 50), "blue")
    return [
        *(made.encode(["abcdefg"[:length]]) for length in (1, 4, 7)),
        made.encode([red, "ab"]),
        made.encode(["a", red, "b", blue, "c"]),
    ]


def draws(rows: int, room: int, kind: torch.dtype = torch.float64) -> Tensor:
    return torch.rand((rows, room), dtype=kind, generator=torch.Generator().manual_seed(5))


def furthest(made: SmallPolicy, prompts: list[Prompt], group: int, room: int, temperature: float = 1.0) -> float:
    """The largest distance between sampled and scored log-probabilities."""
    found = made.sample(prompts, draws(len(prompts) * group, room), temperature=temperature)
    scored = made.logprobs([each for each in prompts for _ in range(group)], [each.ids for each in found], temperature)
    assert len({len(each.ids) for each in found}) > 1
    return max(
        float((row[: len(each.ids)].detach() - each.logprobs).abs().max())
        for row, each in zip(scored.logprobs, found, strict=True)
    )


@pytest.mark.parametrize(("kind", "bound"), [(torch.float32, 1e-4), (torch.float64, 1e-9)])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
@pytest.mark.parametrize("static", [False, True])
def test_what_is_sampled_scores_as_it_was_sampled(kind, bound, temperature, static):
    made = make(kind, static=static)
    assert furthest(made, ragged(made), 4, 12, temperature=temperature) < bound


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_on_either_side_changes_nothing(side, monkeypatch):
    """Prompts padded left or right, and completions right, in one batch and one by one."""
    made = make()
    prompts = ragged(made)
    completions = [torch.tensor(row) for row in ([3, 4, 5, END], [6, END], [7], [8, 9, END], [END])]
    alone = [
        made.logprobs([prompt], [completion]) for prompt, completion in zip(prompts, completions, strict=True)
    ]  # nothing is padded here
    plain = SmallPolicy.read
    monkeypatch.setattr(SmallPolicy, "read", lambda self, given: plain(self, given, side))
    together = made.logprobs(prompts, completions)
    for row, one in enumerate(alone):
        length = len(completions[row])
        for field, single in zip(together, one, strict=True):
            torch.testing.assert_close(field[row, :length], single[0], atol=1e-9, rtol=0)
            assert not field[row, length:].any()
    assert furthest(made, prompts, 3, 9) < 1e-9


def test_padding_is_finite_and_has_no_gradient():
    made = make()
    long, short = made.encode(["abcdefg"]), made.encode(["z"])
    scored = made.logprobs([long, short], [torch.tensor([5, END]), torch.tensor([6, END])])
    (scored.logprobs * torch.tensor([[0.0, 0.0], [1.0, 1.0]])).sum().backward()
    alone = make()
    alone.logprobs([alone.encode(["z"])], [torch.tensor([6, END])]).logprobs.sum().backward()
    for (name, one), (_, other) in zip(made.named_parameters(), alone.named_parameters(), strict=True):
        if one.grad is None:
            assert other.grad is None, name
            continue
        assert torch.isfinite(one.grad).all(), name
        torch.testing.assert_close(one.grad, other.grad, atol=1e-12, rtol=1e-9, msg=name)


@pytest.mark.parametrize("beside", [0, 64])  # replies to one prompt in rows of their own, and side by side in one
def test_a_shared_prompt_has_the_gradient_of_prompts_apart(beside, monkeypatch):
    monkeypatch.setattr(model, "BESIDE", beside)
    completions = [torch.tensor([3, 4, END]), torch.tensor([5, END]), torch.tensor([6, 7, 8])]
    slopes = torch.tensor([[1.0, -0.5, 2.0], [0.3, 0.7, 0.0], [-1.0, 0.1, 0.2]], dtype=torch.float64)
    gradients = []
    for shared in (True, False):
        made = make()
        prompt = made.encode([Image.new("RGB", (8, 8), "green"), "abc"])
        prompts = [prompt] * 3 if shared else [Prompt(prompt.ids, prompt.images) for _ in range(3)]
        (made.logprobs(prompts, completions).logprobs * slopes).sum().backward()
        gradients.append([each.grad for each in made.parameters()])
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=1e-9)


def test_the_scores_are_a_distribution_with_its_entropy():
    made = make()
    prompt = made.encode(["abc"])
    scored = made.logprobs([prompt] * len(LETTERS), [torch.tensor([each]) for each in range(len(LETTERS))], 0.8)
    shares = scored.logprobs[:, 0].detach().exp()
    assert float(shares.sum()) == pytest.approx(1)
    assert float(scored.entropy[0, 0]) == pytest.approx(float(-(shares * shares.log()).sum()))
    assert not scored.entropy.requires_grad


def test_the_end_token_is_trained():
    made = make()
    prompt, reply = made.encode(["abc"]), torch.tensor([4, END])
    before = made.logprobs([prompt], [reply]).logprobs[0, 1]
    before.backward()
    with torch.no_grad():
        for each in made.parameters():
            if each.grad is not None:
                each.add_(each.grad, alpha=1e-3)
    assert made.logprobs([prompt], [reply]).logprobs[0, 1] > before


def test_order_of_text_matters_and_future_tokens_do_not():
    made = make()
    target = torch.tensor([20])
    one, other = (made.logprobs([made.encode([text])], [target]).logprobs for text in ("ab", "ba"))
    assert not torch.allclose(one, other)
    longer = made.logprobs([made.encode(["ab"])], [torch.tensor([20, 21, END])]).logprobs
    torch.testing.assert_close(longer[:, :1], one)


def test_pictures_and_their_places_are_seen():
    made = make()
    plain = Image.new("RGB", (30, 20), "white")
    target = torch.tensor([20])
    seen = []
    for spot in (None, (0, 0), (20, 10)):
        image = plain.copy()
        if spot is not None:
            image.paste("red", (*spot, spot[0] + 10, spot[1] + 10))
        prompt = made.encode([image, "a"])
        assert prompt.ids.count(PICTURE) == 6
        assert prompt.images.shape == (6, 48)
        seen.append(made.logprobs([prompt], [target]).logprobs.item())
    assert len({round(each, 9) for each in seen}) == 3


def test_a_picture_is_cut_into_patches_row_by_row():
    image = Image.new("RGB", (12, 8))  # columns of 4, rows of 4: nothing is resized
    for patch in range(6):
        left, top = patch % 3 * 4, patch // 3 * 4
        image.paste((40 * patch, 0, 255), (left, top, left + 4, top + 4))
    cut = pictures.patches(image, GRID)
    assert cut.dtype == torch.float32
    colours = cut.view(6, 16, 3)
    for patch in range(6):
        torch.testing.assert_close(
            colours[patch], torch.tensor([40 * patch / 127.5 - 1, -1.0, 1.0]).expand(16, 3), atol=1e-6, rtol=0
        )


def test_weights_begin_by_fan_in():
    made = SmallPolicy(LETTERS, Size(width=64, layers=2, heads=4), GRID)
    for name, each in made.named_parameters():
        if each.dim() == 2 and each.numel() > 1000:
            assert float(each.detach().std()) == pytest.approx(each.shape[1] ** -0.5, rel=0.1), name
    again, other = (SmallPolicy(LETTERS, Size(), GRID, seed=seed).state_dict() for seed in (0, 1))
    assert all(torch.equal(again[key], made.state_dict()[key]) for key in again)
    assert not torch.equal(again["table.weight"], other["table.weight"])


def test_a_policy_is_built_again_from_its_config():
    made = make(torch.float32, checkpointing=True)
    again = policy.build(json.loads(json.dumps(made.config)))
    assert again.config == made.config
    again.load_state_dict(made.state_dict())
    prompt, reply = made.encode(["abc"]), torch.tensor([4, END])
    assert torch.equal(*(each.logprobs([prompt], [reply]).logprobs for each in (made, again)))
    assert isinstance(again, policy.Policy)
    with pytest.raises(UnknownName, match="Known: hf, small, vllm"):
        policy.build({"kind": "big"})


def test_making_activations_again_gives_the_same_gradient():
    gradients = []
    for checkpointing in (False, True):
        made = make(checkpointing=checkpointing)
        prompts = ragged(made)
        made.logprobs(prompts, [torch.tensor([3, 4, END])] * len(prompts)).logprobs.sum().backward()
        gradients.append([each.grad for each in made.parameters()])
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, atol=0, rtol=0)


def test_bfloat16_products_leave_float32_weights_and_scores_near():
    made = make(torch.float32, sharpen=1.0)
    prompts = ragged(made)
    completions = [torch.tensor([3, 4, END])] * len(prompts)
    full = made.logprobs(prompts, completions).logprobs
    made.autocast = True
    half = made.logprobs(prompts, completions).logprobs
    assert half.dtype == torch.float32
    assert 0 < (full - half).abs().max().item() < 0.1
    half.sum().backward()
    assert {each.grad.dtype for each in made.parameters() if each.grad is not None} == {torch.float32}
    found = made.sample(prompts, draws(len(prompts), 6, torch.float32))
    assert all(torch.isfinite(each.logprobs).all() for each in found)


@pytest.mark.parametrize("bad", [{"width": 30, "heads": 4}, {"layers": 0}, {"heads": 0}])
def test_a_size_that_cannot_be_is_refused(bad):
    with pytest.raises(UsageError):
        Size(**bad)


def test_an_empty_prompt_is_refused():
    made = make()
    with pytest.raises(UsageError, match="at least one token"):
        made.logprobs([made.encode([""])], [torch.tensor([END])])


def test_the_built_in_policy_and_a_step_of_it_import_no_transformers_and_no_compiler():
    step = "net = torch.nn.Linear(2, 2); AdamW(net.parameters()).step(net(torch.ones(1, 2)).sum().backward)"
    code = (
        f"import sys, torch, verienv.grpo.loop, verienv.grpo.model\nfrom verienv.grpo.optimizer import AdamW\n{step}\n"
        "print({'transformers', 'datasets', 'peft', 'vllm', 'torch._dynamo', 'sympy'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_without_transformers_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    monkeypatch.delitem(sys.modules, "verienv.grpo.hf", raising=False)
    with pytest.raises(MissingExtra, match=r"verienv\[hf\]"):
        policy.build({"kind": "hf", "model": "nowhere"})
