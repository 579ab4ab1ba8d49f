"""docs/footprint.md and the printed table, of figures and nothing else."""

import json
import os
from copy import deepcopy

import plot
from shared import ROOT

PAGE = os.path.join(ROOT, "docs/footprint.md")
PLOT = os.path.join(ROOT, "docs/footprint.svg")
README = os.path.join(ROOT, "README.md")
# What stands between these in the README is written here too.
BEGIN, END = "<!-- five figures -->\n", "<!-- /five figures -->\n"
# What the host's bench has to say, where it has run: {"about": text, "tables": [{"title": text, "note": text,
# "head": [text…], "rows": [[text…]…]}…]}.
HOST = os.path.join(ROOT, "benches/host/results.json")

MODULES = ("JSON", "form", "HTTP", "JWT", "base64url", "SHA-512", "session", "OAuth", "glue", "compiler's own", "rest",
           "constants")
PROCESSORS = {"m4": "Cortex-M4", "m0": "Cortex-M0", "m33": "Cortex-M33", "rv32": "riscv32imac"}

WORKLOADS = {
    "w1": "W1: Zype's answer, 296 bytes, six members, into a store",
    "w2": "W2: Loyalife's answer, 587 bytes, into a store",
    "w3_cold": "W3: its HS512 JWT of 523 bytes: key prepared, verified, `exp` and `nbf` checked",
    "w3_prepared": "W3 with a key that was prepared before",
    "w3_mac": "W3 with a platform's MAC that costs nothing",
    "w3_mbedtls": "W3 with mbedTLS's as the platform's MAC, cold; its own flash is not counted",
    "w4_json": "W4: Zype's log-in as JSON, 181 bytes",
    "w4_form": "W4: LoyaltyDog's log-in as a form, 92 bytes",
    "w5": "W5: a chunked HTTP answer, its head 1.5 KB, 63 bytes at a time",
    "w6_loyalty_dog": "W6: a whole log-in, LoyaltyDog",
    "w6_zype": "W6: a whole log-in, Zype",
    "w6_loyalife": "W6: a whole log-in, Loyalife",
    "w6_open_loyalty": "W6: a whole log-in, Open Loyalty",
    "w7": "W7: a session is asked for its step, which is to use the token; its flash is with begin, accept, save and the answer",
    "w7_renewal": "W7: what a session adds to an exchange: begun, accepted, its record made, saved; its flash likewise",
    "w1_w4": "W1 to W4 in one image",
    "w1_w4_mac": "W1 to W4 with a platform's MAC",
    "everything": "all functions of the header and all providers",
}
SUBSETS = {
    "w3_cold": "the check of a JWT alone",
    "w1": "the reading of a JSON answer alone",
    "w1_w4": "bodies written, answers read, tokens checked; HTTP is another stack's (W1 to W4)",
    "w1_w4_mac": "the same with a platform's MAC, whose own flash is not counted",
    "w6_zype": "one provider with HTTP, whole log-ins",
    "everything": "everything: each function of the header, HTTP, all providers",
}
# library, what it does of the work
PEERS = {
    "serde_json_core_w1": ("serde-json-core 0.7", "W1: members read, tokens copied; strings stay escaped"),
    "picojson_w1": ("picojson 0.2", "W1: members read, tokens copied"),
    "serde_json_core_w2": ("serde-json-core 0.7", "W2: members read, the token copied; strings stay escaped"),
    "picojson_w2": ("picojson 0.2", "W2: members read, the token copied"),
    "composed_w3": ("hmac-sha512 1.1, base64ct 1.8, serde-json-core 0.7", "W3: all of it, cold; nothing is wiped"),
    "hmac_sha512_w3": ("hmac-sha512 1.1, `opt_size`", "of W3, the MAC alone"),
    "base64ct_w3": ("base64ct 1.8", "of W3, the three parts decoded, in constant time"),
    "httparse_w5": ("httparse 1.10", "W5: all of it in memory (1.8 KB of RAM), the head parsed once, chunks joined; no JSON"),
    "httparse_pieces_w5": ("httparse 1.10", "W5: the same, the head tried again with each 63 bytes that come"),
}
# Of the C libraries of DESIGN.md, section 8.
QUOTED = (
    ("W1, instructions", "w1 first", "9,108 strict; 6,430 lax or destructive", "az_json; tiny-json"),
    ("W2, instructions", "w2 first", "9,396 strict; 8,612 lax", "az_json; jsmn"),
    ("W3, instructions, cold", "w3_cold first", "97,772", "tiny-json + mbedTLS"),
    ("W3, instructions, key prepared", "w3_prepared first", "–", "–"),
    ("W4, instructions, JSON", "w4_json first", "4,207", "hand-written C"),
    ("W4, instructions, form", "w4_form first", "1,878", "hand-written C"),
    ("W1 to W4, flash", "w1_w4 flash", "7,439, strict and heap-free", "coreJSON + Monocypher"),
    ("W1 to W4, stack", "w1_w4 stack", "832; 1,236; 2,080", "coreJSON + Monocypher; with mbedTLS; with BearSSL"),
    ("W1 to W4, stack, with the platform's MAC", "w1_w4_mac stack", "832", "coreJSON + Monocypher"),
    ("everything, flash", "everything flash", "22,300 for HTTP alone", "coreHTTP"),
    ("everything, static RAM", "everything ram", "0", "several"),
    ("the C context of an answer's reader", "pos_token_answer size", "–", "–"),
)


