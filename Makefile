# The library for projects in C.
#
#   make install PREFIX=/usr/local [DESTDIR=…]   header, static and shared library, pkg-config and CMake files
#   make archive TARGET=thumbv7em-none-eabihf    libpos_token.a for a bare-metal target, with the settings for small ones
#   make dist                                    a tarball with header, docs, examples and the archives of all TARGETS
#   make check-install                           builds an outside project in every way against what was installed
#   make check-dist                              builds the tarball of this commit twice, elsewhere, and compares
#
# The examples are in examples/c, the unit tests in tests/c, each with a make file of its own. A toolchain that brings no
# `core` for the target can build it: CARGO_FLAGS=-Zbuild-std=core.

include ffi/library.mk
.DEFAULT_GOAL := help

TARGETS ?= thumbv6m-none-eabi thumbv7m-none-eabi thumbv7em-none-eabi thumbv7em-none-eabihf thumbv8m.main-none-eabihf \
           riscv32imac-unknown-none-elf

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DESTDIR ?=
CARGO_FLAGS ?=
RUSTC ?= rustc

VERSION := $(shell sed -n '/^\[workspace.package\]/,/^version/s/^version = "\(.*\)"/\1/p' $(ROOT)/Cargo.toml)
ABI := $(shell sed -n 's/^.define POS_TOKEN_ABI_VERSION \([0-9]*\)$$/\1/p' $(HEADER))
HOST := $(shell $(RUSTC) -vV | sed -n 's/^host: //p')

# Its own directory: these builds have other flags than those of the everyday.
BUILD := $(TARGET_DIR)/c
DIST := pos-token-$(VERSION)

# No path of this machine gets into what is built. What the environment says is left out: it would replace these flags
# and those of .cargo/config.toml.
CARGO_DIR := $(or $(CARGO_HOME),$(HOME)/.cargo)
comma := ,
remap = "--remap-path-prefix=$(1)=$(2)"$(comma)
# A directory may be a link: it is met by both of its names.
REMAP := $(foreach dir,$(sort $(CARGO_DIR) $(realpath $(CARGO_DIR))),$(call remap,$(dir),/cargo)) \
    $(foreach dir,$(sort $(ROOT) $(realpath $(ROOT))),$(call remap,$(dir),/pos-token)) $(call remap,$(BUILD),/build)
CARGO_BUILD = cd $(ROOT) && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS $(CARGO) rustc --quiet --locked --release \
    --package pos-token-ffi --lib --target-dir $(BUILD) --target $(1) --config 'target."$(1)".rustflags=[$(REMAP)]' $(CARGO_FLAGS)

help:
	@sed -n '/^#   make/s/^#   //p' Makefile

install: host
	install -d $(addprefix $(DESTDIR),$(INCLUDEDIR) $(LIBDIR)/pkgconfig $(LIBDIR)/cmake/pos_token)
	install -m 644 $(HEADER) $(DESTDIR)$(INCLUDEDIR)/
	install -m 644 $(BUILD)/$(HOST)/release/libpos_token.a $(DESTDIR)$(LIBDIR)/
	install -m 755 $(BUILD)/$(HOST)/release/libpos_token.so $(DESTDIR)$(LIBDIR)/libpos_token.so.$(ABI)
	ln -sf libpos_token.so.$(ABI) $(DESTDIR)$(LIBDIR)/libpos_token.so
	$(FILL) ffi/install/pos_token.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/pos_token.pc
	$(FILL) ffi/install/pos_token-config.cmake.in >$(DESTDIR)$(LIBDIR)/cmake/pos_token/pos_token-config.cmake
	$(FILL) ffi/install/pos_token-config-version.cmake.in >$(DESTDIR)$(LIBDIR)/cmake/pos_token/pos_token-config-version.cmake

FILL = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
    -e 's|@VERSION@|$(VERSION)|' -e 's|@ABI@|$(ABI)|' -e 's|@LINK_RUST@|$(LINK_RUST)|' \
    -e "s|@INCLUDE_FROM_HERE@|$$(realpath -m --relative-to=$(LIBDIR)/cmake/pos_token $(INCLUDEDIR))|"

# The shared library's name changes with the binary interface and with nothing else.
host:
	@$(call need,$(CARGO),cargo)
	$(call CARGO_BUILD,$(HOST)) -- -C strip=debuginfo -C link-arg=-Wl,-soname,libpos_token.so.$(ABI)

archive:
	@test -n "$(TARGET)" || { echo "make archive TARGET=…, one of: $(TARGETS)" >&2; exit 1; }
	@$(MAKE) --no-print-directory archive-$(TARGET)
	@echo $(BUILD)/$(TARGET)/release/libpos_token.a

archive-%:
	@$(call need,$(CARGO),cargo)
	@test -n "$(findstring build-std,$(CARGO_FLAGS))" -o -d "$$($(RUSTC) --print sysroot)/lib/rustlib/$*" || \
	    { echo "the toolchain has no $*: rustup target add $*" >&2; exit 1; }
	$(call CARGO_BUILD,$*) --crate-type staticlib

# Sorted, and of the commit's date, owner and mode: the same commit gives the same bytes.
dist: $(TARGETS:%=archive-%)
	@test -n "$(DATE)" || { echo "there is no commit here: set SOURCE_DATE_EPOCH" >&2; exit 1; }
	rm -rf $(BUILD)/$(DIST)
	mkdir -p $(addprefix $(BUILD)/$(DIST)/,include docs examples/c $(TARGETS:%=lib/%))
	cp $(HEADER) $(BUILD)/$(DIST)/include/
	cp docs/*.md docs/*.svg $(BUILD)/$(DIST)/docs/
	cp examples/c/*.[ch] $(BUILD)/$(DIST)/examples/c/
	cp README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT $(BUILD)/$(DIST)/
	for target in $(TARGETS); do \
	    cp $(BUILD)/$$target/release/libpos_token.a $(BUILD)/$(DIST)/lib/$$target/ || exit 1; \
	done
	cd $(BUILD)/$(DIST) && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS
	cd $(BUILD) && LC_ALL=C tar --create --format=ustar --sort=name --mtime=@$(DATE) --owner=0 --group=0 --numeric-owner \
	    --mode=u=rwX,go=rX $(DIST) | gzip -9 --no-name >$(DIST).tar.gz
	@echo $(BUILD)/$(DIST).tar.gz

DATE = $(or $(SOURCE_DATE_EPOCH),$(shell git -C $(ROOT) log -1 --format=%ct 2>/dev/null))

check-install:
	@$(call need,pkg-config,pkg-config)
	@$(call need,cmake,cmake)
	MAKE="$(MAKE)" CC="$(CC)" tests/outside/check-install.sh

check-dist:
	MAKE="$(MAKE)" tests/outside/check-dist.sh

.PHONY: help install host archive dist check-install check-dist
