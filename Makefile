# Everything one does with the project. `make` lists it. Only make, Python 3.11 and a network are needed; the rest is fetched.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SILENT:
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
SIZES ?= 10000
BIN := .venv/bin
STAMPS := .venv/stamps
FLASK := $(BIN)/flask --app wsgi

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without compiled modules every start of Python takes ten times as long; `make clean` takes them away.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Visa det här
	awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMPS)/runtime ## Gör miljön (.venv); inget mer
	echo "Klart. Nu fungerar .venv/bin/flask --app wsgi … och make run."

.PHONY: run
run: $(STAMPS)/runtime ## Starta med demodata på http://127.0.0.1:8000 (PORT=… byter port); raderar aldrig något
	AVVIKELSE_ENV=demo $(BIN)/python scripts/run_demo.py --port $(PORT)

.PHONY: test
test: check tools ## Kör alla granskningar och alla tester på båda databaserna (en kvart till en halvtimme på två kärnor)
	$(BIN)/pytest

.PHONY: check
check: $(STAMPS)/dev ## Kör bara granskningarna: ruff, mypy, lagren, mallarna
	bash scripts/check.sh

.PHONY: promises
promises: $(STAMPS)/dev tools ## Kör de långa löftena i full storlek (krasch, påminnelser, mutanter); skriver resultat i docs/promises
	bash scripts/promises.sh

.PHONY: mutants
mutants: $(STAMPS)/dev ## Ändra reglerna på ett ställe i taget, och se om ett prov märker det
	$(BIN)/python scripts/mutants.py

.PHONY: bench
bench: $(STAMPS)/dev tools ## Mät fart på båda databaserna (SIZES=10000,100000 mäter växten); skriver bench/RESULTS.md
	$(BIN)/python -m bench.run --sizes $(SIZES)

.PHONY: docs
docs: $(STAMPS)/runtime ## Skriv om docs/generated ur programmets tabeller
	$(FLASK) docs write

.PHONY: reset
reset: $(STAMPS)/runtime ## Radera demodatabasen och börja om; säger vad som raderas och frågar först
	AVVIKELSE_ENV=demo $(FLASK) database reset

.PHONY: lock
lock: $(STAMPS)/dev ## Lås om beroendena efter en ändring i pyproject.toml
	bash scripts/lock.sh

.PHONY: clean
clean: ## Radera miljön och allt som går att göra om; aldrig databasen
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- behind the targets -----------------------------------------------------------------------------------------------

.PHONY: tools
tools: $(STAMPS)/dev # a browser and a database server for the tests, installed where we may
	bash scripts/tools.sh

$(STAMPS)/runtime: requirements.lock scripts/setup.sh
	bash scripts/setup.sh "$(PYTHON)" requirements.lock
	touch $@

$(STAMPS)/dev: requirements-dev.lock scripts/setup.sh
	bash scripts/setup.sh "$(PYTHON)" requirements-dev.lock
	touch $(STAMPS)/runtime $@
