# make demo: a running office. make test: every test. make help: the rest.
# Needs Python 3.11 or newer and make; everything else goes into .venv.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A lock names everything with its hash, so that nothing else is looked for and nothing else taken.
LOCKED := $(PIP) --require-hashes --no-deps
# As many test processes as cores; each starts its own throwaway PostgreSQL.
JOBS ?= logical
ARGS ?=
# Tests start the office some hundred times: what was compiled once is read by all of them.
COMPILED_ONCE := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(abspath $(VENV))/compiled

.DEFAULT_GOAL := help
.PHONY: bare load litestream container sbom help install demo serve test test-long check lint format types translations bench plans bench-slow months screenshots scanned-codes verapdf wheel convert convert-trial coverage mutation mutation-rules mutation-rooms docs locks pictures clean

help: ## Say what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

install: $(VENV)/.siweb ## Make .venv with the pinned dependencies, and the siweb command in it

demo: $(VENV)/.siweb ## Serve a demonstration office on 127.0.0.1:8000 and print its sign-ins
	@exec $(BIN)/siweb demo $(ARGS)

serve: $(VENV)/.siweb ## Serve the office with the settings of the environment
	@$(BIN)/siweb migrate
	@exec $(BIN)/siweb serve

test: $(VENV)/.test ## Run the whole suite, on SQLite and PostgreSQL (ARGS="tests/rules -x" for less)
	$(COMPILED_ONCE) $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 $(ARGS)

check: lint types translations ## Everything that is checked without running the office

lint: $(VENV)/.check ## Style, format and the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

format: $(VENV)/.check ## Put the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.check ## Types, strictly
	$(BIN)/mypy

translations: $(VENV)/.siweb ## Every sentence has its Chinese
	$(BIN)/siweb translations check

wheel: $(VENV)/.siweb ## Build dist/siweb-*.whl, with its pages, figures, migrations and Chinese
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

test-long: $(VENV)/.test ## The whole suite with its long checks: every page on both databases, axe in both languages
	SIWEB_LONG=1 $(COMPILED_ONCE) $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 $(ARGS)

bench: $(VENV)/.test ## Measure every bar of the ledger and print one table (ARGS="--people 50000 --url …" for less, or PostgreSQL too)
	$(COMPILED_ONCE) $(BIN)/siweb bench calculation
	$(COMPILED_ONCE) $(BIN)/siweb bench table $(ARGS)

plans: $(VENV)/.test ## No page and no deed takes more work than it has people, at 5,000 and 100,000 (two hours)
	SIWEB_GROWN=5000,100000 $(COMPILED_ONCE) $(BIN)/python -m pytest -n 0 tests/pages/test_growth.py $(ARGS)

bench-slow: $(VENV)/.siweb ## Ask for pages alone and beside 1,000 slow connections (ARGS="--connections 300")
	$(COMPILED_ONCE) $(BIN)/siweb bench slow $(ARGS)

months: $(VENV)/.test ## Live 24 months of a small office, with a lost disk and a bad upgrade (ARGS="--months 6" for less)
	$(COMPILED_ONCE) $(BIN)/python -m tests.months $(ARGS)

screenshots: $(VENV)/.test ## Forty pages look as they did, in five ways (SIWEB_ACCEPT_LOOKS=1 keeps how they look now)
	SIWEB_LONG=1 $(COMPILED_ONCE) $(BIN)/python -m pytest -n 0 tests/browser/screenshots $(ARGS)

scanned-codes: $(VENV)/.test ## Read 200 codes of papers, worn and askew, with a reader of others, and prove them offline
	SIWEB_SCANNED_CODES=200 $(COMPILED_ONCE) $(BIN)/python -m pytest -n $(JOBS) tests/documents/scanning -k "not postgresql" $(ARGS)

verapdf: $(VENV)/.siweb ## Hold papers to PDF/A-3a and PDF/UA-1 with veraPDF, where that is installed (docs/papers.md)
	@command -v verapdf > /dev/null || { echo "veraPDF is not here, so nothing was proved: https://verapdf.org, then put it on the PATH." >&2; exit 1; }
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
	&& $(BIN)/siweb bench papers --papers 24 --keep "$$folder" \
	&& verapdf --format text -f 3a "$$folder" && verapdf --format text -f ua1 "$$folder"

