"""Runs one firmware on one emulated board."""

import subprocess

# Time advances by 64 ns with each instruction, and with nothing else.
COUNTING = ("-icount", "shift=6,align=off,sleep=off")


def run(machine, firmware, settings, modem_port, timeout, folder=".", options=()):
    """Its exit status and what it printed. `settings` are the numbers that the till finds on its command line. Where
    there is no modem, its port is None."""
    arguments = ["arg=till"] + [f"arg={name}={number}" for name, number in settings.items()]
    emulator = ["qemu-system-riscv32", "-bios", "none"] if machine == "virt" else ["qemu-system-arm"]
    command = [*emulator, "-M", machine, "-display", "none", "-monitor", "none", "-no-reboot", *options,
               # The UART sends single bytes: without nodelay each would wait for the one before to be acknowledged.
               "-serial", f"tcp:127.0.0.1:{modem_port},nodelay=on" if modem_port else "null",
               "-semihosting-config", ",".join(["enable=on", "target=native", *arguments]),
               "-kernel", firmware]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=timeout, cwd=folder)
    except subprocess.TimeoutExpired as expired:
        return None, (expired.stdout or b"").decode("utf-8", "replace")
    return done.returncode, done.stdout.decode("utf-8", "replace")
