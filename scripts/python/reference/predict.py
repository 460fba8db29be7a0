"""Labels of WAV files with librosa and PyTorch, timed on request: the other side of `auscult bench predict`.

usage: predict.py '{"folder": "wav", "frames": 187, "classes": 2, "batch": 1, "settings": {"threads": 2, "channelsLast": false}}'

Each turn on stdin is the whole folder, `batch` files at once in the network: see rounds.py. Without `settings`, short heats choose threads
and memory layout.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import librosa
import numpy as np
import torch
from frontends import make_supcon
from rounds import answer_rounds
from supcon import resnet18

HEAT_FILES = 32


def centred(x, frames):
    before = abs(x.shape[1] - frames) // 2
    if x.shape[1] >= frames:
        return x[:, before : before + frames]
    return np.pad(x, ((0, 0), (before, frames - x.shape[1] - before)))


def main(case):
    files = sorted(Path(case["folder"]).glob("*.wav"))
    compute = make_supcon()
    torch.manual_seed(1)
    model = resnet18(case["classes"]).eval()

    def label(some):
        maps = [centred(compute(librosa.load(file, sr=8000)[0]), case["frames"]) for file in some]
        x = torch.from_numpy(np.stack(maps)[:, None]).contiguous(memory_format=layout)
        with torch.inference_mode():
            return model(x).argmax(1).tolist()

    def seconds_per_file(files):
        started = time.perf_counter()
        labels = []
        for at in range(0, len(files), case["batch"]):
            labels += label(files[at : at + case["batch"]])
        return sum(labels), {"file": (time.perf_counter() - started) / len(files)}

    def use(settings):
        nonlocal layout
        layout = torch.channels_last if settings["channelsLast"] else torch.contiguous_format
        torch.set_num_threads(settings["threads"])
        model.to(memory_format=layout)

    def heat(settings):
        use(settings)
        seconds_per_file(files[: case["batch"]])
        return seconds_per_file(files[:HEAT_FILES])[1]["file"]

    layout = torch.contiguous_format
    cores = len(os.sched_getaffinity(0))
    tried = [{"threads": t, "channelsLast": c} for t in sorted({max(1, cores // 2), cores}) for c in (False, True)]
    settings = case.get("settings") or min(tried, key=heat)
    use(settings)
    seconds_per_file(files[: case["batch"]])
    versions = {tool: version(tool) for tool in ("torch", "librosa")}
    answer_rounds(lambda: seconds_per_file(files), {"settings": settings, "versions": versions})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
