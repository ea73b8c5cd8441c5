# Comity: few targets, each one line of explanation (`make help`).
VENV ?= .venv
PYTHON ?=
export VENV_FOLDER = $(VENV)
export PYTHON
BIN = $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL = help
.PHONY: help run test check lint e2e soak bench docs messages wheelhouse requirements changelog clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9_-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## set up all that is needed and run two training nodes that exchange messages, until Ctrl-C (FEED=file reads that feed too)
	@tools/setup.sh runtime
	@exec $(BIN)/comity training run $(if $(FEED),--feed "$(FEED)")

test: ## set up all that is needed and run every test
	@tools/setup.sh dev
	@tools/chromium.sh
	@tools/softhsm.sh
	@tools/verifiers.sh
	$(BIN)/pytest -n $(WORKERS) --reruns 1

check: lint ## the fast round: lint, then the plain tests that are quick (under two minutes)
	$(BIN)/pytest -q -n $(WORKERS) --reruns 1 -m "not db and not node and not browser and not scenario and not slow"

lint: ## style, import contracts, types, migrations; no test
	@tools/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	COMITY_DATABASE_POOL=0 $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

e2e: ## the browser tests alone
	@tools/setup.sh dev
	@tools/chromium.sh
	$(BIN)/pytest -q -m browser

soak: ## send SOAK messages (100000) between two nodes through random faults; SEED=n replays a run
	@tools/setup.sh dev
	$(BIN)/python -m tests.soak --messages $(or $(SOAK),100000) $(if $(SEED),--seed $(SEED))

bench: ## measure, each figure as a ratio beside a peer or a physical limit, into docs/benchmarks.md (ONLY="evidence package" for some)
	@tools/setup.sh dev
	$(BIN)/python -m bench $(ONLY)

docs: ## write the generated reference: commands, settings, errors, rules, roles
	@tools/setup.sh dev
	$(BIN)/python -m tools.reference

messages: ## gather the texts to translate, and compile the catalogues
	@tools/setup.sh dev
	$(BIN)/python -m tools.messages

wheelhouse: ## write ./wheelhouse, all that an offline machine needs beside this checkout
	@tools/setup.sh dev
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --dest wheelhouse -r requirements/dev.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --dest wheelhouse -r requirements/runtime.txt
	@echo "wheelhouse: $$(ls wheelhouse | wc -l) files, $$(du -sh wheelhouse | cut -f1); copy it beside the Makefile of the offline machine"

requirements: ## renew the hashed requirements from pyproject.toml (needs uv)
	uv pip compile -q --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" --extra server pyproject.toml requirements/build.in -o requirements/runtime.txt
	uv pip compile -q --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links --custom-compile-command "make requirements" --extra server --extra token --group dev pyproject.toml requirements/build.in -o requirements/dev.txt

changelog: ## show what the next release's changelog would say
	@tools/setup.sh dev
	$(BIN)/towncrier build --draft

clean: ## remove the environment and caches (never a node's data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