sbom: $(VENV)/.runtime ## Write dist/siweb.cdx.json (CycloneDX) and dist/licences.txt: all that is shipped, and on what terms
	@rm -rf $(VENV)/shipped && "$(PYTHON)" -m venv --without-pip $(VENV)/shipped
	@test -x $(VENV)/sbom/bin/cyclonedx-py || { "$(PYTHON)" -m venv $(VENV)/sbom \
		&& $(VENV)/sbom/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/sbom.txt; }
	@# What an office installs and nothing else: no test, no check, not what builds.
	@$(BIN)/python -m pip --python $(VENV)/shipped/bin/python install --quiet --require-hashes --no-deps -r requirements/runtime.txt
	@mkdir -p dist
	@$(VENV)/sbom/bin/cyclonedx-py environment $(VENV)/shipped/bin/python --pyproject pyproject.toml \
		--output-reproducible --of JSON -o dist/siweb.cdx.json
	@$(BIN)/python requirements/sbom.py dist/siweb.cdx.json dist/licences.txt

container: ## Build the image and drive it to an answer, by Podman or Docker; fails where neither answers
	@for tool in podman docker; do \
		if "$$tool" info > /dev/null 2>&1; then exec deploy/try-container.sh "$$tool"; fi; done; \
	echo "Neither Podman nor Docker answers here, so nothing was built and nothing was driven." >&2; exit 1

bare: ## Follow README alone on a machine that has nothing, to the first receipt (a new Debian where a tool for one answers)
	@deploy/try-bare.sh

litestream: $(VENV)/.siweb ## Lose a disk and bring the office back from its Litestream replica; fails where that is not installed
	@SIWEB=$(BIN)/siweb deploy/try-litestream.sh

load: $(VENV)/.test ## 60 requests a second for ten minutes, alone and beside a levy and a list of 100,000 (ARGS="--seconds 60 --rows 20000")
	@test -x $(VENV)/load/bin/locust || { "$(PYTHON)" -m venv $(VENV)/load \
		&& $(VENV)/load/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/load.txt; }
	$(COMPILED_ONCE) $(BIN)/python -m tests.load --locust $(abspath $(VENV))/load/bin/locust $(ARGS)

convert: $(VENV)/.siweb ## Bring an office made by the version before to this one, and prove its books (until the first release)
	$(BIN)/siweb migrate $(ARGS)
	$(BIN)/siweb check

convert-trial: $(VENV)/.siweb ## Let the version before make an office of 5,000 people and a year, and convert it
	$(BIN)/python -m tests.conversion $(ARGS)

coverage: $(VENV)/.test ## Lines and branches that the suite reaches (at least 90 %), and by which tests
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 --cov --cov-context=test --cov-report=term

mutation: mutation-rules mutation-rooms ## Change the code in small ways: a test must notice (docs/mutation.md)

mutation-rules: $(VENV)/.check
	$(BIN)/mutmut run $(ARGS)

mutation-rooms: $(VENV)/.test .coverage
	$(BIN)/python -m tests.mutation $(ARGS)

.coverage:
	$(MAKE) coverage

docs: $(VENV)/.docs ## Build the documentation as a site with search into build/docs; links that lead nowhere stop it
	$(BIN)/zensical build --strict --clean --config-file mkdocs.yml

pictures: $(VENV)/.test ## Draw docs/pictures anew from the pages of a demonstration; look at them before they are kept
	$(COMPILED_ONCE) $(BIN)/python -m pytest -n 0 -q tests/browser/draw_pictures.py $(ARGS)

locks: $(VENV)/.check ## Write requirements/*.txt anew from the pins in pyproject.toml
	PYTHON=$(BIN)/python requirements/lock.sh

clean: ## Remove what make made; data under var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache mutants build/docs

# A stamp is newer than what it was made from, or its step is done again.
$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "siweb needs Python 3.11 or newer; set PYTHON=/path/to/python." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv." >&2; exit 1; }
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt requirements/build.txt | $(VENV)/.python
	@echo "Installing what siweb needs into $(VENV) (once)."
	@$(LOCKED) -r requirements/build.txt -r requirements/runtime.txt
	@touch $@

$(VENV)/.siweb: pyproject.toml $(VENV)/.runtime $(wildcard siweb/translations/*/LC_MESSAGES/*.po)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/siweb translations compile
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.siweb
	@echo "Installing what the tests need (once)."
	@$(LOCKED) -r requirements/test.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt | $(VENV)/.python
	@echo "Installing what the documentation needs (once)."
	@$(LOCKED) -r requirements/docs.txt
	@touch $@

$(VENV)/.check: requirements/check.txt $(VENV)/.test
	@echo "Installing what the checks need (once)."
	@$(LOCKED) -r requirements/check.txt
	@touch $@
