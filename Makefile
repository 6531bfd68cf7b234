# `make demo` and `make test` set everything up by themselves: all they need is make and Python 3.11 or newer.
# Another interpreter:  make PYTHON=/path/to/python3.12 test

PYTHON  ?=
VENV    := .venv
PY      := $(VENV)/bin/python
VERIENV := $(VENV)/bin/verienv
BASE    := $(VENV)/.base
READY   := $(VENV)/.ready
PARTIAL := $(VENV)/.partial
PYTEST  := $(PY) -m pytest -q -n auto

# Our pins hold for the packages and for the tools that build them; python-sat's sdist is never built.
export PIP_CONSTRAINT       := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_ONLY_BINARY      := python-sat
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format types long peers bench oldest golden wheel clean

help:  ## Show this list
	@echo "verienv: procedurally generated, verifiable tasks"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(BASE)  ## Write a small dataset, score the oracle and the blind players, leave pictures (in demo/)
	@$(VERIENV) demo -o demo

test: lint types  ## Lint, check types, run every test
	@echo "» tests"
	@$(PYTEST)

lint: $(READY)  ## Look for mistakes in code and spelling
	@echo "» lint"
	@$(PY) -m ruff check --quiet .
	@$(PY) -m codespell_lib

format: $(READY)  ## Sort imports and lay out the code
	@$(PY) -m ruff check --quiet --select I --fix .
	@$(PY) -m ruff format .

types: $(READY)  ## Check types
	@echo "» types"
	@$(PY) -m mypy --no-error-summary

long: $(READY)  ## Run every test at its full fuzzing size
	@VERIENV_PROFILE=long $(PYTEST) -m "long or not long"

peers: $(BASE)  ## Run verienv inside other people's trainers and evaluators (an hour, gigabytes)
	@$(PY) tests/peers/run.py --all

bench: $(BASE)  ## Measure how fast problems are made and answers checked
	@$(VERIENV) bench

oldest: $(BASE)  ## Compare problems and pictures under the oldest numpy and Pillow that are admitted
	@$(PY) .ci/oldest.py $(VENV)/oldest

golden: $(READY)  ## Record the golden digests anew, to be reviewed as a diff
	@$(PY) -m pytest -q -n 0 --record-golden -k golden
	@git --no-pager diff --stat -- tasks

wheel: $(READY)  ## Build the sdist and, from it, the wheel (into dist/)
	@$(PY) -m build --outdir dist .

clean:  ## Remove everything that was built, the virtual environment too
	@rm -rf $(VENV) demo dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find verienv tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The stamp is put in place last. An environment whose installation was cut short still holds .partial, and is made anew.
$(BASE): pyproject.toml constraints.txt
	@python=; for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3); do \
	    if "$$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    found=$$( { "$(or $(PYTHON),python3)" --version 2>&1 || echo none; } | tail -n 1); \
	    echo "verienv needs Python 3.11 or newer with its venv module; found: $$found" >&2; \
	    echo "Debian, Ubuntu:  apt install python3-venv      One elsewhere:  make PYTHON=/path/to/python3.12 ..." >&2; \
	    exit 1; \
	fi; \
	if [ -e $(PARTIAL) ] || ! $(PY) -m pip --version >/dev/null 2>&1; then rm -rf $(VENV); fi; \
	if [ -d $(VENV) ]; then echo "» bringing $(VENV) up to date"; \
	else echo "» setting up $(VENV) with $$("$$python" --version) (once; about a minute)"; \
	    mkdir $(VENV) && touch $(PARTIAL) && "$$python" -m venv $(VENV); \
	fi
	@rm -f $@ $(READY) && touch $(PARTIAL)
	@$(PY) -m pip install -qq -e .
	@mv $(PARTIAL) $@ && touch $@

# What the demo does without: the tools of development, and torch for the tests of training.
$(READY): $(BASE)
	@echo "» installing what tests need (once; about a minute)"
	@$(PY) -m pip install -qq -e '.[dev]'
	@touch $@
