.DEFAULT_GOAL := help
PYTHON ?= python3
APP := .venv/bin/python
ENGINE := .venv-engine/bin

.PHONY: help setup run

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

setup: ## Make both Python environments and build the browser code
	@$(PYTHON) scripts/setup.py

run: setup ## Run everything: chat, console, engine, on SQLite
	@$(APP) -m scripts.run
