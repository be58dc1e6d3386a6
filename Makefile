# SPDX-License-Identifier: Apache-2.0
# What each target does stands in the script that it calls.
.PHONY: build demo test check format bench fuzz soak packages clean

# Imports that a target does not declare are an error, so that the arrows between modules stay as drawn.
SWIFT_FLAGS = --explicit-target-dependency-import-check error

build: packages
	tools/build-release $(SWIFT_FLAGS)

demo: build
	tools/demo

test: packages
	tools/test $(SWIFT_FLAGS)

check: packages
	tools/lint
	tools/test $(SWIFT_FLAGS)

format:
	swift format format --in-place --recursive --parallel Package.swift Sources Tests Fuzz samples

bench: build
	tools/bench

# Ten minutes for each target.
fuzz: packages
	tools/fuzz

soak: build
	tools/soak

packages:
	tools/install-packages

clean:
	rm -rf .build .build-fuzz .venv bench/data bench/results
