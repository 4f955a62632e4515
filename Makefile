# The commands for people, hooks and CI. `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
NODE := node_modules/.installed
FRONTEND := frontend/node_modules/.installed
NPM := npm --prefix frontend --silent
NEEDS_NPM := command -v npm >/dev/null || { echo "This needs npm, which comes with Node 20 or newer." >&2; exit 1; }
# Commands that load the settings without serving requests need some secret.
WITH_SECRET := SECRET_KEY=$${SECRET_KEY:-for-checks-only-0123456789-abcdefghij} EMAIL_URL=consolemail://

.DEFAULT_GOAL := help
.PHONY: help run web build superuser test check bench format schema screens measure measure-code breached clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) .env ## Start the server on http://localhost:8000 (PORT=8123 make run for another port)
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/gunicorn oddjobbox.wsgi

web: $(FRONTEND) ## Serve the frontend for development on http://localhost:5173 (needs `make run`)
	@$(NEEDS_NPM)
	@exec $(NPM) run dev

build: $(RUNTIME) $(FRONTEND) ## Build the frontend, which the server then serves at /
	@$(NEEDS_NPM)
	@$(NPM) run build
	@$(BIN)/python -m whitenoise.compress --quiet frontend/dist
	@echo "Built frontend/dist. Restart a running server, unless DEBUG is on."

superuser: $(RUNTIME) .env ## Create an admin account
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createsuperuser

test: $(DEV) $(NODE) $(FRONTEND) ## Run all tests on SQLite and on PostgreSQL (ARGS="-k login" for some)
	@if [ -e $(FRONTEND) ]; then $(NPM) test; fi
	@$(BIN)/python -m pytest --database=sqlite $(ARGS)
	@$(BIN)/python -m pytest --database=postgresql $(ARGS)
	@echo "Passed on SQLite and on PostgreSQL."

check: $(DEV) $(FRONTEND) ## Check format, lint, types, imports, migrations and generated documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(WITH_SECRET) $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(WITH_SECRET) $(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/hadolint Dockerfile
	@$(WITH_SECRET) $(BIN)/python -m tools.documents --check
	@if [ -e $(FRONTEND) ]; then for what in format:check lint typecheck types:check; do \
		$(NPM) run $$what || exit 1; done; fi
	@echo "All checks passed."

bench: $(DEV) ## Compare with other packages (QUICK=1 takes two minutes; ARGS="--only me" for some)
	@$(BIN)/python -m bench.run $(if $(QUICK),--quick) $(ARGS)

format: $(DEV) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schema: $(DEV) ## Generate openapi.yaml and docs/errors.md
	@$(WITH_SECRET) $(BIN)/python -m tools.documents

screens: $(DEV) $(FRONTEND) ## Take the screenshots for the README, docs/screens.png
	@$(BIN)/python -m tests.browser node frontend/e2e/screens.mjs docs/screens.png

measure: $(DEV) $(FRONTEND) ## Measure the size and time of a first visit to the frontend
	@$(BIN)/python -m tests.browser node frontend/e2e/measure.mjs

measure-code: $(DEV) ## Measure functions, modules, and the files that requests cross (ARGS=--list for a login's calls)
	@$(BIN)/python tools/measure_code.py $(ARGS)

breached: $(DEV) ## Generate the list of breached passwords
	@$(WITH_SECRET) $(BIN)/python -m tools.breached $(ARGS)

clean: ## Remove everything that these commands created, except .env and the database
	@rm -rf $(VENV) .cache node_modules frontend/node_modules frontend/dist staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Oddjobbox needs Python 3.11 or newer. Choose it with make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Creating a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt requirements-fast.txt | $(BIN)/python
	@echo "Installing requirements.txt ..."
	@$(PIP) -r requirements.txt
	@$(PIP) -r requirements-fast.txt >/dev/null 2>&1 || \
		echo "No C compiler: gunicorn will use its HTTP parser in Python."
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "Installing requirements-dev.txt ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# newman runs the Postman collection; without Node its test is skipped.
$(NODE): package.json package-lock.json
	@mkdir -p node_modules
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund && touch $@; \
		else echo "npm is not installed, so the Postman collection is not tested."; fi

$(FRONTEND): frontend/package.json frontend/package-lock.json
	@mkdir -p $(@D)
	@if command -v npm >/dev/null; then npm ci --prefix frontend --silent --no-audit --no-fund && touch $@; \
		else echo "npm is not installed, so the frontend is neither checked nor tested."; fi

.env: | $(RUNTIME)
	@umask 077 && $(BIN)/python -c "import secrets; print('DEBUG=on\nSECRET_KEY=' + secrets.token_urlsafe(48))" > .env
	@echo "Wrote .env with a new SECRET_KEY. .env.example explains all variables."
