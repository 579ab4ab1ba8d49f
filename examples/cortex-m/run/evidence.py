#!/usr/bin/env python3
"""Checks the evidence of the emulated tills and keeps docs/evidence.md true.

    evidence.py BUILD_FOLDER docs/evidence.md [--write]

Ends with 1 where a check fails, or where the page does not say what was measured; --write makes it say so.
"""

import os
import re
import sys
import tempfile
from collections import Counter

from emulator import run as emulate
from fixtures import SECRETS
from flash import by_module, of_library, sections_of
from image import Image, public_functions, read_targets, run
from modem import Modem
from scan import Scan, describe

MACHINE = "mps2-an386"
BOARDS = (MACHINE, "mps2-an505", "microbit")
HERE = os.path.dirname(os.path.abspath(__file__))
HEADER = os.path.join(HERE, "../../../include/pos_token.h")
BEGIN, END = "<!-- measured: make -C examples/cortex-m evidence -->", "<!-- end -->"
RUST = {"pos_token::json::reader::Reader::next", "pos_token::http::response::ResponseReader::next",
        "pos_token::jwt::members::read_object", "sha2::sha512::compress512"}

failures = []


def fail(text):
    print(f"FAILED: {text}")
    failures.append(text)


def check_image(build, name, own, kind):
    targets = {function.removeprefix(kind + " "): called
               for function, called in read_targets(os.path.join(HERE, "../indirect.txt")).items()
               if function.startswith(kind + " ")}
    image = Image(os.path.join(build, name))
    complaints = list(image.complaints(own, targets))
    for complaint in complaints:
        fail(f"{name}: {complaint}")
    if not complaints:
        through = "; ".join(f"{function} -> {', '.join(sorted(targets[function])) or 'none'}" for function in image.indirect)
        print(f"{name}: {len(image.calls)} functions, no panic, no formatting, no heap, no recursion; "
              f"calls through pointers: {through or 'none'}")


def check_check(build):
    """The faulty image has to be found faulty, in every respect."""
    complaints = "\n".join(Image(os.path.join(build, "faulty.elf")).complaints({"pos_token_wipe"}, {}))
    for wanted in ("pos_token_wipe is not in the image", "malloc is linked", "by_pointer calls through a pointer",
                   "recursion: even -> odd -> even", "recursion: itself -> itself"):
        if wanted not in complaints:
            fail(f"the check of images does not see: {wanted}")


def check_guards(build):
    """An overflow of the stack has to end in a fault, on each board."""
    for board in BOARDS:
        status, output = emulate(board, os.path.join(build, f"overflow-{board}.elf"), {}, Modem().port, 60)
        if status != 1 or output != "fault\n":
            fail(f"{board}: an overflow of the stack passes unseen: status {status}, {output!r}")
    print(f"an overflow of the stack faults: {', '.join(BOARDS)}")


def run_evidence(build, name):
    """What the firmware printed, and the images of RAM before and after wiping."""
    with tempfile.TemporaryDirectory() as folder:
        status, output = emulate(MACHINE, os.path.join(build, name), {}, Modem().port, 60, folder)
        if status != 0:
            raise SystemExit(f"{name}: exit status {status}\n{output}")
        images = []
        for image in ("ram-in-use.bin", "ram-wiped.bin"):
            with open(os.path.join(folder, image), "rb") as file:
                images.append(file.read())
    return output, *images


def check_ram(build):
    scan = Scan(SECRETS, [(b"till", SECRETS["CLIENT_SECRET"])])
    print(f"the scan sees all of {scan.check_sight()} shapes and orders of secrets")
    output, in_use, wiped = run_evidence(build, "evidence.elf")
    before, after = scan.find(in_use), scan.find(wiped)
    for what in ("TOKEN", "midstate 0x36", "midstate 0x5c"):
        if not any(what in found for found in before.values()):
            fail(f"the scan is blind: no {what} in RAM while it is in use")
    if after:
        fail(f"after wiping, in RAM: {describe(after)}")
    else:
        print(f"{len(wiped)} bytes of RAM after wiping: nothing of any secret")
    _, _, kept = run_evidence(build, "evidence-keep-secrets.elf")
    if left := scan.find(kept):
        print(f"the same without the wiping of the stack: {describe(left)}")
    else:
        fail("a build that does not wipe the stack passes the scan")
    return output


