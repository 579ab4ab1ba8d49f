"""Runs one firmware on one emulated board."""

import subprocess


def run(machine, firmware, settings, modem_port, timeout, folder="."):
    """Its exit status and what it printed. `settings` are the numbers that the till finds on its command line."""
    arguments = ["arg=till"] + [f"arg={name}={number}" for name, number in settings.items()]
    command = ["qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none",
               # The UART sends single bytes: without nodelay each would wait for the one before to be acknowledged.
               "-serial", f"tcp:127.0.0.1:{modem_port},nodelay=on",
               "-semihosting-config", ",".join(["enable=on", "target=native", *arguments]),
               "-kernel", firmware]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=timeout, cwd=folder)
    except subprocess.TimeoutExpired as expired:
        return None, (expired.stdout or b"").decode("utf-8", "replace")
    return done.returncode, done.stdout.decode("utf-8", "replace")
