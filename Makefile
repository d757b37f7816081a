# make help lists what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Compiled once here, so that a start is quick also where the environment keeps Python from writing what it compiles.
$(VENV)/.runtime: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib bot console documents domain handlers nlp outreach rules simulator storage wording
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: help demo preview miniprogram test check bench migrate lock vendor
help:  ## lists the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime  ## installs what it needs and runs the whole product on this machine
	@./simulator/preview/make.sh miniprogram var/preview & $(BIN)/xueshi demo

preview:  ## makes the mini program runnable in the demo's page (Node 20; without it the demo shows the chat alone)
	@./simulator/preview/make.sh miniprogram var/preview

test: $(VENV)/.dev  ## installs what it needs and runs every check and test
	./tests/debian-packages.sh
	./tests/npm-packages.sh
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory miniprogram
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

miniprogram:  ## checks and tests the mini program (Node 20): types, the official compile, tags, routes, size, unit tests
	@./miniprogram/tools/make.sh

check: $(VENV)/.dev  ## format, lint, types, and what changed phrases change in understanding
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m nlp.teaching compare

vendor:  ## copies the console's libraries anew, as their lock file pins them
	./tests/console/browser/vendor.sh

bench: $(VENV)/.dev  ## measures, side by side with what it is compared to
	$(BIN)/python -m benchmarks

migrate: $(VENV)/.runtime  ## brings the database named by XUESHI_DATABASE_URL to the current schema
	$(BIN)/xueshi migrate

lock: $(VENV)/.dev  ## pins the dependencies anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements-dev.lock
