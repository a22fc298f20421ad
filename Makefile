# Forbear. `make run` and `make test` are the two commands; each works as the
# first one on a fresh machine.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run run-checked test e2e check bench build package soak clean setup-build setup-test FORCE

# Whole programs carry the accessibility tree, and no animations: a blinking
# cursor alone costs a tenth of a core in an idle window. Tests of screens run on Fyne's
# software driver, which needs no display and no OpenGL.
TAGS      := accessibility,no_animations
TEST_TAGS := ci
LOWER     := ./factors/... ./casefile/... ./export/... ./assets/...
export LANG := en_US.UTF-8

BUILD_PACKAGES := gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev
TEST_PACKAGES  := xvfb xauth dbus-x11 libgl1-mesa-dri xdotool imagemagick x11-utils poppler-utils qpdf \
	openssl mupdf-tools libimage-exiftool-perl

run: build ## the window; with no display, the whole job on the invented sample
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" = Darwin ]; then \
		exec build/forbear; \
	else \
		echo "No display: running the demo instead. Its files go to build/demo."; \
		rm -rf build/demo; exec build/forbear demo --out build/demo; \
	fi

run-checked: setup-build ## the window with Fyne's thread checks on
	cd app && go run -tags $(TAGS) .

build: setup-build
	@mkdir -p build
	go build -tags $(TAGS) -o build/forbear ./app

test: setup-build setup-test ## every test; what a machine cannot run is printed as UNRUN
	@mkdir -p build
	.ci/gotest build/test.log -race -tags $(TEST_TAGS) $(LOWER) ./app ./app/command/... ./app/layers/...

e2e: build ## the built program, driven as a person would
	FORBEAR_BIN=$(CURDIR)/build/forbear .ci/gotest build/e2e.log ./app/e2e/...

check: setup-build ## format, vet, staticcheck, layers
	@test -z "$$(go tool gofumpt -l $$(git ls-files '*.go'))" || { go tool gofumpt -l $$(git ls-files '*.go'); echo "run: go tool gofumpt -w ."; exit 1; }
	go vet -tags $(TEST_TAGS) ./...
	CGO_ENABLED=0 GOOS=windows go vet $(LOWER) ./app/command
	CGO_ENABLED=0 GOOS=darwin go vet $(LOWER) ./app/command
	go tool staticcheck -tags $(TEST_TAGS) ./...
	go test -count=1 ./app/layers/

bench: build ## Go benchmarks, then whole-program rows
	go test -run '^$$' -bench . -benchmem $(LOWER)
	.ci/bench build/forbear

soak: build setup-test ## the long runs: 200 kills, and a fault at every disk operation
	FORBEAR_SOAK=1 go test -count=1 -timeout 60m ./casefile/...

package: setup-build ## a package for this system in build/
	@mkdir -p build && rm -f build/forbear-release
	cp FyneApp.toml app/FyneApp.toml
	go tool fyne package --src app --release --tags $(TAGS) --executable "$(CURDIR)/build/forbear-release" \
		--icon "$(CURDIR)/assets/icon.png"; status=$$?; rm -f app/FyneApp.toml; exit $$status

clean:
	rm -rf build

# Installing asks for nothing that is there already, and updates the package
# lists only when an install without it failed.
setup-build: ; @.ci/packages build $(BUILD_PACKAGES)
setup-test:  ; @.ci/packages test $(TEST_PACKAGES)
