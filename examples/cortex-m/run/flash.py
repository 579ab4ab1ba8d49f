"""Flash and RAM by module, from the linker's map and the image's symbols."""

import re
from collections import Counter

from image import run

ARCHIVE = "libpos_token.a"


def of_library(map_path):
    """Section -> bytes, of what the linker took from the library's archive."""
    with open(map_path, encoding="utf-8") as file:
        text = file.read().split("Linker script and memory map", 1)[1]
    sizes = Counter()
    for match in re.finditer(r"^ \.(text|rodata|data|bss)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) (\S+)", text, flags=re.M):
        if ARCHIVE in match[3]:
            sizes[match[1]] += int(match[2], 16)
    if sizes["text"] == 0:
        raise SystemExit(f"{map_path}: nothing of {ARCHIVE} is in it")
    return sizes


def sections_of(image, tools="arm-none-eabi-"):
    """Section -> bytes. `tools` is what the names of the compiler's tools begin with."""
    output = run(tools + "size", "-A", image)
    return {name: int(size) for name, size in re.findall(r"^(\.\w+)\s+(\d+)", output, flags=re.M)}


def by_module(image, sections):
    """Module -> bytes of code and constants. What has no symbol of its own is counted as constants."""
    modules = named(image)
    modules["constants without a name"] = sections["text"] + sections["rodata"] - sum(modules.values())
    return modules


def named(image, tools="arm-none-eabi-"):
    """Module -> bytes of what has a symbol."""
    modules, counted = Counter(), set()
    for line in run(tools + "nm", "-C", "-S", "--defined-only", image).splitlines():
        match = re.match(r"^([0-9a-f]+) ([0-9a-f]+) [tTrRwW] (.+)$", line)
        # A function can have several names.
        if match and match[1] not in counted and (module := module_of(match[3])):
            counted.add(match[1])
            modules[module] += int(match[2], 16)
    return modules


# The modules of the core; what else is in the library's namespace is the C ABI's.
CORE = {"base64url", "buffer", "dialect", "error", "form", "http", "json", "jwt", "oauth", "provider", "secret",
        "session", "store", "time"}


def module_of(symbol):
    if match := re.search(r"\bpos_token::(\w+)", symbol):
        return match[1] if match[1] in CORE else "C ABI"
    if symbol.lower().startswith("pos_token_"):
        return "C ABI"
    if match := re.match(r"^<?(sha2|base64ct|subtle|zeroize|heapless)\b", symbol):
        return match[1]
    if re.match(r"^<?(core|compiler_builtins)::|^__aeabi_|^mem(cpy|set|move|cmp|clr)|^__(u|l|a)\w+$", symbol):
        return "Rust's own, mem* and division"
    return None
