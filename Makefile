.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
TENANCIES ?= 3000
SEED ?= 2026
PYTHON313 ?= python3.13
PROCESSOR ?= arm64
BUILD ?= .aws-sam/build
SAM := PATH="$(CURDIR)/.venvs/sam/bin:$$PATH" SAM_CLI_TELEMETRY=0 sam
HERE := $(subst aarch64,arm64,$(shell uname -m))
unexport PYTHONDONTWRITEBYTECODE  # what Python compiled once is kept: uv leaves that to the first use

help:  ## what can be done here
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## fill .venv from the pinned, hashed requirements

.venv/installed: .venv/begun tests/requirements.txt
	@$(call fill,.venv,tests/requirements.txt)
	@touch $@

# What the demo needs, and no more. Python's own pip brings uv, where it has one: a pip for this venv alone would
# take as long as all the rest.
.venv/begun: tests/local/requirements.txt pyproject.toml
	@{ $(PYTHON) -m venv --without-pip .venv && $(call bring_uv,$(PYTHON) -m pip --python $(BIN)/python); } 2>/dev/null \
	  || { $(PYTHON) -m venv .venv && $(call bring_uv,$(BIN)/pip); }
	@$(call fill,.venv,tests/local/requirements.txt)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@for half in tests.local.demo $(OTHER_HALF); do $(BIN)/python -c "import $$half" & done; wait
	@touch $@

# What Python would compile when the demo first uses it is compiled here, on two processors.
OTHER_HALF := holidays,samtranslator.translator.translator,arrears.adapters.pdf,functions.publish_report.app

bring_uv = sed -n '/^uv==/,/\# via/p' tests/local/requirements.txt >.venv/uv.txt \
	  && $(1) install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

# Fills a venv from pinned, hashed requirements: by uv in seconds, and by pip in a minute where uv cannot reach them.
fill = $(BIN)/uv pip install --quiet --python $(1)/bin/python --require-hashes -r $(2) 2>/dev/null \
	  || { $(BIN)/python -m ensurepip >/dev/null \
	  && $(BIN)/python -m pip --python $(1)/bin/python install --quiet --disable-pip-version-check --require-hashes -r $(2); }

demo: .venv/begun  ## two months of a made-up portfolio on an embedded AWS; results in out/
	@$(BIN)/python -m tests.local.demo --tenancies $(TENANCIES) --seed $(SEED) --out out

test: install  ## the whole suite
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

check: install  ## style, types, template, texts, the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cfn-lint template.yaml
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive layers/arrears/arrears functions
	$(BIN)/python -m pytest tests/test_house.py
	$(BIN)/python -m pytest -s tests/test_texts.py

years: install  ## two hundred simulated years of 2,000 tenancies
	@FULL_YEARS=$(FULL_YEARS) $(BIN)/python -m tests.proof "years of 2,000"

years: FULL_YEARS ?= 200

prove: install  ## every world that was ever tried, in one table: about half an hour
	@$(BIN)/python -m tests.proof

audit: install .venvs/audit/installed  ## security: the template as it is written and as it is deployed, and the code
	@mkdir -p .aws-sam
	@$(BIN)/python -m tests.local.template >.aws-sam/translated.json
	@for template in template.yaml .aws-sam/translated.json; do \
	  .venvs/audit/bin/checkov --config-file .checkov.yaml --skip-download --file $$template || exit 1; done
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive layers/arrears/arrears functions

sbom: .venvs/sbom/installed  ## what is shipped, as CycloneDX: out/sbom-arrears.json and out/sbom-typst.json
	@mkdir -p out
	@for layer in arrears typst; do PYTHONWARNINGS=ignore .venvs/sbom/bin/cyclonedx-py requirements layers/$$layer/requirements.txt \
	  --pyproject pyproject.toml --output-reproducible --output-file out/sbom-$$layer.json || exit 1; done

deploy: build  ## change the stack of STAGE=dev, test or prod; PARAMETERS="Name=value ..." for what differs
	@$(SAM) deploy --template-file $(BUILD)/template.yaml --config-file $(CURDIR)/samconfig.toml \
	  --config-env $(STAGE:dev=default) $(if $(CI),--no-confirm-changeset) \
	  --parameter-overrides "Stage=$(STAGE) Release=$(shell date -u +%y%m%d%H%M) Processor=$(PROCESSOR) $(PARAMETERS)"

