"""Starts the project's TypeScript kernel again and again, as Jupyter does, and has each execute a cell.

    python start_kernels.py --count N [--argv JSON] [--hold SECONDS] [--limit SECONDS]

One JSON object a line on stdout, for each kernel:

    {"seconds": 1.2, "output": "42\\n", "stderr": ""}      it answered after 1.2 s, and the cell printed 42
    {"seconds": null, "output": "", "stderr": "..."}      no answer within the limit

`--argv` starts another program in the place of the registered one; `--hold`, for a kernel with hold-binds.cjs, is
how long its binds are held.
"""

import argparse
import json
import os
import tempfile
import threading
import time

from jupyter_client.manager import KernelManager

# What hold-binds.cjs writes to stderr.
HELD = b"binds are held"
CELL = "console.log(6 * 7);"


def first_answer(client, manager, limit):
    """Seconds until the kernel answers `kernel_info`, asked once, or None."""
    started = time.monotonic()
    request = client.kernel_info()
    while time.monotonic() - started < limit and manager.is_alive():
        try:
            reply = client.get_shell_msg(timeout=0.5)
        except Exception:  # queue.Empty: nothing yet
            continue
        if reply["parent_header"].get("msg_id") == request:
            return time.monotonic() - started
    return None


def wait_until_held(manager, stderr):
    while HELD not in os.pread(stderr.fileno(), 4096, 0) and manager.is_alive():
        time.sleep(0.05)


def start(argv, hold, limit):
    manager = KernelManager(kernel_name="tslab")
    if argv:
        manager.kernel_spec.argv = argv
    printed = []

    def print_hook(message):
        if message["header"]["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    with tempfile.TemporaryFile() as stderr:
        started = time.monotonic()
        standard_input, release = os.pipe()
        manager.start_kernel(stderr=stderr, stdin=standard_input)
        os.close(standard_input)
        timer = threading.Timer(hold or 0, os.write, (release, b"."))
        try:
            if hold is not None:
                wait_until_held(manager, stderr)
                timer.start()
            client = manager.blocking_client()
            client.start_channels()
            seconds = first_answer(client, manager, limit)
            if seconds is not None:
                seconds = time.monotonic() - started
                # The channel of outputs connects on its own, perhaps later; every client of Jupyter waits for it.
                client.wait_for_ready(timeout=limit)
                client.execute_interactive(CELL, timeout=limit, output_hook=print_hook)
            client.stop_channels()
        except (RuntimeError, TimeoutError) as error:
            printed.append(str(error))
        finally:
            manager.shutdown_kernel(now=True)
            timer.cancel()
            os.close(release)
        stderr.seek(0)
        said = stderr.read().decode(errors="replace")
    return {"seconds": seconds, "output": "".join(printed), "stderr": said}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--argv", type=json.loads)
    parser.add_argument("--hold", type=float)
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    for _ in range(options.count):
        print(json.dumps(start(options.argv, options.hold, options.limit)), flush=True)


if __name__ == "__main__":
    main()
