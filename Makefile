# Office Smart: everything starts from here. `make help` lists the targets.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PYTHON
BIN := .venv/bin
CODE := pbx officesmart alembic tests bench scripts rxconfig.py

.DEFAULT_GOAL := help
.PHONY: help run dev test test-fast lint format bench prepare prepare-dev pages clean

help:                ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: prepare pages   ## start portal and PBX; the first time installs, builds and makes a sample office
	@exec $(BIN)/officesmart run

dev: prepare-dev     ## pages with hot reload beside a PBX that goes on
	@exec $(BIN)/officesmart dev

test: prepare-dev pages   ## every test: fast ones, then real phones, then the browser
	@scripts/debian_packages.sh test || echo "Tests that need them will be skipped." >&2
	@exec scripts/test.sh

test-fast: prepare-dev    ## the tests that need no other program, on all cores
	@exec $(BIN)/python -m pytest -m fast -n auto

lint: prepare-dev    ## ruff and mypy
	$(BIN)/ruff check $(wildcard $(CODE))
	$(BIN)/ruff format --check $(wildcard $(CODE))
	$(BIN)/mypy pbx officesmart tests/unit

format: prepare-dev  ## let ruff rewrite the layout
	$(BIN)/ruff check --fix $(wildcard $(CODE))
	$(BIN)/ruff format $(wildcard $(CODE))

bench: prepare-dev   ## load figures on this machine (bench/README.md)
	@exec $(BIN)/python bench/office.py

prepare:             ## the virtual environment, to run
	@scripts/prepare.sh requirements.txt

prepare-dev:         ## the virtual environment, to test
	@scripts/prepare.sh requirements-dev.txt

pages: prepare       ## build the portal's pages, if their sources changed
	@$(BIN)/python -m officesmart.build >/dev/null

clean:               ## forget what can be made again; the data folder stays
	rm -rf .venv .web build .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
