"""What a linked image calls: no panic, no formatting, no heap, no recursion, and no indirect call that is not known."""

import re
import subprocess
from bisect import bisect_right

FORBIDDEN = re.compile(
    r"panic|core::fmt|rust_begin_unwind|unwrap_failed|expect_failed|slice_(start_|end_)?index|len_mismatch"
    r"|\b(malloc|calloc|realloc|free|_sbrk)\b|__rust_alloc|alloc::|printf"
)
# Calls and jumps to a name; jumps inside a function go to the function's own.
DIRECT = re.compile(r"^(bl?x?|b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)|cbn?z)(\.[nw])?$")


class Image:
    def __init__(self, path):
        # By address: functions of different files, and the instances of a generic one, can share a name.
        self.names = {}     # address -> name
        self.calls = {}     # address -> the addresses that it calls or jumps to
        self.indirect = {}  # name -> how many calls go through a register
        # What stands behind a function's end is padding, which the disassembler takes for code.
        ends = {int(start, 16): int(start, 16) + int(size, 16)
                for start, size in re.findall(r"^([0-9a-f]+) ([0-9a-f]+) [tTwW] ",
                                              run("arm-none-eabi-nm", "-S", path), flags=re.M)}
        function = None
        output = run("arm-none-eabi-objdump", "-d", "-C", "--no-show-raw-insn", path)
        for line in output.splitlines():
            if match := re.match(r"^([0-9a-f]+) <(.+)>:$", line):
                function = int(match[1], 16)
                self.names[function] = match[2]
                self.calls[function] = set()
            elif match := re.match(r"^\s*([0-9a-f]+):\t(\S+)(?:\t(.*))?$", line):
                if int(match[1], 16) < ends.get(function, 1 << 32):
                    self.read(function, match[2], match[3] or "")
        if not self.calls:
            raise SystemExit(f"{path}: no function was found in it")
        starts = sorted(self.names)
        for function, called in self.calls.items():
            # A jump to the inside of a function is one from its own code: a loop. So is one to its beginning, unless
            # it is a call, which `read` keeps apart as a negative address.
            starting = [(starts[bisect_right(starts, abs(address)) - 1], address) for address in called]
            self.calls[function] = {start for start, address in starting if start != function or address < 0}

    def read(self, function, instruction, operands):
        target = re.search(r"\b([0-9a-f]+) <", operands)
        if DIRECT.match(instruction) and target:
            is_call = instruction.startswith("bl")
            address = int(target[1], 16)
            self.calls[function].add(-address if is_call and address == function else address)
        elif is_indirect(instruction, operands):
            name = self.names[function]
            self.indirect[name] = self.indirect.get(name, 0) + 1

    def complaints(self, own, targets):
        """`own`: names that must be there, or this looks at something else. `targets`: for each function that calls
        through a pointer, the functions that this can be."""
        names = set(self.names.values())
        for name in sorted(own - names):
            yield f"{name} is not in the image: is it the library at all?"
        for name in sorted(names):
            if FORBIDDEN.search(name):
                yield f"{name} is linked"
        for name in sorted(set(self.indirect) - set(targets)):
            yield f"{name} calls through a pointer, and no target is listed"
        for name in sorted(set(targets) - set(self.indirect)):
            yield f"{name} is listed as calling through a pointer, and does not"
        graph = {address: set(called) for address, called in self.calls.items()}
        for name in sorted(self.indirect):
            found = self.addresses(targets.get(name, ()))
            for target in sorted(targets.get(name, set()) - {self.names[address] for address in found}):
                yield f"{target}, a listed target of {name}, is not in the image"
            for address in self.addresses({name}):
                graph[address] |= found
        for cycle in cycles(graph):
            yield "recursion: " + " -> ".join(self.names[address] for address in cycle)

    def addresses(self, names):
        return {address for address, name in self.names.items() if name in names}


def is_indirect(instruction, operands):
    """To a function, that is: on these processors compilers use bx and blx for that, and `pop` or a load from the stack
    to return. Any other way to change pc is a jump table inside a function."""
    return instruction in ("blx", "bx") and operands.split("@")[0].split(";")[0].strip() != "lr"


def cycles(graph):
    """One way round for each function that can come back to itself. Iterative: graphs may be deep."""
    done = set()
    for start in sorted(graph):
        path, on_path = [], {}
        work = [(start, iter(sorted(graph[start])))]
        if start in done:
            continue
        path.append(start)
        on_path[start] = 0
        while work:
            name, called = work[-1]
            for target in called:
                if target in on_path:
                    yield [*path[on_path[target]:], target]
                elif target not in done and target in graph:
                    work.append((target, iter(sorted(graph[target]))))
                    on_path[target] = len(path)
                    path.append(target)
                    break
            else:
                work.pop()
                done.add(name)
                path.pop()
                del on_path[name]


def public_functions(header):
    """The names of the functions that a header declares, without those that it defines."""
    with open(header, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    return set(re.findall(r"^(?!static)[a-z][\w *]*\b(pos_token_\w+)\(", text, flags=re.M))


def read_targets(path):
    """FUNCTION: TARGET, TARGET, or `none`, for each line; `#` begins a comment."""
    targets = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                name, _, called = line.partition(": ")
                targets[name] = {target.strip() for target in called.split(",")} - {"none"}
    return targets


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
