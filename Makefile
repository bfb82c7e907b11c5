# `make demo` and `make test` need only Python 3.11+, make and the package registries.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check --no-input
SLICE ?=
ONCE ?=

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wasl needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 5; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python lacks venv: install it (Debian: apt install python3-venv), then run make again."; exit 5; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.stamp: requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "installing Wasl into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m wasl.app.ui.catalogue compile
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt requirements/data.txt $(VENV)/runtime.stamp
	@echo "installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --require-hashes -r requirements/data.txt
	@touch $@

install: $(VENV)/runtime.stamp  ## install Wasl into .venv
install-dev: $(VENV)/dev.stamp  ## the same with what tests, lint and bench need

demo: $(VENV)/runtime.stamp  ## the main job before your eyes (ONCE=1: stop afterwards)
	@$(BIN)/wasl demo $(if $(ONCE),--once)

test: $(VENV)/dev.stamp  ## unit, property, conformance and golden tests
	@$(BIN)/pytest -q -n 2 --dist loadgroup -m "not faults and not browser and not slow"

test-rules: $(VENV)/dev.stamp  ## every set against SaxonC: the whole corpus and 50,000 mutants (an hour)
	@$(BIN)/pytest -q tests/conformance/test_every_set.py -m slow

test-faults: $(VENV)/dev.stamp  ## crash points, dead peers, planted bugs, 20,000 damaged files a reader (SLICE=ci: the part that CI runs)
	@$(BIN)/pytest -q -n 2 --dist loadgroup tests/faults tests/fuzz tests/app/payments -m "faults$(if $(filter ci,$(SLICE)), and ci)"

test-browser: $(VENV)/dev.stamp  ## every page in headless Chromium (SLICE=ci: the part that CI runs)
	@WASL_BROWSER_SLICE=$(SLICE) $(BIN)/pytest -q tests/browser -m "browser$(if $(filter ci,$(SLICE)), and ci)"

lint: $(VENV)/dev.stamp  ## ruff, pyright strict on floors 0-1, import floors, translations
	@$(BIN)/ruff check src tests bench
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m wasl.app.ui.catalogue check

bench: $(VENV)/dev.stamp  ## the headline figures, beside the named peers
	@$(BIN)/wasl bench

screenshots: $(VENV)/dev.stamp  ## docs/images, Arabic and English, phone and desktop (ALL=1: every page there is, into build/screenshots)
	@WASL_SCREENSHOTS=$(if $(ALL),build/screenshots,docs/images) $(BIN)/pytest -q $(if $(ALL),tests/browser,tests/browser/test_pages.py tests/browser/test_invoice_view.py) -m browser

lock: $(BIN)/python  ## write the hashed locks again
	@$(PIP) 'uv>=0.5,<1'
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra cjk --group dev pyproject.toml -o requirements/dev.txt
	@sed -n 's/^xrechnung = \["\([^"]*\)"\].*/\1/p' pyproject.toml | $(BIN)/uv pip compile -q --universal --no-deps --python-version 3.11 --generate-hashes --no-header - -o requirements/data.txt

clean:  ## remove what make made (never your data)
	@rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis

.PHONY: help install install-dev demo test test-rules test-faults test-browser lint bench screenshots lock clean
