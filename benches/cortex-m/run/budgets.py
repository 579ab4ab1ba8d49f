"""The recorded figures and their budgets, budgets.json: one line for each figure.

    "m4 w1 first": {"recorded": 35341, "budget": 6000},

`recorded` is what was measured when the line was written; a figure that leaves it by more than ALLOWANCE is a complaint,
in either direction, as docs/footprint.md shows what is recorded. `budget`, where there is one, binds from the day on that
it is met: who passes it again has to change the budget by hand.
"""

import json
import os
from copy import deepcopy

from shared import ROOT

ALLOWANCE = 0.02
# Another compiler's code is another size. The page says which one it is of.
OTHER_TOOLCHAIN = 0.15


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, kept):
    lines = [f'{{\n"toolchain": {json.dumps(kept["toolchain"])},\n"figures": {{']
    lines.append(",\n".join(f"{json.dumps(name)}: {json.dumps(line)}" for name, line in kept["figures"].items()))
    lines.append('},\n"modules": {')
    lines.append(",\n".join(f"{json.dumps(name)}: {json.dumps(line)}" for name, line in kept["modules"].items()))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n}\n}\n")


def complaints(kept, measured, toolchain, path):
    """One text for each figure that is not as recorded: what it was, what it is, what to change to accept it."""
    allowance = ALLOWANCE if toolchain == kept["toolchain"] else OTHER_TOOLCHAIN
    for name, value in measured.items():
        line = kept["figures"].get(name)
        if line is None:
            yield f"{name}: {value:,}, which is not recorded: add {changed(name, {}, value)}"
            continue
        recorded, budget = line["recorded"], line.get("budget")
        where = place(path, name)
        share = (value - recorded) / recorded if recorded else 0.0
        if abs(value - recorded) > recorded * allowance:
            yield (f"{name}: {value:,}, recorded {recorded:,} ({share:+.1%}, more than {allowance:.0%}); to accept it, "
                   f"make {where} {changed(name, line, value)}")
        if breaks(line, value):
            yield f"{name}: {value:,} passes its budget of {budget:,}; to accept that, raise `budget` in {where}"
    for name in kept["figures"]:
        if name not in measured:
            yield f"{name}: recorded, but not measured; to accept that, remove {place(path, name)}"


def breaks(line, value):
    return "budget" in line and value > line["budget"] >= line["recorded"]


def changed(name, line, value):
    return f"`{json.dumps(name)}: {json.dumps({**line, 'recorded': value})},`"


def place(path, name):
    with open(path, encoding="utf-8") as file:
        numbers = [number for number, line in enumerate(file, 1) if line.startswith(json.dumps(name) + ":")]
    return f"line {numbers[0] if numbers else '?'} of {os.path.relpath(path, ROOT)}"


def recorded(kept, measured, modules, toolchain):
    """What to write, with the budgets as they are. A figure that breaks its budget is refused."""
    broken = [f"{name}: {value:,} passes its budget of {kept['figures'][name]['budget']:,}"
              for name, value in measured.items() if breaks(kept["figures"].get(name, {}), value)]
    if broken:
        raise SystemExit("\n".join(["FAILED: not recorded; raise the budget by hand or keep to it:", *broken]))
    figures = {name: {**kept["figures"].get(name, {}), "recorded": value} for name, value in measured.items()}
    return {"toolchain": toolchain, "figures": figures, "modules": modules}


def check_check(kept, measured, toolchain, path):
    """A check that cannot fail proves nothing: doctored records have to be found out."""
    name = next(name for name, value in measured.items() if value > 1000)
    value = measured[name]
    true = {"toolchain": toolchain, "figures": {one: {"recorded": number} for one, number in measured.items()}}
    if list(complaints(true, measured, toolchain, path)):
        raise SystemExit("FAILED: figures that are as recorded are complained of")

    def doctored(change, wanted):
        copy = deepcopy(true)
        change(copy["figures"])
        found = list(complaints(copy, measured, toolchain, path))
        if len(found) != 1 or not all(part in found[0] for part in (name, wanted)):
            raise SystemExit(f"FAILED: the check does not see, or sees more than: {wanted}\n{found}")

    doctored(lambda figures: figures[name].update(recorded=round(value / 1.021)), "more than 2%")
    doctored(lambda figures: figures[name].update(recorded=round(value * 1.03)), "more than 2%")
    doctored(lambda figures: figures[name].update(recorded=value - 1, budget=value - 1), "passes its budget")
    doctored(lambda figures: figures.pop(name), "not recorded")
    for one, line in kept["figures"].items():
        if "budget" in line and line["budget"] >= line["recorded"]:
            if not breaks(line, line["budget"] + 1):
                raise SystemExit(f"FAILED: the budget of {one} does not bind")
