#!/usr/bin/env python3
"""The bytes of benches/inputs as C literals, so that they stand in one place.

    inputs.py > inputs.h
"""

import base64
import json
import os
import re

from shared import INPUTS
from credentials import c_literal


def main():
    print("/* Made from benches/inputs by run/inputs.py. */\n#ifndef INPUTS_H\n#define INPUTS_H\n")
    for name in sorted(os.listdir(INPUTS)):
        with open(os.path.join(INPUTS, name), "rb") as file:
            content = file.read()
        if name == "meta.json":
            meta = json.loads(content)
            for key, value in meta["creds"].items():
                print(f"#define {key.upper()} {c_literal(value.encode())}")
            for key in ("exp", "nbf", "now_ok"):
                print(f"#define {key.upper()} {meta[key]}")
        elif not name.startswith("."):
            print(f"#define {re.sub(r'[^A-Z0-9]', '_', name.upper())} {c_literal(content)}")
            if name == "jwt.txt":
                print(f"#define JWT_MAC {c_literal(base64.urlsafe_b64decode(content.rpartition(b'.')[2] + b'=='))}")
    print("\n#endif")


if __name__ == "__main__":
    main()
