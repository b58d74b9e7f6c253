# Everything a developer or a curious stranger needs. Only Python 3.10 or newer has to be there; the rest is set up in .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := build/demo
CODE := app tests $(if $(wildcard bin/*.py),bin)

.PHONY: demo test record lint build bench fuzz splunk sbom clean setup

demo: setup
	@$(BIN)/python -m enumwatch.demo --out $(DEMO)

test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadscope

# Cassettes of the Elastic tests, recorded anew from the nodes that the tests start; look at the difference before you keep it.
record: setup
	@ENUMWATCH_RECORD=1 $(BIN)/python -m pytest tests/elastic/replay

lint: setup
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/enumwatch rules check

build: setup
	@$(BIN)/python -m enumwatch.build

bench: setup
	@$(BIN)/python -m tests.bench

# Spoiled input for everything that reads bytes, for a minute after the giants: make fuzz FUZZ="--seconds 600 --seed 7"
fuzz: setup
	@$(BIN)/python -m tests.fuzz $(FUZZ)

# The app for Splunk, as build/enumwatch-VERSION.spl: the same bytes wherever and whenever it is made.
splunk: setup
	@.ci/fetch vendored $(BIN)/python
	@$(BIN)/enumwatch splunk package --vendored build/vendored --output build

# What a user gets, as CycloneDX: build/enumwatch.cdx.json for the command with its Elastic side, build/enumwatch-splunk.cdx.json for the app.
sbom: setup
	@.ci/fetch sbom $(BIN)/python
	@.ci/sbom $(BIN)/python

setup: $(READY)

# The lock file holds exact versions and hashes, so every machine gets the same packages.
$(READY): .ci/requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "enumwatch needs Python 3.10 or newer: run make PYTHON=/path/to/python3"; exit 2; }
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
