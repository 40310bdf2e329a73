# Two commands: `make today` prints the digest of the newest day, `make test` runs everything that CI runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The default build of llama.cpp crashes on processors with AMX; this one runs everywhere.
export CMAKE_ARGS ?= -DGGML_NATIVE=OFF

.PHONY: today test lint types contracts tests docs lock clean help

today: $(VENV)/.installed ## set up, pull the default assets, print the digest of the newest day
	@$(BIN)/assistant assets pull
	@$(BIN)/assistant today

test: lint types contracts tests ## everything that CI runs

lint: $(VENV)/.installed ## style, form and sizes
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python tests/sizes.py

types: $(VENV)/.installed ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/.installed ## who may import whom
	$(BIN)/lint-imports

tests: $(VENV)/.installed ## the tests, with branch coverage
	$(BIN)/assistant assets pull minilm smollm2-135m cl100k_base o200k_base
	rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest --numprocesses auto --dist loadfile
	$(BIN)/python -m coverage combine -q
	$(BIN)/python -m coverage report

# The environment: everything from the lock, by hash, then this package itself.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV); the local model's library is compiled the first time, which takes some minutes."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

docs: $(VENV)/.installed ## write the generated reference and the manual page again
	$(BIN)/python docs/generate.py

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--extra local --group dev --no-annotate --no-header --output-file requirements.lock pyproject.toml

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
