"""A front end with its paper's tools, timed on request: the other side of `auscult bench features`.

usage: features.py '{"recipe": "multibreath", "samples": 128000, "tools": "paper"|"torchaudio", "threads": 1}'

The number of threads is also set in the environment by the caller, before anything is loaded; 0 leaves it to the tools. Reads
lines from stdin: a number of clips, or "quit"; answers each with one line of JSON as step.py does. The first line says that it is
ready, or what is missing.
"""

import json
import sys
import time
from importlib.metadata import version

import frontends
import numpy as np

case = json.loads(sys.argv[1])
TOOLS = {"cycleguardian": ["nnAudio", "torch"], "respirenet": ["librosa", "opencv-python-headless", "numpy"]}

try:
    if case["recipe"] == "cycleguardian" or case["tools"] == "torchaudio":
        import torch

        if case["threads"]:
            torch.set_num_threads(case["threads"])
    if case["tools"] == "torchaudio":
        compute, tools = frontends.make_torchaudio(case["recipe"]), ["torchaudio", "torch"]
    else:
        compute, tools = frontends.MAKERS[case["recipe"]](), TOOLS.get(case["recipe"], ["librosa", "numpy"])
except ImportError as error:
    if case["tools"] != "torchaudio":
        raise
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit()

if case["recipe"] == "respirenet":
    import cv2

    cv2.setNumThreads(case["threads"] or cv2.getNumberOfCPUs())

seconds_at = np.arange(case["samples"]) / frontends.RATES[case["recipe"]]
tone = 0.4 * np.sin(2 * np.pi * (50 * seconds_at + 100 * seconds_at * seconds_at))
clips = [
    (tone + 0.1 * ((((np.arange(case["samples"]) + 131 * turn) * 7919) % 1000) / 1000 - 0.5)).astype(np.float32)
    for turn in range(4)
]


def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


for turn in range(30):
    result = compute(clips[turn % 4])
print(json.dumps({"ready": True, "versions": {tool: version(tool) for tool in tools}}), flush=True)
done = 0
for line in sys.stdin:
    if line.strip() == "quit":
        break
    seconds, cpu = [], time.process_time()
    for _ in range(int(line)):
        started = time.perf_counter()
        result = compute(clips[done % 4])
        seconds.append(time.perf_counter() - started)
        done += 1
    answer = {"seconds": seconds, "loss": float(result.flat[0]), "cpuSeconds": time.process_time() - cpu, "peakMb": peak_mb()}
    print(json.dumps(answer), flush=True)
