# Asked of the machine: python3 >= 3.11 with venv, and make. All else is installed into .venv from the pinned lists.
PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet
# Made up, and good enough for the checks that only a production configuration can pass.
PRODUCTION := SITE_URL=https://live.example.org SSL_REDIRECT=1 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help install demo test faults lint style types django scripts check format messages lock bench shots lighthouse
.DEFAULT_GOAL := help

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)

install: .venv/.dev ## everything for working on it

demo: .venv/.runtime ## a live blog on http://localhost:8000 (another port: PORT=8080 make demo)
	$(BIN)/python manage.py demo $(ARGS)

test: .venv/.dev ## the suite, on PostgreSQL and Redis and on the embedded default (ARGS="-k pinned" picks)
	$(BIN)/python -m tests.run $(ARGS)

faults: .venv/.dev ## every fault full-size, with a table of what was measured in var/faults (about twenty minutes)
	FAULTS=full FAULTS_DIR=var/faults $(BIN)/python -m pytest -m faults tests/faults -p no:randomly $(ARGS)
	HISTORIES=10000 $(BIN)/python -m pytest tests/liveblog/test_generated_histories.py

lint: style types django scripts ## all that can be judged without running it (make -j2 -O lint: two at a time)

style: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.dev
	$(BIN)/mypy

django: .venv/.dev
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

scripts:
	if command -v node >/dev/null; then node --test tests/js/*.test.mjs; elif [ -n "$$CI" ]; then echo "node is missing: install nodejs" >&2; exit 1; else echo "node is not here: the scripts' own tests are left out"; fi

check: lint test ## lint and test: what a change must pass

format: .venv/.dev ## put the Python in its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## what a delivery, a reader and a page cost, beside the usual ways (ARGS="--runs 1" is quicker; bench/README.md)
	$(BIN)/python -m bench $(ARGS)

shots: .venv/.dev ## pictures of the reader's pages in every state, in var/shots (ARGS=page.json adds a page of another site)
	$(BIN)/python -m tests.shots $(ARGS)

lighthouse: .venv/.dev ## what Lighthouse says of a blog's page, in var/lighthouse (wants node, npx and Chromium; three runs)
	$(BIN)/python -m tests.lighthouse $(ARGS)

messages: .venv/.dev ## bring the catalogues of what readers see up to the sources, compile them, and list what to translate
	$(BIN)/python -m translations

lock: .venv/bin/uv ## pin the newest versions that pyproject.toml allows
	$(LOCK) --upgrade --custom-compile-command "make lock" --output-file requirements.txt pyproject.toml
	$(LOCK) --upgrade --custom-compile-command "make lock" --output-file requirements-dev.txt --constraint requirements.txt --group dev

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed. Name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

# A second start finds the stamp newer than the list and installs nothing.
.venv/.runtime: .venv/bin/uv requirements.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python requirements.txt
	@touch $@

.venv/.dev: .venv/bin/uv requirements.txt requirements-dev.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python requirements.txt requirements-dev.txt
	@touch .venv/.runtime $@
