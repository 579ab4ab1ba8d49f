#!/usr/bin/env python3
"""C that follows from the header.

    generated.py stand-in > stand_in.c       every name of the library, with nothing behind it
    generated.py everything > everything.c   a workload that links every name of the library
    generated.py stand-in-peers …            the same for the other libraries' names
"""

import os
import re
import sys

from shared import HEADER, HERE
from image import public_functions


def providers():
    with open(HEADER, encoding="utf-8") as file:
        return re.findall(r"^extern const struct pos_token_provider (\w+);", file.read(), flags=re.M)


def peers():
    with open(os.path.join(HERE, "../peers/src/lib.rs"), encoding="utf-8") as file:
        return re.findall(r"^    (peer_\w+) ", file.read(), flags=re.M)


def stand_in(functions, constants):
    print("/* Made by run/generated.py: the library's names with nothing behind them. */")
    print("int stand_in(void);\nint stand_in(void)\n{\n    return 0;\n}\nextern const int no_constant;\n"
          "const int no_constant = 0;")
    for name in sorted(functions):
        print(f'int {name}(void) __attribute__((alias("stand_in")));')
    for name in constants:
        print(f'extern const int {name} __attribute__((alias("no_constant")));')


def everything():
    print('/* Made from the header by run/generated.py. */\n\n#include "bench.h"\n#include "pos_token.h"\n')
    print("static void (*const functions[])(void) = {")
    for name in sorted(public_functions(HEADER)):
        print(f"    (void (*)(void)){name},")
    print("};\nstatic const pos_token_provider *const providers[] = {")
    for name in providers():
        print(f"    &{name},")
    print("};\n\nstatic bool run(void)\n{\n"
          "    void (*const volatile *function)(void) = functions;\n"
          "    const pos_token_provider *const volatile *provider = providers;\n"
          "    return function[0] != NULL && provider[0] != NULL;\n}\n\n"
          'const struct workload everything = {"everything", NULL, run, run, NULL};')


def main():
    kind = sys.argv[1]
    if kind == "everything":
        everything()
    elif kind == "stand-in":
        stand_in(public_functions(HEADER), providers())
    else:
        stand_in(peers(), ())


if __name__ == "__main__":
    main()