def number(value):
    return "" if value is None else f"{value:,}"


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def table(figures, modules):
    """What `make` prints."""
    head = ["", "first", "again", "RAM", *(f"{kind} {name}" for name in PROCESSORS for kind in ("flash", "stack")),
            *MODULES]
    images = list(dict.fromkeys(name.split()[1] for name in figures if name.endswith(" flash")))
    rows = []
    for image in images:
        row = [image, *(number(figures.get(f"m4 {image} {kind}")) for kind in ("first", "again", "ram"))]
        row += [number(figures.get(f"{name} {image} {kind}")) for name in PROCESSORS for kind in ("flash", "stack")]
        rows.append(row + [number(modules.get(image, {}).get(module)) for module in MODULES])
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) if at == 0 else cell.rjust(width)
                       for at, (cell, width) in enumerate(zip(row, widths))) for row in [head, *rows]]
    others = [f"{name}: {value:,}" for name, value in figures.items() if name.split()[2] in ("size", "read", "write")]
    return "\n".join([*lines, "", *others])


def met(line):
    if "budget" not in line:
        return ""
    return "met" if line["recorded"] <= line["budget"] else f"over, {line['recorded'] / line['budget']:.2f} ×"


def summary(kept):
    with_budget = [line for line in kept["figures"].values() if "budget" in line]
    return f"{sum(met(line) == 'met' for line in with_budget)} of {len(with_budget)} budgets are met."


def five_figures(figures):
    def of(image, kind):
        return number(figures[f"m4 {image} {kind}"])

    log_ins = [figures[name] for name in figures if name.startswith("m4 w6") and name.endswith(" stack")]
    return markdown(("", "bytes"), [
        ("flash, the check of a JWT alone", of("w3_cold", "flash")),
        ("flash, one provider with HTTP", of("w6_zype", "flash")),
        ("flash, everything", of("everything", "flash")),
        ("stack at most, a whole log-in / the check of a JWT", number(max(log_ins)) + " / " + of("w3_cold", "stack")),
        ("static RAM / heap", of("everything", "ram") + " / 0"),
    ])


