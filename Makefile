.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
TENANCIES ?= 3000
SEED ?= 2026

help:  ## what can be done here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## fill .venv from the pinned, hashed requirements

.venv/installed: tests/requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## two months of a made-up portfolio on an embedded AWS; results in out/
	@$(BIN)/python -m tests.local.demo --tenancies $(TENANCIES) --seed $(SEED) --out out

test: install  ## the whole suite
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

check: install  ## style, types, template, texts, the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cfn-lint template.yaml
	$(BIN)/python -m pytest tests/test_house.py
	$(BIN)/python -m pytest -s tests/test_texts.py

timeline: install  ## a year of three tenancies: one never pays, one pays late, one agrees and breaks it
	@$(BIN)/python -m tests.local.timeline

brakes: install  ## what stops a bad snapshot, and the sentence it says
	@$(BIN)/python -m tests.local.brakes

pins: install  ## pin every requirement again, with hashes and without addresses
	for folder in layers/arrears layers/typst tests; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-header --upgrade -o $$folder/requirements.txt $$folder/requirements.in || exit 1; done

clean:  ## forget everything that was made
	rm -rf .venv out .aws-sam

.PHONY: help install demo test check timeline brakes pins clean
