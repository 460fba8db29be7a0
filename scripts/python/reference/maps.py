"""Model inputs of single clips by the papers' tools: the other side of notebooks/2-signals.ipynb.

usage: maps.py '{"folder": "out", "clips": [{"recipe": "multibreath", "file": "clip.f32"}]}'

A clip is a file of float32 samples at the recipe's rate (frontends.py: RATES). Prints a list, for each clip {recipe, maps}; a map is
{tool, versions, shape, values, counts}: a file of float32 values, and one of bytes that are 1 where the values are within 60 dB of the
largest (of the channel; of maps that are no decibels everywhere). Where a tool is not installed: {tool, missing}.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

try:
    import frontends
    from clips import clip_of
except ImportError as error:
    sys.exit(f"{error}")

RANGE_DB = 60
TOOLS = {"cycleguardian": ["nnAudio"], "respirenet": ["librosa", "opencv-python-headless"]}
WITH_TORCHAUDIO = ["multibreath", "supcon-sprs", "glancegaze"]
PLAIN = {"cycleguardian": frontends.make_cycleguardian, "glancegaze": frontends.make_glancegaze}
SUPCON_FRAMES = 187


def centred(x, frames):
    """The middle of a map, or the map in the middle of zeros."""
    before = abs(x.shape[1] - frames) // 2
    if x.shape[1] >= frames:
        return x[:, before : before + frames]
    return np.pad(x, ((0, 0), (before, frames - x.shape[1] - before)))


def standardised(x):
    return (x - x.mean()) / x.std()


def within_range(recipe, clip, shape):
    if recipe in PLAIN:
        plain = PLAIN[recipe](standardised=False)(clip)
    elif recipe == "multibreath":
        plain = frontends.make_multibreath()(clip)
    else:
        return np.ones(shape, np.uint8)
    return (plain > plain.max((0, 1), keepdims=True) - RANGE_DB).astype(np.uint8)


def paper_tool(recipe, clip):
    x = frontends.MAKERS[recipe]()(clip)
    return centred(x, SUPCON_FRAMES) if recipe == "supcon-sprs" else x


def torchaudio(recipe, clip):
    compute = frontends.make_torchaudio(recipe)
    if recipe == "multibreath":
        return compute(clip)
    if recipe == "glancegaze":
        return standardised(compute(clip))
    low, high = clip.min(), clip.max()
    return centred(standardised(compute((clip - low) / (high - low) - np.float32(0.5))), SUPCON_FRAMES)


def main(folder, clips):
    answer = []
    for number, one in enumerate(clips):
        recipe = one["recipe"]
        tools = TOOLS.get(recipe, ["librosa"])
        ways = [(" and ".join(tools), paper_tool, tools)]
        if recipe in WITH_TORCHAUDIO:
            ways.append(("torchaudio", torchaudio, ["torchaudio"]))
        maps = []
        for tool, compute, packages in ways:
            try:
                clip = clip_of(recipe, np.fromfile(one["file"], "<f4"), frontends.RATES[recipe]).astype(np.float32)
                values = compute(recipe, clip)
                counts = within_range(recipe, clip, values.shape)
            except ImportError as error:
                maps.append({"tool": tool, "missing": str(error)})
                continue
            paths = [Path(folder) / f"{number}-{len(maps)}.{ending}" for ending in ("f32", "u8")]
            values.astype("<f4").tofile(paths[0])
            counts.tofile(paths[1])
            versions = {package: version(package) for package in packages}
            maps.append({"tool": tool, "versions": versions, "shape": values.shape, "values": str(paths[0]), "counts": str(paths[1])})
        answer.append({"recipe": recipe, "maps": maps})
    print(json.dumps(answer))


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
