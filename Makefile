# Two commands matter: `make run` and `make test`. Both need Python 3.11 or newer and nothing else.
# TORCH=cpu after either takes PyTorch's build without the libraries of NVIDIA cards.

PY := .venv/bin/python
export PYTHON TORCH
# Who can reach the machine can open the app, which asks nobody for a password.
ADDRESS ?= $(or $(STREAMLIT_SERVER_ADDRESS),localhost)

.DEFAULT_GOAL := help
.PHONY: help run test thorough libraries docs load bench validate constraints words format clean app dev

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done

run: app ## install what the app needs, then serve it; ADDRESS=0.0.0.0 serves the whole network
	$(PY) -m streamlit run app.py --server.address=$(ADDRESS)

test: dev ## lint, types, import contracts and every test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
	@bash scripts/tests.sh

thorough: dev ## the tests that take too long for every change
	$(PY) -m pytest -m thorough

libraries: dev ## models of Lightning, darts, gluonts and other libraries, in an environment beside .venv
	@bash scripts/libraries.sh

docs: dev ## build the documentation into build/docs
	@NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict --quiet
	@echo "Open build/docs/index.html"

load: dev ## thirty visitors at once: what they wait for, and what they cost
	$(PY) -m bench.load

bench: dev ## measure what the product promises, and print it
	@for each in bench/[a-z]*.py; do $(PY) -m bench.$$(basename "$$each" .py) || exit 1; done

validate: dev ## train the experiments whose results are known, and print ours beside them
	$(PY) -m scripts.validate

constraints: dev ## pin what is installed here and needed indirectly
	$(PY) -m scripts.constraints

words: dev ## collect the marked sentences and update the catalogues
	$(PY) scripts/words.py

format: dev ## format, and mend what lint can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean: ## remove the environment and what tools left behind
	rm -rf .venv build dist *.egg-info .*_cache test-results

app dev:
	@bash scripts/install.sh $@
