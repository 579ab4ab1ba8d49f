#!/usr/bin/env python3
"""Holds the instructions of pos-token on the host to budgets.json, by the rules of benches/cortex-m.

    check.py          measures and ends with 1 where a figure is not as recorded, or does not grow as it has to
    check.py write    measures everything, and records it in budgets.json and results.json

Other compilers, processors or valgrinds count other instructions: where they are not those of the records, what is
recorded is not compared, and growth alone is checked.
"""

import json
import os
import subprocess
import sys
from copy import deepcopy

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../cortex-m/run"))

import budgets  # noqa: E402

BUDGETS = os.path.join(HERE, "budgets.json")
RESULTS = os.path.join(HERE, "results.json")

# Bytes that come on top each cost the same, to this share of their mean cost: work is linear in its input.
BAND = 0.2
LINEAR = ("text", "members", "token")
# The same bytes at any depth cost the same, to this share.
DEPTH_BAND = 0.2


def bench(mode):
    command = ["cargo", "bench", "--quiet", "--locked", "--manifest-path", os.path.join(HERE, "Cargo.toml"), "--", mode]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def series(figures, name):
    """(number, instructions) of a series, in the order of its numbers."""
    words = (figure.split() for figure in figures)
    return sorted((int(one[1]), figures[" ".join(one)]) for one in words if len(one) == 2 and one[0] == name
                  and one[1].isdigit())


def slopes(points):
    return [(much - little) / (large - small) for (small, little), (large, much) in zip(points, points[1:])]


def growth_complaints(figures):
    for name in LINEAR:
        points = series(figures, name)
        (first, little), (last, much) = points[0], points[-1]
        mean = (much - little) / (last - first)
        for (size, _), slope in zip(points[1:], slopes(points)):
            if abs(slope - mean) > BAND * mean:
                yield (f"{name} {size}: {slope:.2f} instructions for each byte more, {mean:.2f} on the whole: not linear "
                       f"to {BAND:.0%}")
    depth = series(figures, "depth")
    costs = [cost for _, cost in depth]
    if max(costs) > min(costs) * (1 + DEPTH_BAND):
        yield f"depth: {min(costs):,} to {max(costs):,} instructions for the same bytes, more than {DEPTH_BAND:.0%} apart"
    for name in ("piece", "chunk"):
        for (small, little), (large, much) in zip(series(figures, name), series(figures, name)[1:]):
            if much > little * 1.02:
                yield f"{name} {large}: {much:,} instructions, more than with {small}: {little:,}"


def check_check(figures):
    """A check that cannot fail proves nothing: growth that is not as it has to be has to be found out."""
    if list(growth_complaints(figures)):
        return
    for name, factor in (("text 1048576", 1.5), ("members 16384", 1.5), ("token 16384", 1.5), ("depth 30", 1.5),
                         ("piece 16384", 1.5), ("chunk 16384", 1.5)):
        doctored = deepcopy(figures)
        doctored[name] = round(doctored[name] * factor)
        if not any(complaint.startswith(name.split()[0]) for complaint in growth_complaints(doctored)):
            raise SystemExit(f"FAILED: the check does not see that {name} has grown")


def check():
    found = json.loads(bench("figures"))
    if found["environment"] is None:
        print("NOTE: SKIPPED: without valgrind no instructions are counted")
        return
    figures, kept = found["figures"], budgets.read(BUDGETS)
    check_check(figures)
    complaints = list(growth_complaints(figures))
    is_alike = found["environment"] == kept["toolchain"]
    if is_alike:
        budgets.check_check(kept, figures, found["environment"], BUDGETS)
        complaints += budgets.complaints(kept, figures, found["environment"], BUDGETS)
        with open(RESULTS, encoding="utf-8") as file:
            shown = json.load(file)["figures"]
        if shown != {name: line["recorded"] for name, line in kept["figures"].items()}:
            complaints.append("results.json is not of the same run as budgets.json")
    else:
        print(f"NOTE: figures are not compared, which are of {kept['toolchain']}; here it is {found['environment']}")
    for complaint in complaints:
        print(f"FAILED: {complaint}")
    if complaints:
        raise SystemExit("\nbenches/host/check.py write records all figures; then make -C benches/cortex-m page.")
    print(f"{len(figures)} figures {'are as recorded, and ' if is_alike else ''}grow as they have to.")


def write():
    print(bench("write"))
    with open(RESULTS, encoding="utf-8") as file:
        results = json.load(file)
    if results["environment"] is None:
        raise SystemExit("FAILED: without valgrind there is nothing to record")
    kept = budgets.read(BUDGETS) if os.path.exists(BUDGETS) else {"figures": {}}
    budgets.write(BUDGETS, budgets.recorded(kept, results["figures"], {}, results["environment"]))


if __name__ == "__main__":
    write() if sys.argv[1:] == ["write"] else check()
