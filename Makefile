.DEFAULT_GOAL := help
PYTHON ?= python3
APP := .venv/bin
ENGINE_ENV := .venv-engine/bin
DATA_DIR := $(or $(KONTAKT_DATA_DIR),var)
AUDIENCE ?= citizen
DURATION ?= 600
SEED ?= 1
RUNS ?= 1000
ENGINE ?= rasa
WIDGETS ?= 200
MASSIVE ?= $(firstword $(wildcard data/massive ../massive ../shared/massive))
#: What liblinear needs, see STEADY_MALLOC in bot/train.py.
STEADY := MALLOC_ARENA_MAX=1 MALLOC_TOP_PAD_=1048576 TF_CPP_MIN_LOG_LEVEL=3 PYTHONWARNINGS=ignore

.PHONY: help setup run run-cluster chaos test check types lock protocol train evaluate compare bench bench-engine bench-nlu bench-pages bench-record reliability rollout-simulation account placeholders stamp swap-test misses bench-inbox bench-training accessibility soak

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-20s %s\n", $$1, $$2}'

setup: ## Make both Python environments and build the browser code
	@$(PYTHON) scripts/setup.py

run: setup ## Run everything: chat, console, engine, on SQLite
	@$(APP)/python -m scripts.run

run-cluster: setup ## Run two replicas, two engines, PostgreSQL and Redis behind HAProxy
	@$(APP)/python -m scripts.run_cluster

chaos: setup ## Kill, cut and delay a cluster under load, then check: DURATION=600 SEED=1 ENGINE=rasa|double
	@$(APP)/python -m tests.chaos --duration "$(DURATION)" --seed "$(SEED)" --engine "$(ENGINE)"

soak: setup ## Disturb real widgets in a real browser, then check what each shows: DURATION=600 WIDGETS=200 SEED=1 DATABASE=sqlite|postgres
	@$(APP)/python -m tests.soak --duration "$(DURATION)" --widgets "$(WIDGETS)" --seed "$(SEED)" --database "$(or $(DATABASE),sqlite)"

test: setup ## Run every test: unit, property, contract, engine and browser
	@$(APP)/python -m scripts.test $(ARGS)

swap-test: setup ## Swap two real models under load, with kills, and check every turn: RATE=0.5 MODEL=file
	@$(APP)/python -m tests.swap $(if $(RATE),--rate "$(RATE)") $(if $(MODEL),--model "$(MODEL)")

check: setup ## Lint, types, import directions, data, requirement files, registry hosts
	@$(APP)/python -m scripts.check

train: setup ## Train the assistant if its inputs changed: DATA=folder, the data folder by default
	@$(if $(DATA),KONTAKT_DATA="$(abspath $(DATA))") $(ENGINE_ENV)/kontakt-train $(DATA_DIR)/engine

evaluate: setup ## Ask FILE=questions.jsonl as AUDIENCE=citizen|staff, write OUT=decisions.jsonl
	@$(APP)/python -m scripts.evaluate --file "$(FILE)" --audience "$(AUDIENCE)" --out "$(OUT)"

compare: setup ## Tell whether model B may take the place of model A (paths or kept names); fails when the gate is closed
	@$(APP)/python -m scripts.compare "$(A)" "$(B)" $(if $(DATA),--data "$(DATA)") $(if $(OUT),--out "$(OUT)")

bench-record: setup ## Measure beside the machine's own limits; ONLY=relay|turn|idle DATABASE=sqlite|postgres QUICK=1
	@$(APP)/python -m bench.record

bench-engine: setup ## Measure one engine process: a parse, a turn, many turns at once, memory
	@$(APP)/python -m bench.engine

bench-nlu: setup ## Compare pipelines on MASSIVE=folder (sv-SE.train.jsonl, sv-SE.dev.jsonl) and, with OWN=1, on our own questions
	@$(STEADY) $(ENGINE_ENV)/kontakt-compare $(if $(MASSIVE),--massive "$(MASSIVE)") $(if $(OWN),--own)

bench-pages: setup ## Weigh and time the pages in a real browser, beside the plainest answer; and what axe finds
	@$(APP)/python -m bench.pages

bench-inbox: setup ## Label a hundred missed texts in a real browser, and read a page of 20 000 misses
	@$(APP)/python -m bench.inbox

bench-training: setup ## Train and judge while people chat: how long it takes, and how long they wait; COLD=1
	@$(APP)/python -m bench.training $(if $(COLD),--cold)

misses: setup ## Make the inbox anew from the record, as after an upgrade to the first release that has it
	@$(APP)/python -m handover.tuning.inbox

accessibility: setup ## Look at every state of chat and portal, write data/accessibility.json for the accessibility statement
	@$(APP)/python -m scripts.accessibility

reliability: train ## Draw how honest the confidences of the trained model are: docs/images/reliability.svg
	@$(STEADY) $(ENGINE_ENV)/kontakt-reliability $(DATA_DIR)/engine --plot docs/images/reliability.svg

rollout-simulation: setup ## Simulate how FAQs go up and down, write docs/supervision.md and its plot: SEED=1 RUNS=1000
	@$(APP)/python -m scripts.rollout_simulation --seed "$(SEED)" --runs "$(RUNS)" --page docs/supervision.md --figures build/rollout.json
	@$(ENGINE_ENV)/python -I scripts/rollout_plot.py build/rollout.json docs/images/rollout.svg

bench: bench-engine bench-record ## Measure everything that has a figure to reach

account: setup ## Add somebody who can sign in: USERNAME=… NAME=… ROLE=guide,lead,editor,analyst,admin,staff
	@$(APP)/python -m scripts.account --username "$(USERNAME)" --name "$(NAME)" --role "$(ROLE)"

placeholders: setup ## List the gaps in the catalogue that the municipality fills in
	@$(APP)/python -m catalogue placeholders

stamp: setup ## Mark translations as made from today's Swedish texts
	@$(APP)/python -m catalogue stamp

protocol: setup ## Write docs/protocol.schema.json, the table of docs/roles.md and the browser code's types from the code
	@$(APP)/python -m handover.api.schema
	@$(APP)/python -m handover.access_table
	@$(APP)/python -m scripts.npm run types

lock: setup ## Compile the hashed requirement files from pyproject.toml
	@$(APP)/python -m scripts.lock
