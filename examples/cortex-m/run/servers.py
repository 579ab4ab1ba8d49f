"""The servers that the till talks to: the testbed's, and the FastAPI app of tests/interop."""

import contextlib
import subprocess


@contextlib.contextmanager
def servers(testbed, fastapi):
    """Starts them all and gives name -> port. `fastapi` is a command, or empty for none."""
    ports = {}
    with contextlib.ExitStack() as stack:
        # The testbed ends when its standard input closes.
        process = stack.enter_context(child([testbed]))
        for line in process.stdout:
            name, url = line.split()
            ports[name] = int(url.rsplit(":", 1)[1])
            if len(ports) == 5:
                break
        else:
            raise SystemExit("the testbed did not start")
        if fastapi:
            process = stack.enter_context(child([*fastapi, "--port", "0"]))
            line = process.stdout.readline()
            if not line.startswith("listening on "):
                raise SystemExit("the FastAPI app did not start")
            ports["fastapi"] = int(line.rsplit(":", 1)[1])
        yield ports


@contextlib.contextmanager
def child(command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
