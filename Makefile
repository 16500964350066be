# make run: serve on http://localhost:8000 (PORT, KEPT_DATA, DATABASE_URL, KEPT_ORIGIN: see README)
# make test: everything, browser and PostgreSQL included

VENV := .venv
BIN := $(VENV)/bin
# KEPT_PYTHON may name an interpreter; else the first that is new enough.
PYTHON = $(or $(KEPT_PYTHON),$(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; \
	done))
PIP = $(BIN)/python -m pip --disable-pip-version-check -qq
LOCKED = install --require-hashes --requirement
REVISIONS = migrations/versions/[0-9]*.py

.PHONY: run setup test chromium dev demo bench pictures gallery migration translations torture torture-imports torture-reminders torture-api

run: setup
	@exec $(BIN)/kept serve

setup: $(VENV)/.ready
	@:

$(VENV)/.python:
	@[ -n "$(PYTHON)" ] || { echo "Kept needs Python 3.11 or newer: install it, then run make again."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python makes no environments: apt-get install python3-venv, then run make again."; exit 1; }
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.ready: $(VENV)/.python requirements.txt requirements-build.txt pyproject.toml
	@echo "Installing what Kept needs"
	@$(PIP) $(LOCKED) requirements-build.txt
	@$(PIP) $(LOCKED) requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable . --config-settings editable_mode=compat
	@touch $@

$(VENV)/.testable: $(VENV)/.ready requirements-test.txt
	@echo "Installing what the tests need"
	@$(PIP) $(LOCKED) requirements-test.txt
	@touch $@

test: $(VENV)/.testable chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -n 2

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		as=""; [ "$$(id -u)" = 0 ] || as="sudo -n"; \
		command -v apt-get >/dev/null && echo "Installing chromium" && \
		$$as apt-get update -qq && \
		$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null || { \
		echo "The browser tests need chromium: install it (Debian: apt-get install chromium)."; exit 1; }; }

# Serves the same data as `make run`, and starts anew whenever a file changes.
dev: setup
	@$(BIN)/kept migrate
	@exec $(BIN)/flask --app wsgi run --debug --port $${PORT:-8000} \
		--extra-files "$$(find templates static -type f | tr '\n' ':')"

# A folder for once, filled with the demo leader's 120 days.
demo: setup
	@unset DATABASE_URL KEPT_ORIGIN REGISTRATION; \
	KEPT_DATA=$$(mktemp -d) && export KEPT_DATA && \
	trap 'kill $$pid 2>/dev/null; wait; rm -rf "$$KEPT_DATA"' EXIT && trap 'exit 0' INT TERM && \
	$(BIN)/kept demo && $(BIN)/kept sign-in-link Dana && { $(BIN)/kept serve & pid=$$!; wait $$pid; }

bench: $(VENV)/.testable
	@$(BIN)/python -m tests.bench

# The icons as PNG, and the screenshots of the README and the manifest, from the demo.
pictures: $(VENV)/.testable chromium
	@$(BIN)/python -m tests.browser.pictures

# Every screen and state of the demo as one page of screenshots, gallery/index.html; LANGUAGES="en"
# takes those alone, SCREENS=Week the screens with that in their name.
gallery: $(VENV)/.testable chromium
	@$(BIN)/python -m tests.browser.gallery

# 2,000 mutated files of each format, or FILES of them: no fault, nothing written, little memory;
# then a hundred imports, or KILLS of them, that are killed on their way.
torture-imports: $(VENV)/.testable
	FILES=$${FILES:-2000} $(BIN)/pytest -n 0 -q tests/importers/test_mutations.py
	KILLS=$${KILLS:-100} $(BIN)/pytest -n 0 -q tests/importers/test_kills.py

# Ten thousand leaders, two tickers, forty kills: who was reminded twice, or not at all?
torture-reminders: $(VENV)/.testable
	@$(BIN)/python -m tests.torture_reminders

# EXAMPLES requests of each kind that the API's document allows, and does not: no fault, nothing unnamed.
torture-api: $(VENV)/.testable
	EXAMPLES=$${EXAMPLES:-500} $(BIN)/pytest -n 0 -q tests/web/api/test_torture.py

# make migration M="Say what changes": the next version of the schema, from the models.
migration: setup
	@[ -n "$(M)" ] || { echo 'make migration M="Say what changes"'; exit 1; }
	@$(BIN)/kept migrate
	@$(BIN)/flask --app wsgi db migrate --message "$(M)" \
		--rev-id $$(printf %04d $$(($$(ls $(REVISIONS) | wc -l) + 1)))

# Every text of the code in every language's catalogue, and each compiled.
translations: $(VENV)/.testable
	@$(BIN)/python -m tests.translations

# The long campaigns (days migrations replays power hostile crowd kills), or one: make torture WHAT=power
torture: $(VENV)/.testable
	@$(BIN)/python -m tests.torture $(WHAT)

# Known holes in what is installed; asks the package index, and fails where it cannot tell.
.PHONY: audit
audit: $(VENV)/.python
	@$(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check -qq install "pip-audit>=2.10,<3"
	@$(VENV)/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		-r requirements.txt -r requirements-build.txt
