#!/usr/bin/env python3
"""Turns the testbed's credentials (tests/testbed/src/credentials.rs) into a C header, so that they stand in one place.

    credentials.py credentials.rs > credentials.h
"""

import re
import sys


def read(path):
    """(module, name) -> bytes."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    constants, module = {}, ""
    for match in re.finditer(r'pub mod (\w+)|pub const (\w+): &[^=]+ =\s*b?"((?:[^"\\]|\\.)*)";', text):
        if match[1]:
            module = match[1]
        else:
            constants[module, match[2]] = unescaped(match[3])
    return constants


def unescaped(literal):
    def one(match):
        return chr(int(match[1], 16)) if match[1] else match[0][1]

    return re.sub(r"\\u\{([0-9a-f]+)\}|\\.", one, literal).encode()


def c_literal(value):
    # Octal escapes end after three digits, hexadecimal ones do not.
    def one(byte):
        plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
        return chr(byte) if plain else f"\\{byte:03o}"

    return '"' + "".join(map(one, value)) + '"'


def main():
    constants = read(sys.argv[1])
    declared = open(sys.argv[1], encoding="utf-8").read().count("pub const")
    if len(constants) != declared:
        raise SystemExit(f"{sys.argv[1]}: {declared} constants, of which {len(constants)} were understood")
    print("/* Made from tests/testbed/src/credentials.rs by run/credentials.py. */")
    print("#ifndef CREDENTIALS_H\n#define CREDENTIALS_H\n")
    for (module, name), value in constants.items():
        print(f"#define {module.upper()}_{name} {c_literal(value)}")
    print("\n#endif")


if __name__ == "__main__":
    main()
