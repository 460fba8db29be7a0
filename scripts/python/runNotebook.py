"""Executes a notebook: runNotebook.py IN OUT FOLDER SECONDS. Each cell's end is a JSON line on stdout.

The notebook is written to OUT (beside it first, then renamed) also when a cell fails, up to that cell; then the exit
code is 1 and the last line holds the error. SECONDS is the limit of one cell.
"""

import json
import os
import sys
import time

import nbclient
import nbformat


def main(source, target, folder, seconds):
    notebook = nbformat.read(source, as_version=4)
    code_cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    started = time.monotonic()

    def say(**line):
        print(json.dumps(line), flush=True)

    def cell_ended(cell, cell_index, execute_reply):
        say(cell=cell_index, of=code_cells, seconds=round(time.monotonic() - started, 2))

    client = nbclient.NotebookClient(
        notebook,
        timeout=float(seconds),
        resources={"metadata": {"path": folder}},
        on_cell_executed=cell_ended,
        record_timing=False,
    )
    error = None
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as caught:
        error = f"{caught.ename}: {caught.evalue}"
    except nbclient.exceptions.CellTimeoutError:
        error = f"a cell ran longer than {seconds} s"
    except nbclient.exceptions.DeadKernelError:
        error = "the kernel died"
    beside = f"{target}.{os.getpid()}.tmp"
    nbformat.write(notebook, beside)
    os.replace(beside, target)
    if error is not None:
        say(error=error)
    return 0 if error is None else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
