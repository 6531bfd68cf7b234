"""A Hugging Face policy whose replies vLLM draws: the weights go over whenever they have changed.

Never run against vLLM itself by the tests, which have no device for it: they hold our half of the conversation to a
stand-in. It is written to vLLM's documented offline interface (`LLM`, `SamplingParams`, `apply_model`,
`reset_prefix_cache`), in one process with the trainer; look at `sampling/…` in the first steps of a run.

vLLM computes by kernels of its own, so its log-probabilities are not the trainer's: they are what
`Completion.logprobs` holds, and the loop measures their distance to `Policy.logprobs` and corrects for it. Text only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from verienv.errors import UsageError
from verienv.grpo.hf import HFPolicy
from verienv.grpo.policy import Completion, Prompt
from verienv.grpo.sampler import Cut


class VLLMPolicy(HFPolicy):
    """An HFPolicy that samples with vLLM. The engine starts at the first sample, on the policy's own device."""

    def __init__(self, model: Any, processor: Any, *, memory: float = 0.4, context: int = 4096, **given: Any) -> None:
        """`memory` is the share of the device's that the engine takes, `context` the longest prompt with its reply.

        The rest as HFPolicy, whose `name` must be where vLLM too finds the model. Raises UsageError.
        """
        super().__init__(model, processor, **given)
        if not self.name:
            raise UsageError("vLLM loads the model itself: say where from, by its name")
        self.memory, self.context = memory, context
        self._engine: Any = None
        self._sent: tuple[int, ...] = ()

    @property
    def config(self) -> dict[str, Any]:
        """Plain JSON from which `policy.build` makes the same policy."""
        return {**super().config, "kind": "vllm", "memory": self.memory, "context": self.context}

    def sample(
        self,
        prompts: Sequence[Prompt],
        draws: Tensor,
        *,
        temperature: float = 1.0,
        top_p: float = 1.0,
        top_k: int = 0,
    ) -> list[Completion]:
        """See Sampler.sample; of a row's numbers the first seeds vLLM's own, so rows stay independent.

        Raises UsageError for prompts with pictures, or where vLLM is not installed.
        """
        cut = Cut(temperature, top_p, top_k)
        if any(prompt.images.pictures for prompt in prompts):
            raise UsageError("pictures are not sampled with vLLM yet: take the policy's own sampler (kind 'hf')")
        if not prompts or draws.dim() != 2 or len(draws) % len(prompts):
            raise UsageError(f"draws are [prompts * group, max_new], not {list(draws.shape)}")
        engine, vllm = self._started()
        self._sync(engine)
        group = len(draws) // len(prompts)
        settings = [
            vllm.SamplingParams(
                temperature=cut.temperature,
                top_p=cut.top_p,
                top_k=cut.top_k or -1,
                max_tokens=draws.shape[1],
                stop_token_ids=self.ends,
                seed=int(float(number) * 2**31),
                logprobs=0,  # of the chosen token alone
                detokenize=False,
            )
            for number in draws[:, 0]
        ]
        asked = [{"prompt_token_ids": list(prompts[row // group].ids)} for row in range(len(draws))]
        return [_completion(each.outputs[0]) for each in engine.generate(asked, settings, use_tqdm=False)]

    def _started(self) -> tuple[Any, Any]:
        """The engine, and vLLM itself."""
        os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")  # weights are handed over within the process
        try:
            import vllm
        except ImportError as absent:
            raise UsageError("sampling with vLLM needs vLLM, which no extra brings:  pip install vllm") from absent
        if self._engine is None:
            self._engine = vllm.LLM(
                model=self.name,
                dtype="bfloat16" if self._half else str(self._head.dtype).removeprefix("torch."),
                max_model_len=self.context,
                gpu_memory_utilization=self.memory,
                generation_config="vllm",  # none of the model's own sampling settings
                logprobs_mode="processed_logprobs",  # of the distribution that was drawn from
            )
        return self._engine, vllm

    def _sync(self, engine: Any) -> None:
        """Hand the weights over if an optimiser has touched them since the last time."""
        now = tuple(each._version for each in self.parameters() if each.requires_grad)
        if now == self._sent:
            return
        with torch.no_grad():
            engine.apply_model(lambda model: model.load_weights(self._merged()))
        engine.reset_prefix_cache()  # its keys and values are of the old weights
        self._sent = now

    def _merged(self) -> Iterator[tuple[str, Tensor]]:
        """The plain model's weights by its own names, each with what its adapter adds."""
        plain = self.model.get_base_model() if self.lora else self.model
        for name, weight in plain.state_dict().items():
            layer, adapted, kind = name.rpartition(".base_layer.")
            if adapted and kind == "weight":
                adapter = plain.get_submodule(layer)
                weight = weight + adapter.get_delta_weight(adapter.active_adapters[0])
            if "lora_" not in name:
                yield name.replace(".base_layer", ""), weight


def _completion(out: Any) -> Completion:
    ids = list(out.token_ids)
    scores = [at[token].logprob for at, token in zip(out.logprobs, ids, strict=True)]
    return Completion(torch.tensor(ids), torch.tensor(scores), "stop" if out.finish_reason == "stop" else "length")
