# The commands of Lignage. All paths are relative, so that the folder may stand anywhere, under any name.

PYTHON_HERE = .venv/bin/python
# Tests run side by side, each worker with a database server of its own.
WORKERS = --numprocesses auto --maxprocesses 4
# Where Node.js is found, of a version that its packages run on, tests with it are run as well.
NODE = $(shell command -v npm >/dev/null && node -e ' \
    const [major, minor] = process.versions.node.split("."); \
    process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' && echo node)
NODE_MODULES = examples/react/node_modules/.package-lock.json
# For commands that want a database, but none of anybody's.
ON_A_THROWAWAY = state=$$(mktemp -d) && trap 'rm -rf "$$state"' EXIT && export LIGNAGE_STATE="$$state" &&

.PHONY: help install dev run test lint format types contracts security migrations deploy pytest soak node bench schema configuration lock

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 14

install: ## Make the environment in .venv that Lignage runs in
	@sh requirements/install.sh

dev: install ## Add to it what checks and tests need
	@sh requirements/install.sh dev

run: install ## Start Lignage at http://127.0.0.1:8000 (PORT=8001 for another, SAMPLE=0 for an empty plant)
	@exec $(PYTHON_HERE) -m config.run

test: lint format types contracts security migrations deploy pytest ## Check everything, on a throwaway PostgreSQL

lint: dev ## Check the style of the code
	@$(PYTHON_HERE) -m ruff check --quiet

format: dev ## Check the layout of the code
	@$(PYTHON_HERE) -m ruff format --check

types: dev ## Check the types
	@$(PYTHON_HERE) -m mypy

contracts: dev ## Check who imports whom
	@$(PYTHON_HERE) .venv/bin/lint-imports

# It would warn of each part of a text in which it found nothing to pass over.
BANDIT = $(PYTHON_HERE) -c 'import logging, bandit.cli.main as bandit; logging.disable(logging.WARNING); bandit.main()'

# Migrations that have shipped aren't touched any more, not even by a comment: each has statements of our own names.
security: dev ## Look for what makes attacks easy
	@$(BANDIT) --quiet --recursive --exclude '*/migrations/*' config src
	@$(BANDIT) --quiet --skip B608 $$(find src -path '*/migrations/*.py')

migrations: install ## Check that no migration is missing
	@$(ON_A_THROWAWAY) $(PYTHON_HERE) manage.py makemigrations --check --dry-run

deploy: install ## Check the settings of production
	@$(ON_A_THROWAWAY) ALLOWED_HOSTS=lignage.example \
	    SECRET_KEY=$$($(PYTHON_HERE) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	    $(PYTHON_HERE) manage.py check --deploy --fail-level WARNING --settings config.settings.prod

pytest: dev $(NODE) ## Run the tests
	@$(PYTHON_HERE) -m pytest $(WORKERS) --cov --cov-report=term

soak: dev $(NODE) ## Try the rules for long, on many more random plants
	@HYPOTHESIS_PROFILE=soak $(PYTHON_HERE) -m pytest $(WORKERS)

node: $(NODE_MODULES) ## Install what the example in TypeScript needs, and its tests

$(NODE_MODULES): examples/react/package-lock.json
	@cd examples/react && npm ci

bench: dev ## Measure against SQL by hand
	@$(PYTHON_HERE) -m tests.benchmarks

schema: install ## Store what describes the API and the database anew, unless consumers would lose something
	@$(ON_A_THROWAWAY) $(PYTHON_HERE) manage.py store_api docs/api && \
	    $(PYTHON_HERE) manage.py migrate --verbosity 0 && \
	    $(PYTHON_HERE) manage.py store_schema src/infrastructure/persistence/history/schema.txt

configuration: install ## Describe the environment variables anew in docs/configuration.md
	@$(PYTHON_HERE) -m config.variables >docs/configuration.md

lock: ## Lock the dependencies anew, with uv and npm (FLAGS=--upgrade for newer versions in Python)
	@cd requirements && for name in base dev; do \
	    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(FLAGS) \
	        --output-file $$name.txt $$name.in || exit 1; \
	done
	@cd examples/react && npm run --silent lock
