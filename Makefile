# The habits of this project. Each target sets up what it needs, and takes no time for it when nothing changed.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
READY := .venv/.installed
DEBIAN_POSTGRES := /usr/lib/postgresql/15/bin
export CHROMIUM ?= /usr/bin/chromium

.PHONY: run test lint e2e chaos chaos-demo mutants bench bench-search bench-catalog demo
.PHONY: clean requirements test-pg15 test-deployment
.DEFAULT_GOAL := run

# Serve the shop on http://127.0.0.1:$${PORT:-8000} until Ctrl-C, with servers of its own.
run: $(READY)
	@exec $(MANAGE) run

test: $(READY)
	@$(BIN)/pytest -n 2

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@DATABASE_POOL_MAX=0 $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(MANAGE) check

# A customer and a clerk, against the whole shop as `make run` starts it.
e2e: $(READY) $(CHROMIUM)
	@$(BIN)/pytest -m e2e

# The browser that drives the back office; elsewhere than on Debian, CHROMIUM says where it is.
$(CHROMIUM):
	@test "$$(id -u)" = 0 || { echo "make e2e needs Chromium: apt-get install chromium, or set CHROMIUM."; exit 1; }
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium

# Workers, gateway, databases and broker die for minutes on end, and nothing may be lost or happen twice: one table at
# the end says so. Root gets what is missing of RabbitMQ and libfaketime; without them those tests are skipped.
chaos: $(READY)
	@test -x /usr/lib/rabbitmq/bin/rabbitmq-server -a -d /usr/lib/$$(uname -m)-linux-gnu/faketime || \
		test "$$(id -u)" != 0 || { apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends rabbitmq-server libfaketime; }
	@$(BIN)/pytest -m chaos

# Seven ways to break a shop of its own, told as it happens with the rows to look at; fails when a claim does not hold.
chaos-demo: $(READY)
	@$(BIN)/python -m ecommerce.demonstrations

# Protections of the engine are taken away one by one; some test must notice each.
mutants: $(READY)
	@$(BIN)/python -m ecommerce.tests.mutants

bench: $(READY)
	@$(BIN)/python -m ecommerce.bench

# How well the search answers: DATA=folder with the products, RATINGS="file.csv ..." for other judgments.
bench-search: $(READY)
	@$(BIN)/python -m ecommerce.bench search $(if $(DATA),--data $(DATA)) $(foreach file,$(RATINGS),--ratings $(file))

# How fast catalogues of 10 thousand, 100 thousand and a million products answer: SIZES="10000 100000" for others,
# JSON=file for the figures.
bench-catalog: $(READY)
	@$(BIN)/python -m ecommerce.bench catalogue $(if $(SIZES),--sizes $(SIZES)) $(if $(JSON),--json $(JSON))

demo: $(READY)
	@$(MANAGE) demo --standalone

# The suite on PostgreSQL 15 as Debian ships it: a cluster of its own under .local, on its own socket.
test-pg15: $(READY) $(DEBIAN_POSTGRES)/postgres
	@$(MANAGE) services start --postgres $(DEBIAN_POSTGRES)
	@env $$($(MANAGE) services env --postgres $(DEBIAN_POSTGRES) | grep DATABASE_URL) $(BIN)/pytest -n 2; \
		outcome=$$?; $(MANAGE) services stop --postgres $(DEBIAN_POSTGRES); exit $$outcome

# The shop behind PgBouncer and on RabbitMQ, as docker/ deploys them. Root gets what is missing of Debian's packages;
# without them those tests are skipped.
test-deployment: $(READY)
	@test -x /usr/sbin/pgbouncer -a -x /usr/lib/rabbitmq/bin/rabbitmq-server || \
		test "$$(id -u)" != 0 || { apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends pgbouncer rabbitmq-server; }
	@$(BIN)/pytest -m deployment -n 2

# Debian would start a cluster on the standard port with the installation; its configuration file says not to.
$(DEBIAN_POSTGRES)/postgres:
	mkdir -p /etc/postgresql-common
	grep -qs create_main_cluster /etc/postgresql-common/createcluster.conf \
		|| echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
		-o Dpkg::Options::=--force-confold postgresql-15

# Stop the servers and remove everything that is not in git: data, virtual environment, caches.
clean:
	@test ! -x $(BIN)/python || $(MANAGE) services stop
	rm -rf .local .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Choose the newest versions that fit together, and pin them all.
requirements: $(READY)
	@cd requirements && for name in base dev production; do \
		../$(BIN)/pip-compile --quiet --upgrade --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host \
			--no-emit-find-links --output-file $$name.txt $$name.in || exit 1; \
		printf '#\n# Compiled by pip-compile (`make requirements`); edit the .in file instead.\n' \
			| cat - $$name.txt > $$name.new && mv $$name.new $$name.txt; \
	done

# The servers' system user must be able to read what root installs, whatever root's umask is.
$(READY): requirements/dev.txt
	@umask 022; test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@umask 022; $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input -r requirements/dev.txt
	@touch $(READY)
