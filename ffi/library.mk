# The library for this machine, and how C is compiled and linked with it: shared by the make files of examples/c and
# tests/c. CARGO_TARGET_DIR is honoured.

ROOT := $(patsubst %/ffi/,%,$(abspath $(dir $(lastword $(MAKEFILE_LIST))))/)
TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),$(ROOT)/target))
LIBRARY := $(TARGET_DIR)/release/libpos_token.a
HEADER := $(ROOT)/include/pos_token.h

CARGO ?= cargo
CFLAGS ?= -g -O1
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Werror
COMPILE = $(CC) -std=c11 $(WARNINGS) -I$(ROOT)/include $(CFLAGS)
# What Rust's standard library needs beside libc; the archives for bare metal need nothing.
LINK_RUST := -lpthread -ldl -lm

# $(call need,COMMAND,PACKAGE): ends where a tool is missing, and says which Debian package brings it.
need = command -v $(1) >/dev/null || { echo "$(1) is missing: apt-get install $(2)" >&2; exit 1; }

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all FORCE

# Cargo knows best whether there is anything to do.
$(LIBRARY): FORCE
	@$(call need,$(CARGO),cargo)
	@$(call need,$(firstword $(CC)),gcc)
	$(CARGO) build --quiet --release --locked --manifest-path $(ROOT)/ffi/Cargo.toml --target-dir $(TARGET_DIR)
