.DEFAULT_GOAL := help
PYTHON ?= python3
APP := .venv/bin
ENGINE_ENV := .venv-engine/bin
DATA_DIR := $(or $(KONTAKT_DATA_DIR),var)
AUDIENCE ?= citizen
DURATION ?= 600
SEED ?= 1
ENGINE ?= rasa

.PHONY: help setup run run-cluster chaos test check types lock protocol train evaluate bench-record account placeholders stamp

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: ## Make both Python environments and build the browser code
	@$(PYTHON) scripts/setup.py

run: setup ## Run everything: chat, console, engine, on SQLite
	@$(APP)/python -m scripts.run

run-cluster: setup ## Run two replicas, two engines, PostgreSQL and Redis behind HAProxy
	@$(APP)/python -m scripts.run_cluster

chaos: setup ## Kill, cut and delay a cluster under load, then check: DURATION=600 SEED=1 ENGINE=rasa|double
	@$(APP)/python -m tests.chaos --duration "$(DURATION)" --seed "$(SEED)" --engine "$(ENGINE)"

test: setup ## Run every test: unit, property, contract, engine and browser
	@$(APP)/python -m scripts.test $(ARGS)

check: setup ## Lint, types, import directions, data, requirement files, registry hosts
	@$(APP)/python -m scripts.check

train: setup ## Train the assistant if its inputs changed
	@$(ENGINE_ENV)/kontakt-train $(DATA_DIR)/engine

evaluate: setup ## Ask FILE=questions.jsonl as AUDIENCE=citizen|staff, write OUT=decisions.jsonl
	@$(APP)/python -m scripts.evaluate --file "$(FILE)" --audience "$(AUDIENCE)" --out "$(OUT)"

bench-record: setup ## Measure beside the machine's own limits; ONLY=relay|turn|idle DATABASE=sqlite|postgres QUICK=1
	@$(APP)/python -m bench.record

account: setup ## Add somebody who can sign in: USERNAME=… NAME=… ROLE=guide|staff
	@$(APP)/python -m scripts.account --username "$(USERNAME)" --name "$(NAME)" --role "$(ROLE)"

placeholders: setup ## List the gaps in the catalogue that the municipality fills in
	@$(APP)/python -m catalogue placeholders

stamp: setup ## Mark translations as made from today's Swedish texts
	@$(APP)/python -m catalogue stamp

protocol: setup ## Write docs/protocol.schema.json and the browser code's types from the code
	@$(APP)/python -m handover.api.schema
	@$(APP)/python -m scripts.npm run types

lock: setup ## Compile the hashed requirement files from pyproject.toml
	@$(APP)/python -m scripts.lock