deploy: STAGE ?= dev

timeline: install  ## a year of three tenancies: one never pays, one pays late, one agrees and breaks it
	@$(BIN)/python -m tests.local.timeline

brakes: install  ## what stops a bad snapshot, and the sentence it says
	@$(BIN)/python -m tests.local.brakes

bench: install .venvs/bench/installed  ## what it takes, beside the usual ways; SIZE=, TENANCIES=10000000 for more
	@$(BIN)/python -m tests.bench --size $(SIZE) --tenancies $(TENANCIES)

bench: SIZE ?= 15000
bench: TENANCIES := 200000

.venvs/bench/installed: tests/bench/requirements.txt
	@$(PYTHON) -m venv .venvs/bench
	@.venvs/bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

build: .venvs/sam/installed  ## what is deployed: functions and layers, compiled
	@mkdir -p .aws-sam
	@$(SAM) build --parameter-overrides Processor=$(PROCESSOR) --build-dir $(BUILD) >.aws-sam/build.log 2>&1 \
	  || { cat .aws-sam/build.log; exit 1; }
	@for layer in $(BUILD)/*Layer; do $(COMPILE) -s $$layer -p /opt $$layer || exit 1; done
	@for function in $(BUILD)/*Function; do $(COMPILE) -s $$function -p /var/task $$function || exit 1; done

# The cloud never looks whether a source has changed: its files' times mean nothing after packing.
COMPILE := .venvs/sam/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash

local: install .venvs/cloud/installed  ## the very template deployed on this machine, until Ctrl-C
	@$(MAKE) --no-print-directory here
	@$(BIN)/python -m tests.e2e.local

e2e: install .venvs/cloud/installed .venvs/runtime/installed  ## a month on the deployed stack, its roles, and each function under Lambda's runtime
	@$(MAKE) --no-print-directory here
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope -m deployed tests/e2e tests/runtime

here: .venvs/sam/installed
	@echo "Building the functions and their layers ..."
	@$(MAKE) --no-print-directory build PROCESSOR=$(HERE) BUILD=.aws-sam/here

mutate: .venvs/mutate/installed  ## changes the house in every small way, and asks the tests whether they notice; SAMPLE=all for the whole
	@.venvs/mutate/bin/python -m tests.mutation --sample $(SAMPLE) --only "$(ROOMS)" --jobs $(JOBS)

mutate: SAMPLE ?= 400
mutate: JOBS ?= 2

.venvs/mutate/installed: tests/mutation/requirements.txt
	@$(PYTHON) -m venv .venvs/mutate
	@.venvs/mutate/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@.venvs/mutate/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

servers: install .venvs/cloud/installed $(if $(shell command -v npm),.venvs/dynalite/installed)  ## the adapters' contract on MiniStack and, where npm is, on dynalite
	@$(BIN)/python -m tests.servers

.venvs/dynalite/installed: tests/servers/package-lock.json
	@mkdir -p $(@D)
	@cp tests/servers/package.json $< $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --silent --no-audit --no-fund
	@touch $@

.venvs/%/installed: tests/e2e/%.txt | install
	@$(PYTHON313) --version >/dev/null 2>&1 || { echo "this needs Python 3.13: make PYTHON313=... says where it is"; exit 1; }
	@echo "Filling .venvs/$* from its pinned, hashed requirements ..."
	@$(PYTHON313) -m venv --without-pip .venvs/$*
	@$(call fill,.venvs/$*,$<)
	@touch $@

pins: install  ## pin every requirement again, with hashes and without addresses
	for folder in layers/arrears layers/typst tests/local tests tests/mutation tests/bench; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-header --upgrade -o $$folder/requirements.txt $$folder/requirements.in || exit 1; done
	for name in sam cloud runtime audit sbom; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-header --upgrade -o tests/e2e/$$name.txt tests/e2e/$$name.in || exit 1; done

clean:  ## forget everything that was made
	rm -rf .venv .venvs out .aws-sam

.PHONY: help install demo test check prove years audit sbom deploy timeline brakes build here local e2e servers mutate bench pins clean
