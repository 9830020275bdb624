# Yiwang (一网). `make` alone lists what can be made.
PYTHON ?= python3
WITH = @$(PYTHON) -m yiwang.project.environment
VENV = .venv/bin
PLACE = $(if $(DISTRICT),--district $(DISTRICT)) $(if $(DATA),--data $(DATA))
LOCK = --quiet --generate-hashes --allow-unsafe --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --strip-extras
export PYTHONPATH = $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help setup run demo replay test check bench kill-drill workers-drill messages docs lock new-app reset

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

setup: ## environment with everything a developer needs
	$(WITH) dev

run: ## start everything and serve; PORT= DISTRICT= DATA= SCALE= may be given
	$(WITH) run -- yiwang.project.command run $(PLACE) $(if $(PORT),--port $(PORT)) $(if $(SCALE),--scale $(SCALE))

demo: ## the district with two per cent of the year behind it, living on; PORT= DISTRICT= DATA= SCALE= may be given
	$(WITH) run -- yiwang.project.command run $(PLACE) $(if $(PORT),--port $(PORT)) --scale $(or $(SCALE),0.02)

replay: ## replay the scenarios of all apps into a data folder; SCALE=0.01 DATA= DISTRICT=
	$(WITH) run -- yiwang.project.command replay $(PLACE) $(if $(SCALE),--scale $(SCALE))

test: ## the whole suite, browser tests included; ARGS= for pytest
	$(WITH) dev -- yiwang.project.trial $(ARGS)

check: ## style, types, import contracts, system checks, migrations, house tests
	$(WITH) dev -- yiwang.project.checks

bench: ## measure every figure beside its baseline; writes var/bench.json; ONLY= names one module
	$(WITH) dev -- yiwang.project.trial --durable --run benchmarks $(ONLY)

kill-drill: ## kill -9 server, worker and PostgreSQL during a replay, and look for lost steps
	$(WITH) dev -- benchmarks.kill_drill $(ARGS)

workers-drill: ## four workers on 20,000 cases whose clocks rang; look for anything done twice or left out
	$(WITH) dev -- benchmarks.workers_drill $(ARGS)

messages: ## write the English catalogue anew from the sources
	$(WITH) dev -- yiwang.project.messages

docs: ## generate the glossary, the settings and the fact blocks of docs/
	$(WITH) dev -- yiwang.project.pages

lock: ## resolve requirements/*.in into locked files with hashes
	$(WITH) dev
	cd requirements && for name in run dev node postgres outline; do ../$(VENV)/pip-compile $(LOCK) -o $$name.txt $$name.in || exit 1; done

new-app: ## a new app, green at once: NET=governance KEY=dog_licence TITLE=养犬登记
	$(WITH) dev -- yiwang.project.scaffold --net "$(NET)" --key "$(KEY)" --title "$(TITLE)"

reset: ## wipe the data of a folder after asking; DATA= DISTRICT=
	$(WITH) run -- yiwang.project.command reset $(PLACE)
