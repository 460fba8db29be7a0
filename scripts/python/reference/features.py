"""A front end with its paper's tools, timed on request: the other side of `auscult bench features`.

usage: features.py '{"recipe": "multibreath", "samples": 128000, "tools": "paper"|"torchaudio", "threads": 1}'

The number of threads is also set in the environment by the caller, before anything is loaded; 0 leaves it to the tools. Clips are
asked for on stdin and answered on stdout: see rounds.py. Where a tool is not there, the first line says what is missing.
"""

import itertools
import json
import sys
from importlib.metadata import version

import frontends
import numpy as np
from rounds import answer_rounds

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


for turn in range(30):
    compute(clips[turn % 4])
turn = itertools.count()
answer_rounds(
    lambda: float(compute(clips[next(turn) % 4]).flat[0]), {"versions": {tool: version(tool) for tool in tools}}
)
