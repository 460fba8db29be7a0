"""The reference's side of src/bench/contestant.ts: a process that runs steps on request."""

import json
import sys
import time


def answer_rounds(step, about=None):
    """Says that it is ready, with what is `about` it, then reads lines from stdin: a number of steps to run, or "quit".

    Answers each with one line of JSON: seconds of each step, the last loss (what `step` returns, alone or with the seconds of its parts by
    name), CPU seconds of all, peak resident memory in MB.
    """
    print(json.dumps({"ready": True, **(about or {})}), flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            break
        seconds, cpu, loss = [], time.process_time(), None
        for _ in range(int(line)):
            started = time.perf_counter()
            loss = step()
            seconds.append(time.perf_counter() - started)
        loss, parts = loss if isinstance(loss, tuple) else (loss, {})
        answer = {"seconds": seconds, "loss": loss, "parts": parts, "cpuSeconds": time.process_time() - cpu, "peakMb": peak_mb()}
        print(json.dumps(answer), flush=True)


def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