def stack_of(output):
    """Function -> the most stack that it took, in bytes; callback -> the most that was in use in it."""
    stack, callback = Counter(), Counter()
    for line in output.splitlines():
        kind, function, size = line.split()[:3]
        if kind == "stack":
            stack[function] = max(stack[function], int(size))
        elif kind == "callback":
            callback[function] = max(callback[function], int(size))
    for function in sorted(public_functions(HEADER) ^ set(stack)):
        fail(f"{function} is public and not measured, or the other way round")
    return stack, callback


def table(head, rows):
    lines = [f"| {head[0]} | {head[1]} |", "|---|---|"]
    return lines + [f"| {name} | {value:,} |" for name, value in rows]


def measured(build, stack, callback):
    """The text between the marks."""
    image = os.path.join(build, "evidence.elf")
    sections = of_library(os.path.join(build, "evidence.map"))
    till = of_library(os.path.join(build, "c-mps2-an386.map"))
    modules = by_module(image, sections)
    if modules["constants without a name"] < 0:
        fail("more bytes are counted as the library's than the linker took from it")
    if till["data"] + till["bss"] + sections["data"] + sections["bss"]:
        fail("the library has static RAM")
    firmware = sections_of(os.path.join(build, "c-mps2-an386.elf"))
    gcc = run("arm-none-eabi-gcc", "--version").split("\n")[0]
    lines = [f"Rust {run('rustc', '--version').split()[1]}, {gcc}.", ""]
    lines += table(("In bytes", "Cortex-M4"), [
        ("flash: all of the header's functions", sections["text"] + sections["rodata"]),
        ("flash: what the till in C uses", till["text"] + till["rodata"]),
        ("flash: the whole till in C, board and texts included", firmware[".text"] + firmware[".rodata"]),
        ("static RAM of the library", sections["data"] + sections["bss"]),
        ("static RAM of the till in C, its store of 3,328 bytes included", firmware[".data"] + firmware[".bss"]),
        ("heap", 0),
    ] + [(f"stack in use in a transport's `{name}`, its own frame included", size) for name, size in callback.items()])
    lines += [""] + table(("Flash by module, of all functions", "bytes"), modules.most_common())
    lines += [""] + table(("Peak stack", "bytes"), sorted((f"`{name}`", size) for name, size in stack.items()))
    return "\n".join(lines)


def check_page(path, text, write):
    with open(path, encoding="utf-8") as file:
        page = file.read()
    before, rest = page.split(BEGIN)
    said, after = rest.split(END)
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
        return
    said = said.strip()
    if said.split("\n")[0] == text.split("\n")[0]:
        differing = [line for line in text.split("\n") if line not in said.split("\n")]
    else:
        print(f"the page is of another toolchain, so its figures may differ by 15 %: {said.split(chr(10))[0]}")
        differing = [name for name, value in figures(text).items()
                     if abs(figures(said).get(name, -1) - value) > max(32, value * 0.15)]
    for line in differing:
        fail(f"{os.path.relpath(path)} does not say: {line} (make evidence-write)")


def figures(text):
    found = re.findall(r"^\| (.+) \| ([\d,]+) \|$", text, flags=re.M)
    return {name: int(value.replace(",", "")) for name, value in found}


def main():
    build, page = sys.argv[1:3]
    check_check(build)
    own = public_functions(HEADER) | RUST
    check_image(build, "evidence.elf", own, "evidence")
    check_image(build, "c-mps2-an386.elf", RUST | {"pos_token_exchange_run", "pos_token_jwt_verify"}, "till")
    check_image(build, "c-mps2-an505.elf", RUST | {"pos_token_exchange_run", "pos_token_jwt_verify"}, "till")
    check_image(build, "c-microbit.elf", RUST | {"pos_token_exchange_run", "pos_token_jwt_verify"}, "till")
    check_image(build, "rust-mps2-an386.elf", RUST, "rust")
    check_guards(build)
    stack, callback = stack_of(check_ram(build))
    text = measured(build, stack, callback)
    print("\n" + text)
    check_page(page, text, "--write" in sys.argv)
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
