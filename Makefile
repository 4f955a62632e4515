# Every command that people, hooks and CI use. `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
NODE := node_modules/.installed
# Commands that read the settings without serving anything need some secret.
WITH_SECRET := SECRET_KEY=$${SECRET_KEY:-for-checks-only-0123456789-abcdefghij} EMAIL_URL=consolemail://

.DEFAULT_GOAL := help
.PHONY: help run superuser test check bench format schema breached clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) .env ## Start the server on http://localhost:8000 (PORT=8123 make run for another port)
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/gunicorn oddjobbox.wsgi

superuser: $(RUNTIME) .env ## Create an account for the admin
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py createsuperuser

test: $(DEV) $(NODE) ## Run all tests on SQLite and on PostgreSQL (ARGS="-k login" for some)
	@$(BIN)/python -m pytest --database=sqlite $(ARGS)
	@$(BIN)/python -m pytest --database=postgresql $(ARGS)
	@echo "Passed on SQLite and on PostgreSQL."

check: $(DEV) ## Check format, lint, types, floors, migrations, and that the documents are in step
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(WITH_SECRET) $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(WITH_SECRET) $(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/hadolint Dockerfile
	@$(WITH_SECRET) $(BIN)/python -m tools.documents --check
	@echo "All checks passed."

bench: $(DEV) ## Measure Oddjobbox beside its peers (QUICK=1 for two minutes; ARGS="--only me" for some)
	@$(BIN)/python -m bench.run $(if $(QUICK),--quick) $(ARGS)

format: $(DEV) ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schema: $(DEV) ## Write openapi.yaml and docs/errors.md anew
	@$(WITH_SECRET) $(BIN)/python -m tools.documents

breached: $(DEV) ## Gather the list of breached passwords anew
	@$(WITH_SECRET) $(BIN)/python -m tools.breached $(ARGS)

clean: ## Remove what the other commands made, but neither .env nor the database
	@rm -rf $(VENV) .cache node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Oddjobbox needs Python 3.11 or newer. Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
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

# newman runs the Postman collection; without Node that test says that it is skipped.
$(NODE): package.json package-lock.json
	@mkdir -p node_modules
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund && touch $@; \
		else echo "npm is not installed: the Postman collection will not be tested."; fi

.env: | $(RUNTIME)
	@umask 077 && $(BIN)/python -c "import secrets; print('DEBUG=on\nSECRET_KEY=' + secrets.token_urlsafe(48))" > .env
	@echo "Wrote .env with a fresh SECRET_KEY; .env.example explains every variable."
