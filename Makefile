# Two commands: `make run` and `make test`. Both build .venv from nothing but Python 3.11+ and make. Whatever is
# installed has to have the hash that stands in the requirements.

PYTHON ?= python3
BIN := .venv/bin
PIP := -m pip --disable-pip-version-check -q install
PINNED := $(PIP) --require-hashes -r
TOOLS := .venv-release/bin
COMPILE = $(TOOLS)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make pins' $(UPGRADE)

.PHONY: run test golden fuzz pins audit release clean

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

# make fuzz COUNT=20000 SEED=2; make fuzz KIND=study; make fuzz SEED=2 CASE=417
COUNT ?= 20000
SEED ?= 1
fuzz: .venv/tested
	$(BIN)/python -m tests.fuzz --count $(COUNT) --seed $(SEED) $(if $(KIND),--kind $(KIND)) $(if $(CASE),--case $(CASE))

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml requirements.txt requirements-build.txt
	$(BIN)/python $(PINNED) requirements.txt -r requirements-build.txt
	$(BIN)/python $(PIP) --no-build-isolation --no-deps -e .
	touch $@

.venv/tested: .venv/installed requirements-dev.txt
	$(BIN)/python $(PINNED) requirements-dev.txt
	touch $@

# Versions stay as they are unless asked: make pins UPGRADE=--upgrade, or UPGRADE='--upgrade-package numpy'.
pins: .venv-release/installed
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --all-extras --group build -c requirements.txt -o requirements-dev.txt
	$(COMPILE) --group build -c requirements-dev.txt -o requirements-build.txt
	$(COMPILE) --group release -o requirements-release.txt

audit: .venv-release/installed
	$(TOOLS)/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt
	$(TOOLS)/pip-audit --strict --require-hashes --disable-pip -r requirements-release.txt

release: .venv/tested .venv-release/installed
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(TOOLS)/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible -o dist/sbom.cdx.json
	cd dist && sha256sum * >SHA256SUMS

# What pins, audits and releases has an environment of its own, beside what is tested.
.venv-release/installed: requirements-release.txt
	$(PYTHON) -m venv .venv-release
	$(TOOLS)/python $(PINNED) requirements-release.txt
	touch $@

clean:
	rm -rf .venv .venv-release results dist build
