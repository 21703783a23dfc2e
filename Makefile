# make demo: see it. make test: prove it. Everything else is for who works on it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
SERVE ?= 1
STAMP := $(VENV)/.installed
SUDO := $(shell test "$$(id -u)" = 0 || command -v sudo)

.PHONY: install demo test bench lint apt requirements messages clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP)-base: requirements/base.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/base.txt
	touch $@

$(STAMP)-test: requirements/test.txt | $(BIN)/python apt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
	touch $@ $(STAMP)-base

## The virtual environment for development and tests.
install: $(STAMP)-test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/development.txt

## The Debian packages of requirements/apt.txt, where they are missing and may be installed.
apt:
	@sh requirements/install-apt.sh

## Migrate, make demo data, start web and worker, run the ETL through the queue, serve.
demo: $(STAMP)-base
	@PORT=$(PORT) SERVE=$(SERVE) $(BIN)/python -m callcentersite.demo

## All tests: on the embedded databases, then on throwaway PostgreSQL and MariaDB servers.
test: $(STAMP)-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)
	$(BIN)/python -m tests.servers -- $(BIN)/python -m pytest $(PYTEST_ARGS)

## Speed, measured side by side on servers that it starts itself.
bench: $(STAMP)-test
	$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

lint: $(STAMP)-test
	sh .ci/lint

## Compile requirements/*.in for Python 3.11 to 3.13.
requirements:
	for name in base mariadb test development production; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
	    --no-emit-find-links --custom-compile-command "make requirements" \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

## Collect the texts to translate, and compile the translations.
messages:
	sh .ci/messages

clean:
	rm -rf .data $(VENV) .mypy_cache .pytest_cache .ruff_cache staticfiles