def readme(figures):
    with open(README, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{five_figures(figures)}\n\n{END}{after}"


def text(kept):
    figures = {name: line["recorded"] for name, line in kept["figures"].items()}
    budgets = kept["figures"]
    here = [image for image in WORKLOADS if f"m4 {image} flash" in figures]

    def of(image, *kinds, on="m4"):
        return [number(figures.get(f"{on} {image} {kind}")) for kind in kinds]

    most = {kind: max(value for name, value in figures.items() if name.endswith(" " + kind)) for kind in ("read", "write")}
    parts = [
        INTRODUCTION,
        "## In five figures\n\nOn a Cortex-M4, through the C ABI.\n",
        five_figures(figures),
        "\n## Beside the C libraries, and the budgets\n\n" + summary(kept) + "\n\n" + QUOTES + "\n",
        markdown(("Cortex-M4", "pos-token", "budget", "", "best of the C libraries", "which"), [
            (title, number(figures["m4 " + name]), number(budgets["m4 " + name].get("budget")), met(budgets["m4 " + name]),
             best, who) for title, name, best, who in QUOTED]),
        "\n![Flash and stack beside the C libraries](footprint.svg)",
        "\n## The workloads\n\nOn a Cortex-M4: instructions of a first call and of a second on what the first left, "
        "flash, static RAM and peak stack in bytes.\n",
        markdown(("", "first", "again", "flash", "static RAM", "stack"),
                 [(WORKLOADS[image], *of(image, "first", "again", "flash", "ram", "stack")) for image in here]),
        f"\nA transport's callbacks are entered with at most {most['read']:,} bytes of stack in use in `read`, and "
        f"{most['write']:,} in `write`, their own frames included. A `pos_token_answer` has "
        f"{figures['m4 pos_token_answer size']} bytes, a `pos_token_store` {figures['m4 pos_token_store size']}, a "
        f"`pos_token_hs512_key` {figures['m4 pos_token_hs512_key size']}.",
        "\n## Firmware pays for what it links\n\nFlash in bytes.\n",
        markdown(("", *PROCESSORS.values()),
                 [(title, *(of(image, "flash", on=name)[0] for name in PROCESSORS)) for image, title in SUBSETS.items()]),
        "\n## Other processors\n\nFlash and peak stack in bytes.\n",
        markdown(("", *(f"{title}, {kind}" for title in PROCESSORS.values() for kind in ("flash", "stack"))),
                 [(image, *(of(image, kind, on=name)[0] for name in PROCESSORS for kind in ("flash", "stack")))
                  for image in here if f"m0 {image} flash" in figures]),
        "\n## Where the flash goes\n\nOn a Cortex-M4, in bytes, by the names of what is linked. With link-time "
        "optimisation a function that was inlined counts where it went; constants have no names.\n",
        markdown(("", *MODULES), [(image, *(number(kept["modules"][image][module]) for module in MODULES))
                                  for image in here]),
    ]
    peers = [name for name in PEERS if f"m4 {name} flash" in figures]
    if peers:
        parts += ["\n## Rust libraries on the same board\n\n" + RUST_PEERS + "\n",
                  markdown(("library", "work", "first", "again", "flash", "stack"),
                           [(*PEERS[name], *of(name, "first", "again", "flash", "stack")) for name in peers])]
    if os.path.exists(HOST):
        with open(HOST, encoding="utf-8") as file:
            parts += host(json.load(file))
    parts.append(SHA_512)
    parts.append(METHOD.replace("TOOLCHAIN", kept["toolchain"]))
    return "\n".join(parts) + "\n"


def host(results):
    yield "\n## On the host\n\n" + results["about"]
    for one in results["tables"]:
        yield f"\n### {one['title']}\n\n{one['note']}\n"
        yield markdown(one["head"], one["rows"])


def files(kept):
    figures = {name: line["recorded"] for name, line in kept["figures"].items()}
    return {PAGE: text(kept), PLOT: plot.svg(figures), README: readme(figures)}


def write(kept):
    for path, content in files(kept).items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)


def complaints(kept):
    for path, content in files(kept).items():
        said = ""
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                said = file.read()
        if said != content:
            yield f"{os.path.relpath(path, ROOT)} is not what follows from the records: make -C benches/cortex-m page"


def check_check(kept):
    """The page of other records is not this one."""
    other = deepcopy(kept)
    other["figures"]["m4 w1_w4 flash"]["recorded"] += 1
    if len(list(complaints(other))) != 2:
        raise SystemExit("FAILED: a page and a plot that say something else pass")


