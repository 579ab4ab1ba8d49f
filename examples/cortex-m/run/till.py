#!/usr/bin/env python3
"""Runs firmware on emulated tills against servers on this machine, and compares what it prints with what must come.

    till.py --testbed PROGRAM --expected FILE [--fastapi "COMMAND"] MACHINE:FIRMWARE...

Ends with 1 where a line differs or a firmware fails.
"""

import argparse
import difflib
import os
import shlex
import time

from emulator import run
from modem import Modem
from servers import servers

PATIENCE = 180


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
            status, output = run(machine, firmware, ports, modem.port, PATIENCE)
        print(output, end="")
        # The server's clock may tick between the two times that it sends.
        printed = output.replace(" wait 119 s", " wait 120 s").splitlines()
        if printed != expected:
            failed = True
            print("\nFAILED: not what was expected:")
            print("\n".join(difflib.unified_diff(expected, printed, "expected", "printed", lineterm="", n=1)))
        if status != 0:
            failed = True
            print("FAILED: " + ("it does not end" if status is None else f"exit status {status}"))
        print(f"=== {len(printed)} lines in {time.monotonic() - start:.1f} s", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
