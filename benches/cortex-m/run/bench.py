#!/usr/bin/env python3
"""Measures the images and keeps budgets.json and docs/footprint.md true.

    bench.py table|check|write BUILD_FOLDER IMAGE... [--on-m4 IMAGE...]

`table` prints what is measured; `check` ends with 1 where that is not what is recorded, or the page is not of what is
recorded; `write` records it and writes the page; `page` writes the page of what is recorded.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import budgets
import page
from shared import ROOT
from emulator import COUNTING, run as emulate
from flash import named, sections_of
from image import run

BUDGETS = os.path.join(ROOT, "benches/cortex-m/budgets.json")
BOARDS = {"m4": "mps2-an386", "m0": "microbit", "m33": "mps2-an505", "rv32": "virt"}
TOOLS = {"virt": "riscv64-unknown-elf-"}
ARM = "arm-none-eabi-"

COLUMNS = {
    "json": "JSON", "form": "form", "http": "HTTP", "jwt": "JWT", "base64url": "base64url", "base64ct": "base64url",
    "sha2": "SHA-512", "session": "session", "oauth": "OAuth", "dialect": "OAuth", "provider": "OAuth", "store": "OAuth",
    "C ABI": "glue", "Rust's own, mem* and division": "compiler's own",
}


def sizes_of(folder, board, image):
    """What the library adds to the image: flash, static RAM, and flash by module."""
    tools = TOOLS.get(board, ARM)
    full, empty = (os.path.join(folder, board, image + end) for end in (".elf", "-empty.elf"))
    sections = sections_of(full, tools)
    sections.update({name: sections.get(name, 0) - size for name, size in sections_of(empty, tools).items()})
    flash = sum(sections.get(name, 0) for name in (".text", ".rodata", ".data"))
    ram = sum(sections.get(name, 0) for name in (".data", ".bss"))
    symbols = named(full, tools)
    symbols.subtract(named(empty, tools))
    modules = dict.fromkeys(page.MODULES, 0)
    for module, size in symbols.items():
        modules[COLUMNS.get(module, "rest")] += size
    modules["constants"] = flash - sum(modules.values())
    return flash, ram, modules


def run_image(folder, board, image):
    """(kind, name) -> number, of what the image prints."""
    options = COUNTING if board == BOARDS["m4"] else ()
    status, output = emulate(board, os.path.join(folder, board, image + ".elf"), {}, None, 60, options=options)
    if status != 0:
        raise SystemExit(f"{image} on {board}: exit status {status}\n{output}")
    lines = [line.split() for line in output.splitlines()]
    return {(kind, name): int(number) for kind, name, number in (line for line in lines if len(line) == 3)}


def measure(folder, processor, image):
    """What is measured of one image on one processor: name -> number, and flash by module."""
    board = BOARDS[processor]
    flash, ram, modules = sizes_of(folder, board, image)
    printed = run_image(folder, board, image)
    figures = {f"{processor} {image} flash": flash}
    # An image that links everything does no work.
    stack = max(number for (kind, _), number in printed.items() if kind == "stack")
    if image != "everything":
        figures[f"{processor} {image} stack"] = stack
    if processor == "m4":
        figures[f"m4 {image} ram"] = ram
        for (kind, name), number in printed.items():
            if kind in ("first", "again", "read", "write") and name == image and image != "everything":
                figures[f"m4 {name} {kind}"] = number
            elif kind == "size":
                figures[f"m4 {name} size"] = number
    return figures, modules


def measure_all(folder, images, on_m4):
    work = [("m4", image) for image in images + on_m4]
    work += [(processor, image) for processor in BOARDS if processor != "m4" for image in images]
    figures, modules = {}, {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (processor, image), (found, split) in zip(work, pool.map(lambda one: measure(folder, *one), work)):
            figures.update(found)
            if processor == "m4" and image in page.WORKLOADS:
                modules[image] = split
    return figures, modules


def toolchain():
    gcc = [run(tools + "gcc", "--version").split("\n")[0] for tools in (ARM, TOOLS["virt"])]
    return ", ".join([f"Rust {run('rustc', '--version').split()[1]}", *gcc])


def main():
    mode, folder, *images = sys.argv[1:]
    images, on_m4 = split(images, "--on-m4")
    if mode == "page":
        return page.write(budgets.read(BUDGETS))
    figures, modules = measure_all(folder, images, on_m4)
    print(page.table(figures, modules))
    if mode == "write":
        kept = budgets.recorded(budgets.read(BUDGETS), figures, modules, toolchain())
        budgets.write(BUDGETS, kept)
        return page.write(kept)
    if mode == "check":
        kept = budgets.read(BUDGETS)
        budgets.check_check(kept, figures, toolchain(), BUDGETS)
        page.check_check(kept)
        if kept["toolchain"] != toolchain():
            print(f"\nThe figures are of another toolchain, so they may differ by 15 %: {kept['toolchain']}")
        found = [*budgets.complaints(kept, figures, toolchain(), BUDGETS), *page.complaints(kept)]
        for complaint in found:
            print(f"FAILED: {complaint}")
        if found:
            raise SystemExit("\nmake -C benches/cortex-m accept records all figures and writes the page.")
        print(f"\n{len(figures)} figures are as recorded; {page.summary(kept)}")


def split(words, mark):
    at = words.index(mark) if mark in words else len(words)
    return words[:at], words[at + 1:]


if __name__ == "__main__":
    main()
