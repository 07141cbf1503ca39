# Everything here works on a fresh Debian or Ubuntu with Python 3.11, make, git and a network to the
# package registries. Servers that the tests need are found, or installed and started privately.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PAGES := services/front/static/vendor/pages.css

.PHONY: help setup run test bench mutants lint format docs wheel lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

setup: $(VENV)/.installed $(PAGES) ## Install what is locked, build the pages; quick when up to date

run: setup ## Start the embedded deployment with a synthetic area, on port 8000 (PORT=...)
	$(BIN)/daybreak serve --embedded --demo --port $(PORT)

test: setup lint ## Every test, on real servers: embedded, distributed, browser
	$(BIN)/python -m tests.servers run -- \
	  env DAYBREAK_EVERY_PART=1 $(BIN)/python -m pytest -q -n auto --maxprocesses 4 $(ARGS)

bench: setup ## Measure beside what it is built on, on real servers (ARGS="4 5 --gate")
	$(BIN)/python -m tests.servers run -- $(BIN)/python -m bench $(ARGS)

mutants: setup ## Which small change of the consent kernel would no test notice? (ARGS="*.terms.*")
	VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip install -q --target .cache/mutmut --require-hashes \
	  -r requirements-mutants.lock
	PYTHONPATH="$(CURDIR)/.cache/mutmut" nice -n 15 $(BIN)/python -m mutmut run $(ARGS)
	PYTHONPATH="$(CURDIR)/.cache/mutmut" $(BIN)/python -m mutmut results

lint: setup ## Format, style, types and the rules of who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Put the source into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## Write anew what is generated: schemas, asyncapi, the broker's definitions
	$(BIN)/python -m contracts.generate
	$(BIN)/python -m services.commands.topology

wheel: setup ## Build the package, with its pages, into dist/
	$(BIN)/python -m hatchling build -t wheel

lock: setup ## Choose versions anew where pyproject.toml or package.json asks for it
	$(BIN)/python -m tools.lock $(ARGS)

clean: ## Remove what set-up and tests left behind, but no data
	rm -rf $(VENV) node_modules services/*/static/vendor .mypy_cache .ruff_cache .pytest_cache \
	  .import_linter_cache .hypothesis .coverage mutants

# A hash-locked uv, by pip, installs the rest: the same files as pip would, in seconds.
$(VENV)/.installed: requirements.lock requirements-bootstrap.lock pyproject.toml tools/make-venv
	tools/make-venv "$(PYTHON)" "$(VENV)"
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes \
	  -r requirements-bootstrap.lock
	VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip sync -q --compile-bytecode --require-hashes \
	  --allow-empty-requirements requirements.lock
	VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(PAGES): package.json package-lock.json services/front/pages.scss tools/build_pages.py | $(VENV)/.installed
	$(BIN)/python tools/build_pages.py
	touch $@