INTRODUCTION = """# Footprint

What the library takes on small processors, measured through its C ABI on emulated boards, beside others that do the
same work on the same bytes. This page is generated: `make -C benches/cortex-m` measures all of it again and prints it,
`make -C benches/cortex-m check` fails where a figure has moved by more than 2 %, and `make -C benches/cortex-m write`
records new figures and writes this page. What RAM holds after wiping, and the stack of every single function, is in
[evidence.md](evidence.md).
"""

QUOTES = """A budget binds from the day on that it is met. The figures of the C libraries are quoted, not measured again:
they were measured earlier, each library on these same bytes and with this same method, and are the best that any library
reached in that line; no library holds two of them at once. "Lax" accepts texts that are not JSON, "destructive" writes
into its input."""

RUST_PEERS = """Measured here, on the same bytes and with the same harness, compiled with the same settings and called from C
(`benches/cortex-m/peers`). Each does the part of the work that is said; into a store goes nothing, a status is not looked
at, and no row but `httparse`'s last takes its input in pieces."""

SHA_512 = """
## SHA-512, as it is built

Of a verification with a prepared key, three quarters are `sha2`'s five compressions. What its opt-level costs on a
Cortex-M4 was measured once, with all else as it was then; setting it in `[profile.release.package.sha2]` of
`Cargo.toml` and `make -C benches/cortex-m` measure it again.

| opt-level of sha2 | W3, cold | key prepared | flash of W3 | stack | frame of `compress512` |
|---|---|---|---|---|---|
| z | 102,330 | 76,186 | 12,362 | 1,412 | 944 |
| s | 100,634 | 74,958 | 12,352 | 1,404 | 936 |
| 1 | 100,134 | 74,594 | 11,748 | 1,392 | 864 |
| 2 and 3 | 98,083 | 73,129 | 11,742 | 1,392 | 864 |

It is built at 3, which is the best of all columns: its loops stay, and its block is not copied by `memcpy`, which
nothing else in a verification calls. On a Cortex-M0 and on RISC-V, LLVM would unroll the loops at 3, to 1.3 KB more of
flash and, on a Cortex-M0, 300 bytes more of stack; there `.cargo/config.toml` keeps it from that.

- **Blocks** are handed over where they stand in the token, all whole ones of a message in one call; only the last, with
  the padding, is put together in a block of the caller's, which the inner and the outer hash share.
- **The key** is prepared in its place. Above the compression's frame stand the tag and two pointers, as what belongs
  to the header is done before and what belongs to the claims after.
- **Clearing** the stack begins where the work on the key did, so it costs about 200 instructions and no stack of its
  own.
- **Who needs less** gives the platform's MAC: the rows with it show what is left.
"""

METHOD = """
## Method

- **Images.** One for each workload, linked as firmware is: the static library of `opt-level = "s"` with link-time
  optimisation and sha2's compact backend, a driver in C (`benches/cortex-m/c`), `--gc-sections`. The inputs are the
  files of `benches/inputs`.
- **Instructions** are counted by the emulator, whose clock advances with each instruction and with nothing else, on the
  board's SysTick; a loop of known length has to be counted right first. They are instructions, not cycles: with the wait
  states of real flash expect 2 to 2.5 cycles for each. W6 includes the transport that hands out the answer.
- **Flash** is `.text`, `.rodata` and `.data` of an image, minus those of the same image in which nothing stands behind
  the library's names. What the compiler calls by itself (`memcpy`, division) comes from the library's archive and counts
  where the driver does not need it itself.
- **Static RAM** is the same difference of `.data` and `.bss`.
- **Stack** is painted below the call; the lowest word that was written counts, the larger of a first and a second call.
- **Boards.** QEMU's mps2-an386 (Cortex-M4), microbit (Cortex-M0), mps2-an505 (Cortex-M33) and virt (riscv32imac).
- **mbedTLS** is 2.28.10 with its defaults, at `-Os`, HMAC written over its SHA-512.
- **Compilers.** TOOLCHAIN.
- Two runs give the same figures. With other compilers the check allows 15 %.
"""
