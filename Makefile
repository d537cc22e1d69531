# Two commands matter: `make run` and `make test`. Both need Python 3.11 or newer and nothing else.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
SERVE ?=

.DEFAULT_GOAL := help
.PHONY: help run test bench words format clean venv browser

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

run: $(VENV)/.app ## install what the app needs, then serve it
	$(PY) -m streamlit run app.py $(SERVE)

test: $(VENV)/.dev browser ## lint, types, import contracts and every test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
	$(PY) -m pytest

bench: $(VENV)/.dev browser ## measure what the product promises, print it
	@for each in bench/[a-z]*.py; do $(PY) -m bench.$$(basename "$$each" .py) || exit 1; done

words: $(VENV)/.dev ## collect the marked sentences, update the catalogues
	$(PY) scripts/words.py

format: $(VENV)/.dev ## format, and mend what lint can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) build dist *.egg-info .*_cache test-results

venv:
	@bash scripts/make_venv.sh $(VENV)

browser: $(VENV)/.dev
	@bash scripts/find_chromium.sh $(PY)

# A stamp is as old as the installation it stands for. Packages are installed anew when their list changes.
$(VENV)/.app: requirements.txt | venv
	@echo "Installing the app's packages into $(VENV) (PyTorch is large: the first time takes a few minutes) ..."
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.app pyproject.toml
	@echo "Installing the tests' packages into $(VENV) ..."
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --group dev
	@touch $@
