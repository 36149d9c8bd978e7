# The commands of the project. A fresh machine needs Python 3.11 or later with pip and venv, make and git.
#
#   make run     set up what is missing, then start Approdo (without a screen: the demo, into demo-out/)
#   make test    set up what is missing, then run all tests
#   make check   what CI runs: tests, lint, types, layer contracts

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run demo test check lint types contracts format lock clean

help:
	@sed -n 's/^#   //p' Makefile

$(READY): requirements/dev.lock pyproject.toml installer/prepare_system.py
	@$(PYTHON) -c 'import sys; sys.exit("Approdo needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python installer/prepare_system.py
	@touch $(READY)

run: $(READY)
	@$(BIN)/python -m app.cli.start

demo: $(READY)
	@$(BIN)/approdo demo demo-out

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

check: test lint types contracts

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv (https://docs.astral.sh/uv/); the lock files are universal: every system, every Python from 3.11 on.
lock:
	uv pip compile pyproject.toml --extra capofila --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -o requirements/dev.lock
	uv pip compile pyproject.toml --extra capofila --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -c requirements/dev.lock -o requirements/app.lock

clean:
	rm -rf $(VENV) build dist demo-out *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
