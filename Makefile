# Everything that is done with this repository; `make` lists it.
SHELL := /bin/sh
GO ?= go

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what is missing: PostgreSQL, Dovecot, and a C compiler for the race detector
	@scripts/setup.sh

build: ## build bin/scadenzario
	@$(GO) build -trimpath -o bin/scadenzario ./cmd/scadenzario

demo: build ## the main job, end to end, on the real plan, into var/
	@scripts/setup.sh demo
	@scripts/demo.sh

check: setup ## formatting, vet, staticcheck and every test
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change (make fmt does it):"; echo "$$unformatted"; exit 1; fi
	@$(GO) vet ./...
	@$(GO) tool staticcheck ./...
	@$(GO) test -race -shuffle=on -timeout 30m -skip '^TestAYearAsItIsExpected$$' ./...
	@$(GO) test -timeout 10m -run '^TestAYearAsItIsExpected$$' ./jobs # one job at a time: nothing for the race detector

fmt: ## format the Go files
	@gofmt -w $$(git ls-files '*.go')

golden: ## write the golden files and the schema anew: read the difference like code
	@$(GO) test ./templates ./store -update
	@$(GO) test ./mailer ./report -update

cover: ## statement coverage by package
	@$(GO) test -cover ./...

faults: setup ## the invariants with their full number of trials (an hour)
	@GO="$(GO)" scripts/faults.sh

year: setup ## two simulated years, day by day: prints each message as it arrives
	@SCADENZARIO_ANNO=1 $(GO) test ./jobs -count=1 -v -run TestAYearAsItIsExpected | awk '!/^===/; /^FAIL/ { rotto = 1 } END { exit rotto }'

bench: setup build ## the figures of doc/benchmarks.md
	@scripts/bench.sh

clean: ## remove what was built; var/ with its data stays
	@rm -rf bin

.PHONY: help setup build demo check fmt golden cover faults year bench clean
