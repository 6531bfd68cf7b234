"""The small packages that some evaluators look for: their files, as path → text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from verienv import __version__, registry
from verienv.errors import UsageError
from verienv.task import Game, Task

Files = dict[str, str]


def verifiers() -> Files:
    """A top-level module, as verifiers' loader wants it, that hands on `verienv.adapters.verifiers`."""
    return {
        "pyproject.toml": _PROJECT.format(name="verienv-vf", module="verienv_vf", needs='"verifiers>=0.4"'),
        "verienv_vf/__init__.py": '"""Every verienv task and recipe as a taskset of verifiers."""\n\n'
        "from verienv.adapters.verifiers import Play, Tasks\n\n"
        '__all__ = ["Play", "Tasks"]\n',
    }


def lm_eval(count: int = 100, samples: int = 4) -> Files:
    """A group of tasks for each task of verienv whose problems are text: one a level, `samples` replies a problem."""
    files: Files = {}
    for name in registry.names():
        try:
            family = registry.load(name)
        except (ImportError, AttributeError, SyntaxError, UsageError):
            continue  # somebody's package that cannot be loaded; `verienv list` says why
        if isinstance(family, Game) or not _textual(family):
            continue
        tasks = [f"verienv_{name}_l{level}" for level in range(len(family.levels))]
        for level, task in enumerate(tasks):
            words = {"task": task, "source": name, "level": level, "count": count, "samples": samples}
            files[f"{name}/{task}.yaml"] = _LM_EVAL_TASK.format(**words)
        files[f"{name}/_verienv_{name}.yaml"] = _LM_EVAL_GROUP.format(
            group=f"verienv_{name}", tasks="".join(f"  - {task}\n" for task in tasks)
        )
    return files


def openenv() -> Files:
    """The folder that OpenEnv's tools deploy: manifest, app, container."""
    return {
        "openenv.yaml": "spec_version: 1\nname: verienv\ntype: space\nruntime: fastapi\n"
        "app: server.app:app\nport: 8000\n",
        "server/__init__.py": "",
        "server/app.py": _OPENENV_APP,
        "pyproject.toml": _PROJECT.format(name="verienv-openenv", module="server", needs='"openenv>=0.10", "uvicorn"'),
        "server/Dockerfile": "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir .\n"
        'CMD ["uvicorn", "server.app:app", "--host", "0.0.0.0", "--port", "8000"]\n',
    }


KINDS: Final[Mapping[str, Callable[[], Files]]] = {"verifiers": verifiers, "lm-eval": lm_eval, "openenv": openenv}
"""What `verienv export` can write, by name."""


def _textual(family: Task[Any, Any, Any]) -> bool:
    """Whether no level's first problem shows a picture."""
    firsts = (family.instance(level=level).prompt for level in range(len(family.levels)))
    return all(isinstance(part, str) for prompt in firsts for part in prompt)


_PROJECT: Final = f"""\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{{name}}"
version = "{__version__}"
description = "verienv's tasks, where {{name}} is looked for"
requires-python = ">=3.11"
dependencies = ["verienv>={__version__}", {{needs}}]

[tool.hatch.build.targets.wheel]
packages = ["{{module}}"]
"""

_LM_EVAL_TASK: Final = """\
task: {task}
custom_dataset: !function verienv.adapters.lm_eval.dataset
dataset_kwargs: {{source: {source}, levels: {level}, count: {count}, seed: 0, split: test}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{text}}}}"
doc_to_target: ""
process_results: !function verienv.adapters.lm_eval.process_results
generation_kwargs: {{until: [], max_gen_toks: 4096, do_sample: true, temperature: 0.7}}
repeats: {samples}
filter_list:
  - name: replies
    filter: [{{function: take_first_k, k: {samples}}}]
metric_list:
  - {{metric: score, aggregation: mean, higher_is_better: true}}
  - {{metric: right, aggregation: mean, higher_is_better: true}}
  - {{metric: readable, aggregation: mean, higher_is_better: true}}
  - {{metric: pass, aggregation: mean, higher_is_better: true}}
metadata: {{version: 1}}
"""

_LM_EVAL_GROUP: Final = """\
group: {group}
task:
{tasks}aggregate_metric_list:
  - {{metric: score, aggregation: mean, weight_by_size: false, filter_list: replies}}
  - {{metric: pass, aggregation: mean, weight_by_size: false, filter_list: replies}}
metadata: {{version: 1}}
"""

_OPENENV_APP: Final = '''\
"""verienv's tasks behind OpenEnv's server. VERIENV_TASKS names tasks or recipes, VERIENV_LEVELS a task's levels."""

import os

from verienv.adapters import openenv

app = openenv.app(os.environ.get("VERIENV_TASKS", "sat").split(), os.environ.get("VERIENV_LEVELS"))
'''
