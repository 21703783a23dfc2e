# make demo: see it. make test: prove it. Everything else is for who works on it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
SERVE ?= 1
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

export PORT SERVE

.PHONY: install demo test bench lint apt requirements messages docs clean

$(VENV)/.created:
	@sh requirements/make-venv.sh $(PYTHON) $(VENV)
	@touch $@

$(STAMP)-base: requirements/base.txt | $(VENV)/.created
	@echo "Instalo las dependencias de Python, solo esta vez…"
	@$(PIP) -r requirements/base.txt
	@touch $@

$(STAMP)-test: requirements/test.txt | $(VENV)/.created apt
	@echo "Instalo las dependencias de Python, solo esta vez…"
	@$(PIP) -r requirements/test.txt
	@touch $@ $(STAMP)-base

## The virtual environment for development and tests.
install: $(STAMP)-test
	@$(PIP) -r requirements/development.txt

## The Debian packages of requirements/apt.txt, where they are missing and may be installed.
apt:
	@sh requirements/install-apt.sh

## Migrate, make demo data, start web and worker, run the ETL through the queue, serve.
demo: $(STAMP)-base
	@exec $(BIN)/python -m callcentersite.demo

## All tests: on the embedded databases and, at the same time, on throwaway PostgreSQL and MariaDB.
test: $(STAMP)-test
	$(BIN)/python -m tests $(PYTEST_ARGS)

## Speed, measured side by side on servers that it starts itself.
bench: $(STAMP)-test
	$(BIN)/python -m tests.benchmarks $(BENCH_ARGS)

## Style, types, layers, migrations, settings, translations.
lint: $(STAMP)-test
	@VENV=$(VENV) bash .ci/lint

## Compile requirements/*.in for Python 3.11 to 3.13.
requirements:
	for name in base mariadb test development production; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
	    --no-emit-find-links --custom-compile-command "make requirements" \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done

## Collect the texts to translate, and compile the translations.
messages: $(STAMP)-test
	@VENV=$(VENV) bash .ci/messages

## Generate the part of docs/ that is read from the code.
docs: $(STAMP)-test
	$(BIN)/python -m tests.house.generate_docs

clean:
	rm -rf .data $(VENV) .mypy_cache .pytest_cache .ruff_cache staticfiles
