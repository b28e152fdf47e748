# `make train` and `make test` need Python 3.11 or newer and nothing else: each sets up .venv first.
#   PYTHON=python3.12  another interpreter        PIP_FLAGS="--index-url ..."  another index, e.g. of CPU wheels
#   ARGS="..."         arguments for train.py or pytest

PYTHON ?= python3
PIP_FLAGS ?=
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# On few cores every extra OpenMP thread costs more than it brings (SB3: up to 15 times slower).
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup train test nightly test-oldest lint format clean

help:
	@echo "make train    set up, train a fleet, compare it with every rule"
	@echo "make test     set up, then format, lint, types, import contracts and tests"
	@echo "make nightly  ten thousand drawn satellites and games, each played to its end"
	@echo "make test-oldest   the faces at the oldest Gymnasium supported"
	@echo "make lint     only the static checks    make format    repair what ruff can"
	@echo "make clean    remove .venv and caches"

setup: $(READY)

# One resolver call against exact pins: torch comes as the CPU build wherever the index offers one,
# since 2.13.0+cpu sorts above 2.13.0. The stamp is written last, so a broken set-up is redone.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "sunward needs Python 3.11 or newer, $(PYTHON) is older: make PYTHON=python3.12"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV), a minute or two ..."
	$(BIN)/python -m pip install --quiet $(PIP_FLAGS) -c constraints.txt -e ".[agents,dev]"
	@touch $@

train: $(READY)
	$(BIN)/python train.py $(ARGS)

test: lint
	$(BIN)/python -m pytest $(ARGS)

# The draws of tests/core/any_world.py, of which the ordinary tests take sixty. About an hour.
nightly: $(READY)
	SUNWARD_DRAWS=10000 $(BIN)/python -m pytest tests/core/test_any_hardware.py \
	  tests/physics/test_limits.py $(ARGS)

# The faces at the oldest Gymnasium that is supported, in an environment of its own.
test-oldest: $(READY)
	test -x .venv-oldest/bin/python || $(PYTHON) -m venv .venv-oldest
	sed '/^gymnasium==/d' constraints.txt > .venv-oldest/constraints.txt
	.venv-oldest/bin/python -m pip install --quiet $(PIP_FLAGS) -c .venv-oldest/constraints.txt \
	  gymnasium==1.2.2 -e ".[agents,dev]"
	.venv-oldest/bin/python -m pytest tests/faces $(ARGS)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .venv-oldest .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist
