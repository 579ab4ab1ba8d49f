#!/usr/bin/env python3
"""Runs firmware on emulated tills against servers on this machine, and compares what it prints with what must come.

    till.py --testbed PROGRAM --expected FILE [--fastapi "COMMAND"] MACHINE:FIRMWARE...

Ends with 1 where a line differs or a firmware fails.
"""

import argparse
import difflib
import os
import re
import shlex
import tempfile
import time

import credentials
from emulator import run
from modem import Modem
from scan import Scan, describe
from servers import servers

PATIENCE = 180
CREDENTIALS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../tests/testbed/src/credentials.rs")


# Of the testbed's credentials, those that are no secrets.
PUBLIC = re.compile(r"USERNAME|CLIENT_ID|DEVICE_ID|REFERENCE|ISSUER|AUDIENCE|STORE_CODE|SCOPE")


def remains(firmware, image, heard):
    """What can still be read in RAM, of the credentials and of the tokens that servers sent."""
    secrets = {f"{module} {name}": value for (module, name), value in credentials.read(CREDENTIALS).items()
               if not PUBLIC.search(name)}
    tokens = sorted(set(re.findall(rb"[A-Za-z0-9_.-]{40,}", heard)))
    secrets |= {f"token {number}": token for number, token in enumerate(tokens)}
    if len(tokens) < 20:
        return f"too few tokens were heard of: {len(tokens)}"
    scan = Scan(secrets)
    with open(firmware, "rb") as file:
        if not scan.find(file.read()):
            return "nothing, but the scan does not see the credentials in flash either"
    try:
        with open(image, "rb") as file:
            return describe(scan.find(file.read()))
    except OSError as error:
        return str(error)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--testbed", required=True)
    parser.add_argument("--expected", required=True)
    parser.add_argument("--fastapi", default="", help="the command that starts tests/interop/app.py")
    parser.add_argument("tills", nargs="+", metavar="MACHINE:FIRMWARE")
    arguments = parser.parse_args()
    with open(arguments.expected, encoding="utf-8") as file:
        expected = file.read().splitlines()
    modem = Modem()
    failed = False
    for till in arguments.tills:
        machine, firmware = till.split(":", 1)
        print(f"\n=== {os.path.basename(firmware)} on {machine}", flush=True)
        # Servers of its own for each: what one till revokes must not be missing to the next.
        with servers(arguments.testbed, shlex.split(arguments.fastapi)) as ports:
            start = time.monotonic()
            modem.heard.clear()
            with tempfile.TemporaryDirectory() as folder:
                settings = ports | {"dump": 1}
                status, output = run(machine, os.path.abspath(firmware), settings, modem.port, PATIENCE, folder)
                left = remains(firmware, os.path.join(folder, "ram.bin"), modem.heard)
        print(output, end="")
        # The server's clock may tick between the two times that it sends.
        *printed, stack = output.replace(" wait 119 s", " wait 120 s").splitlines() or [""]
        if not stack.startswith("stack: "):
            printed.append(stack)
        if printed != expected:
            failed = True
            print("\nFAILED: not what was expected:")
            print("\n".join(difflib.unified_diff(expected, printed, "expected", "printed", lineterm="", n=1)))
        if status != 0:
            failed = True
            print("FAILED: " + ("it does not end" if status is None else f"exit status {status}"))
        if left:
            failed = True
            print(f"FAILED: in RAM at the end: {left}")
        print(f"=== {len(printed)} lines in {time.monotonic() - start:.1f} s", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
