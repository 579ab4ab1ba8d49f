# The emulated boards: how code for them is compiled, and $(build)/BOARD/{libboard.a,libpos_token.a}. Before it is
# included: `root`, the repository; `build`, a folder.

board_folder := $(root)/examples/cortex-m/board

# In the environment these would replace the settings of .cargo/config.toml.
unexport RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
unexport CARGO_TARGET_DIR

# Where a bare-metal target cannot be downloaded, core is built from source: CARGO_BARE=-Zbuild-std=core, and in
# CARGO_BARE_ENV the RUSTC that can do that, with RUSTC_BOOTSTRAP=1.
CARGO_BARE ?=
CARGO_BARE_ENV ?=
PYTHON ?= python3

# board, processor, tools, start-up code, Rust's name of the target
boards := mps2-an386 mps2-an505 microbit virt
cpu_mps2-an386 := -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
cpu_mps2-an505 := -mcpu=cortex-m33 -mfloat-abi=hard -mfpu=fpv5-sp-d16
cpu_microbit := -mcpu=cortex-m0
cpu_virt := -march=rv32imac_zicsr -mabi=ilp32 -mcmodel=medany -msmall-data-limit=0
tools_virt := riscv64-unknown-elf-
link_virt := -Wl,-melf32lriscv
arm := arm-none-eabi-
tools = $(or $(tools_$(1)),$(arm))
code_mps2-an386 := start modem uart_cmsdk
code_mps2-an505 := start modem uart_cmsdk
code_microbit := start modem uart_nrf51
code_virt := start_riscv
defines_mps2-an386 := -DCLOCK_HZ=25000000U -DUART_BASE=0x40004000U
defines_mps2-an505 := -DCLOCK_HZ=20000000U -DUART_BASE=0x50200000U
defines_microbit := -DCLOCK_HZ=16000000U
target_mps2-an386 := thumbv7em-none-eabihf
target_mps2-an505 := thumbv8m.main-none-eabihf
target_microbit := thumbv6m-none-eabi
target_virt := riscv32imac-unknown-none-elf

CFLAGS := -std=c11 -Os -g -ffreestanding -ffunction-sections -fdata-sections -fno-tree-loop-distribute-patterns \
	-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Werror

# LINK BOARD: the command that links for it, without -o and what is linked.
link = $(call tools,$(1))gcc $(cpu_$(1)) $(link_$(1)) -nostdlib -static -L$(board_folder) -T$(1).ld \
	-Wl,--gc-sections,--fatal-warnings,-z,noexecstack

# need PROGRAM PACKAGE: a missing tool is named with the Debian package that brings it.
define need
@command -v $(1) >/dev/null || { echo "$(1) is missing: apt-get install $(2)" >&2; exit 1; }
endef
.PHONY: tools tools-riscv force
tools:
	$(call need,$(arm)gcc,gcc-arm-none-eabi)
	$(call need,qemu-system-arm,qemu-system-arm)
	$(call need,$(PYTHON),python3)
	$(call need,cargo,cargo or https://rustup.rs)
tools-riscv: tools
	$(call need,$(tools_virt)gcc,gcc-riscv64-unknown-elf)
	$(call need,qemu-system-riscv32,qemu-system-misc)

# board_rules BOARD: its start-up code, in an archive of its own.
define board_rules
$(build)/$(1)/%.o: $(board_folder)/%.c $(wildcard $(board_folder)/*.h) $(board_folder)/board.mk | tools$(if $(tools_$(1)),-riscv)
	@mkdir -p $$(@D)
	@$(call tools,$(1))gcc $$(CFLAGS) $(cpu_$(1)) $(defines_$(1)) -c $$< -o $$@
$(build)/$(1)/libboard.a: $(patsubst %,$(build)/$(1)/%.o,$(code_$(1)) stack semihosting)
	@rm -f $$@
	@$(call tools,$(1))ar crs $$@ $$^
endef
$(foreach board,$(boards),$(eval $(call board_rules,$(board))))

# The library. Cargo knows best what is to be rebuilt.
$(build)/%/libpos_token.a: force | tools
	@cd $(root) && env $(CARGO_BARE_ENV) cargo rustc --quiet --locked -p pos-token-ffi --crate-type staticlib --release \
		--target $(target_$*) --target-dir $(build)/cargo $(CARGO_BARE)
	@mkdir -p $(@D)
	@cmp -s $(build)/cargo/$(target_$*)/release/libpos_token.a $@ || cp $(build)/cargo/$(target_$*)/release/libpos_token.a $@
