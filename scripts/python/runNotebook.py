"""Executes a notebook: runNotebook.py IN OUT FOLDER SECONDS NOTE. What happens is told on stdout, a JSON object a line.

    {"starts": ID, "cell": 3, "of": 9}    a code cell begins; cells without code are not counted
    {"ended": ID}                         it has ended well
    {"says": TEXT}                        the last line of what it has shown, at most twice a second
    {"error": TEXT, "id": ID, "cell": 3}  it failed, or the kernel did; the last line

The notebook is written to OUT (beside it first, then renamed) however it ends, with what there is: exit code 0 done,
1 failed, 130 stopped. The end of stdin stops it: the kernel is interrupted, and has ten seconds to end the cell. SECONDS
is the limit of one cell. NOTE is a JSON object that the notebook gets as metadata "auscult", with how it ended beside it.
"""

import asyncio
import json
import os
import sys
import time

import nbclient
import nbformat

PATIENCE_SECONDS = 10


class Stopped(Exception):
    pass


class Client(nbclient.NotebookClient):
    """Tells what the cell shows; a progress bar is an output that changes, with a plain text in it."""

    said = 0.0

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        text = content.get("data", {}).get("text/plain") or (content.get("text") if msg["msg_type"] == "stream" else None)
        lines = text.strip().splitlines() if isinstance(text, str) else []
        if lines and time.monotonic() - self.said >= 0.5:
            self.said = time.monotonic()
            say(says=lines[-1][:200])
        return super().process_message(msg, cell, cell_index)


def say(**line):
    try:
        print(json.dumps(line), flush=True)
    except BrokenPipeError:
        # Whoever listened is gone; the notebook is written all the same.
        sys.stdout = open(os.devnull, "w")


async def execute(source, target, folder, seconds, note):
    began = time.monotonic()
    notebook = nbformat.read(source, as_version=4)
    numbers = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip():
            numbers[cell.id] = len(numbers) + 1
    stopping = asyncio.Event()
    now = {}

    def starts(cell, cell_index):
        if stopping.is_set():
            raise Stopped()
        now["cell"] = cell
        say(starts=cell.id, cell=numbers[cell.id], of=len(numbers))

    def ended(cell, cell_index, execute_reply):
        if execute_reply["content"]["status"] == "ok":
            say(ended=cell.id)

    def place():
        return {"id": now["cell"].id, "cell": numbers[now["cell"].id]} if "cell" in now else {}

    client = Client(
        notebook,
        timeout=float(seconds),
        startup_timeout=180,
        resources={"metadata": {"path": folder}},
        on_cell_execute=starts,
        on_cell_executed=ended,
        record_timing=False,
    )
    work = asyncio.ensure_future(client.async_execute())
    watch = asyncio.ensure_future(stop_with_stdin(stopping, client, work))
    finished, error, where = False, None, {}
    try:
        await work
        finished = True
    except nbclient.exceptions.CellExecutionError as caught:
        error = f"{caught.ename}: {caught.evalue}"
        where = place()
    except nbclient.exceptions.CellTimeoutError:
        error = f"the cell ran longer than {seconds} s"
        where = place()
    except nbclient.exceptions.DeadKernelError:
        error = "the kernel died (the system kills what takes too much memory)"
        where = place()
    except (Stopped, asyncio.CancelledError):
        pass
    except Exception as caught:
        # Such as a kernel that does not start.
        error = f"{type(caught).__name__}: {caught}"
    finally:
        watch.cancel()
    state = "done" if finished else "stopped" if stopping.is_set() else "failed"
    seconds = round(time.monotonic() - began, 2)
    notebook.metadata["auscult"] = {**json.loads(note), "state": state, "seconds": seconds, **where}
    beside = f"{target}.{os.getpid()}.tmp"
    nbformat.write(notebook, beside)
    os.replace(beside, target)
    if state == "failed":
        say(error=error, **where)
    return {"done": 0, "failed": 1, "stopped": 130}[state]


async def stop_with_stdin(stopping, client, work):
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stopping.set()
    if client.km is None or client.kc is None:
        work.cancel()
        return
    await client.km.interrupt_kernel()
    await asyncio.wait([work], timeout=PATIENCE_SECONDS)
    if not work.done():
        work.cancel()


if __name__ == "__main__":
    sys.exit(asyncio.run(execute(*sys.argv[1:])))
