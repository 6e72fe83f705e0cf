# Every target sets up what it needs in .venv, on a machine with Python 3.11 or newer.

PYTHON ?= python3
PORT ?= 8501
HOST ?= 127.0.0.1
# One more than the cores of a small machine: the tests of a browser wait most of their time.
WORKERS ?= 3
BIN := .venv/bin

.PHONY: run test check bench words

run: .venv/runtime
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT) --server.address $(HOST)

test: .venv/dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_layers.py

bench: .venv/dev
	$(BIN)/python -m tests.support.chromium
	$(BIN)/python -m bench

words: .venv/dev
	$(BIN)/python -m tests.support.catalogue

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/runtime: .venv/python requirements.txt
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/dev: .venv/runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@
