# The commands of this house. `make run` and `make test` need nothing done before.
PYTHON ?= python3
BIN := .venv/bin
BUREAU ?=

.PHONY: run test setup lock

run: setup
ifeq ($(BUREAU),)
	@exec $(BIN)/jianbao up --sample
else
	@exec $(BIN)/jianbao up "$(BUREAU)"
endif

test: setup
	$(BIN)/python -m pytest $(ARGS)

setup: .venv/.done

# Debian and Ubuntu split venv from python3: when it is missing and we may, fetch it; else say what to do.
.venv/.done: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "The venv module is missing: run  sudo apt-get install python3-venv  and try again"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.lock
