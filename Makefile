# Two commands: `make run` and `make test`. Both build .venv from nothing but Python 3.11+ and make.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test golden clean

run: .venv/installed
	$(BIN)/hedgerow run baseline-2022-25

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -c 'from hedgerow.runs.ensemble import compile_rules; compile_rules()'
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

golden: .venv/tested
	$(BIN)/python -m tests.golden.write

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml requirements.txt
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps -e .
	touch $@

.venv/tested: .venv/installed requirements-dev.txt
	$(PIP) install -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv results dist build
