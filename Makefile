# `make run` shows the ledger, `make test` checks everything. `make` alone lists what there is.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint types units format bench docs lock demo-kafka demo-audit clean

BIN := .venv/bin
DEMO_PEOPLE ?= 20000
SOURCES := ledger streams web cli simulation publisher tests docs conftest.py $(wildcard benchmarks)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## make .venv and everything that the tests need; nothing to do by hand
	@PYTHON="$(PYTHON)" bash infra/setup.sh all
	@echo "Ready. 'make run' starts the ledger with $(DEMO_PEOPLE) simulated people, 'make test' checks everything."

run: ## start the ledger with a simulated population, until Ctrl-C
	@PYTHON="$(PYTHON)" bash infra/setup.sh run
	@echo "Starting the ledger with $(DEMO_PEOPLE) simulated people. It prints the address to open; Ctrl-C stops it."
	@exec $(BIN)/ledger up --demo $(DEMO_PEOPLE)

test: setup lint types units ## everything: format, lint, imports, types, all tests

lint:
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/lint-imports --no-cache

types:
	$(BIN)/mypy

units:
	infra/docker/with-engine.sh $(BIN)/pytest -n 2 --dist loadfile --durations 15

format: ## format the code and mend what can be mended by itself
	@PYTHON="$(PYTHON)" bash infra/setup.sh run
	$(BIN)/ruff check --fix --exit-zero $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: ## measure what the README's figures come from (ONLY="fold sequencer" for some)
	@PYTHON="$(PYTHON)" bash infra/setup.sh run
	$(BIN)/python -m benchmarks $(ONLY)

docs: ## write docs/reference anew from the code
	@PYTHON="$(PYTHON)" bash infra/setup.sh run
	$(BIN)/python -m docs.generate

lock: ## resolve pyproject.toml into requirements.lock (add UPGRADE=1 to take newer versions)
	@PYTHON="$(PYTHON)" bash infra/setup.sh run
	@bash infra/lock.sh $(if $(UPGRADE),--upgrade)

demo-kafka: ## three brokers, 200 000 events with harsh faults through Kafka, kills half-way, and the reconciliation
	@PYTHON="$(PYTHON)" bash infra/setup.sh kafka
	@exec $(BIN)/python -m cli.kafka_demo

demo-audit: ## a ledger that an outside tool verifies, nine attacks on copies of it, and what caught each
	@PYTHON="$(PYTHON)" bash infra/setup.sh kafka
	@exec $(BIN)/python -m cli.audit_demo

clean: ## remove .venv and caches; keeps your data folder
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis tests/asyncapi/node_modules tests/accessibility/node_modules
