# Two commands matter: `make demo` sets up and runs the main job, `make test` sets up and passes the tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
DEMO_TERRITORY ?= examples/lanling
DEMO_PACK ?= lanling-2017
DEMO_DATE ?= 2018-06-30
DEMO_OUT ?= out/demo
DEMO_PORT ?= 8000
DEMO_DATA ?= out/platform
# DEMO_SERVE=0 plans, loads and stops, for machines without a screen.
DEMO_SERVE ?= 1

# What is tested on SQLite with everything else, and on PostgreSQL by itself.
ON_BOTH := tests/web tests/e2e/platform
# Three on two cores: a process that waits for a server, a browser or a database leaves its core to another.
AT_ONCE := -n 3 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help sbom demo test check lint types imports tests mutants setup-run setup-test lock frontend benchmarks clean bench-peers

help:
	@echo "make demo   set up, plan a real county and open the platform on it"
	@echo "make test   set up and run every check and test"
	@echo "make check  every check and test, without setting up"
	@echo "make sbom   list what it is made of, with licences"
	@echo "make mutants  show that every planted fault is noticed"
	@echo "make lock   compile requirements/*.lock anew"

demo: setup-run
	$(BIN)/linli plan $(DEMO_TERRITORY) --pack $(DEMO_PACK) --on $(DEMO_DATE) --out $(DEMO_OUT) --seed 1
ifneq ($(DEMO_SERVE),0)
	LINLI_DATA=$(DEMO_DATA) $(BIN)/linli serve --demo $(DEMO_OUT) --port $(DEMO_PORT)
else
	LINLI_DATA=$(DEMO_DATA) $(BIN)/linli serve --demo $(DEMO_OUT) --load-only
endif

test: setup-test check

check: lint types imports tests

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

tests:
	mkdir -p build
	$(BIN)/python -m slipcover --json --out build/coverage.json -m pytest $(AT_ONCE) -m "not postgresql_alone"
	$(BIN)/python scripts/coverage-limit build/coverage.json 90
	scripts/postgresql-for-tests $(BIN)/pytest $(AT_ONCE) -m "not any_database" $(ON_BOTH)

# Plants each fault of tests/mutants in a copy and shows that the nearest tests notice; FAULTS="D1 S4" for some.
mutants: setup-test
	$(BIN)/python benchmarks/planted_faults.py $(FAULTS)

setup-run: $(VENV)/.run
setup-test: $(VENV)/.test

$(VENV)/.bootstrap: requirements/bootstrap.lock
	scripts/system-packages run
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	touch $@

$(VENV)/.run: $(VENV)/.bootstrap requirements/run.lock pyproject.toml
	$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/run.lock
	$(UV) install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.lock
	scripts/system-packages test
	$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/test.lock
	touch $@

# Locks carry hashes and no addresses (docs/decisions/0001-locks-without-addresses.md).
COMPILE := $(UV) compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	echo "uv" | $(COMPILE) - -o requirements/bootstrap.lock
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.lock
	$(COMPILE) pyproject.toml requirements/build.in --extra test -o requirements/test.lock
	$(COMPILE) pyproject.toml --extra sbom -o requirements/sbom.lock

# What the platform is made of (CycloneDX), and under which licences: what runs, and what is built into its pages.
sbom: $(VENV)/.bootstrap requirements/run.lock requirements/sbom.lock
	rm -rf build/sbom && mkdir -p build/sbom out/sbom
	$(PYTHON) -m venv --without-pip build/sbom/run && $(PYTHON) -m venv --without-pip build/sbom/tool
	$(UV) install -q --python build/sbom/run/bin/python --require-hashes -r requirements/run.lock
	$(UV) install -q --python build/sbom/tool/bin/python --require-hashes -r requirements/sbom.lock
	build/sbom/tool/bin/cyclonedx-py environment build/sbom/run/bin/python --pyproject pyproject.toml \
	  --output-reproducible --validate -o out/sbom/python.cdx.json
	cd frontend && npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application > ../out/sbom/frontend.cdx.json
	scripts/licences out/sbom/python.cdx.json out/sbom/frontend.cdx.json > out/sbom/licences.csv

frontend:
	cd frontend && npm ci && npm run build

# The programs that the benchmarks measure ours against, in an environment of their own.
bench-peers: $(VENV)/.bootstrap
	test -x .peers/bin/python || $(PYTHON) -m venv .peers
	$(UV) install -q --python .peers/bin/python -r benchmarks/requirements-peers.txt

clean:
	rm -rf out build dist .mypy_cache .ruff_cache .pytest_cache
