"""Executes one notebook with the project's TypeScript kernel and writes the result to another file.

    python execute_notebook.py SOURCE TARGET --folder DIR --limit SECONDS --digest SHA256

SOURCE is never touched. What happens is told on stdout, one JSON object a line; notebook-run.mjs reads it:

    {"event": "cell", "done": 3, "of": 12}           three of the twelve code cells are done
    {"event": "stderr", "cell": 4, "text": "..."}    the kernel wrote this to stderr for the fourth code cell
    {"event": "stopped", "cell": 4, "why": "..."}    the run ended early, in the fourth code cell (0: before any)

Cells run through nbclient, but stderr is read on a second connection: nbclient stops listening to a cell as soon
as the kernel is idle again, and Node reports an unhandled rejection only after that. It would be lost.
"""

import argparse
import asyncio
import json
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

KERNEL = "tslab"
# How long the kernel may still speak after its last cell: enough for a rejection that nobody awaited.
LINGER_SECONDS = 1.0
# How long the second connection may lag behind nbclient's, on a busy machine.
LAG_SECONDS = 0.3
# Left behind by editors and runners; it would make every saved notebook differ.
VOLATILE_CELL_METADATA = ("execution", "ExecuteTime", "trusted")


def tell(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def runs(cell):
    return cell.cell_type == "code" and cell.source.strip() != ""


class Execution:
    """One run of one notebook, ended by an error, by the time limit or by its last cell."""

    def __init__(self, notebook, folder, limit):
        self.total = sum(1 for cell in notebook.cells if runs(cell))
        self.done = 0
        self.requests = []
        self.heard = asyncio.Event()
        self.second = None
        self.kernelspec = None
        self.listening = None
        deadline = time.monotonic() + limit
        self.client = NotebookClient(
            notebook,
            kernel_name=KERNEL,
            record_timing=False,
            force_raise_errors=True,
            resources={"metadata": {"path": folder}},
            # The limit is the notebook's, so a cell may take whatever the cells before it have left.
            timeout_func=lambda cell: max(1, round(deadline - time.monotonic())),
            on_notebook_start=self.listen,
            on_cell_executed=self.after_cell,
        )

    async def listen(self, notebook):
        """Opens the second connection and returns once it truly receives: a late subscriber misses messages."""
        spec = self.client.km.kernel_spec
        self.kernelspec = {"name": KERNEL, "display_name": spec.display_name, "language": spec.language}
        self.second = self.client.km.client()
        self.second.start_channels(shell=False, iopub=True, stdin=False, hb=False, control=False)
        self.listening = asyncio.create_task(self.hear())
        while not self.heard.is_set():
            self.client.kc.kernel_info()
            try:
                await asyncio.wait_for(self.heard.wait(), 0.2)
            except asyncio.TimeoutError:
                pass

    async def hear(self):
        while True:
            message = await self.second.iopub_channel.get_msg(timeout=None)
            self.heard.set()
            kind, content, parent = message["header"]["msg_type"], message["content"], message["parent_header"]
            request = parent.get("msg_id")
            if kind == "status" and parent.get("msg_type") == "execute_request" and request not in self.requests:
                self.requests.append(request)
            if kind == "stream" and content["name"] == "stderr":
                cell = self.requests.index(request) + 1 if request in self.requests else 0
                tell("stderr", cell=cell, text=content["text"])

    async def after_cell(self, cell, cell_index, execute_reply):
        if execute_reply["content"]["status"] != "ok":
            return
        self.done += 1
        tell("cell", done=self.done, of=self.total)
        if self.done == self.total:
            await asyncio.sleep(LINGER_SECONDS)

    async def run(self):
        try:
            await self.client.async_execute()
        except CellExecutionError:
            tell("stopped", cell=self.done + 1, why="error")
        except CellTimeoutError:
            tell("stopped", cell=self.done + 1, why="time limit")
        except DeadKernelError:
            tell("stopped", cell=self.done + 1, why="the kernel's process ended")
        except Exception as problem:
            tell("stopped", cell=0, why=f"the kernel did not start: {problem}")
        finally:
            if self.listening:
                await asyncio.sleep(LAG_SECONDS)
                self.listening.cancel()
                self.second.stop_channels()


def join_streams(outputs):
    """Joins neighbouring pieces of the same stream, as JupyterLab does when it saves."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def tidy(notebook, kernelspec, digest):
    """Leaves only what is the same on every machine, so that a new run makes a small difference."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": kernelspec,
            "language_info": notebook.metadata.get("language_info", {}),
            "executed_source_sha256": digest,
        }
    )
    for cell in notebook.cells:
        for name in VOLATILE_CELL_METADATA:
            cell.metadata.pop(name, None)
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--limit", type=float, required=True)
    parser.add_argument("--digest", required=True)
    options = parser.parse_args()
    notebook = nbformat.read(options.source, as_version=4)
    # Outputs of an earlier run must not pass for those of this one.
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    async def execute():
        execution = Execution(notebook, options.folder, options.limit)
        await execution.run()
        return execution.kernelspec

    tidy(notebook, asyncio.run(execute()), options.digest)
    nbformat.write(notebook, options.target)


if __name__ == "__main__":
    main()
