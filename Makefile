.DEFAULT_GOAL := help
PYTHON ?= python3
APP := .venv/bin
ENGINE := .venv-engine/bin
DATA_DIR := $(or $(KONTAKT_DATA_DIR),var)
AUDIENCE ?= citizen

.PHONY: help setup run test check types lock protocol train evaluate bench-record account placeholders stamp

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: ## Make both Python environments and build the browser code
	@$(PYTHON) scripts/setup.py

run: setup ## Run everything: chat, console, engine, on SQLite
	@$(APP)/python -m scripts.run

test: setup ## Run every test: unit, property, contract, engine and browser
	@$(APP)/python -m scripts.test $(ARGS)

check: setup ## Lint, types, import directions, data, requirement files, registry hosts
	@$(APP)/python -m scripts.check

train: setup ## Train the assistant if its inputs changed
	@$(ENGINE)/kontakt-train $(DATA_DIR)/engine

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
