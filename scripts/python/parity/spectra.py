"""Linear spectra of auscult against librosa and torchaudio: see features.py, which gives the clips.

The tools compute in double precision here, so that what is found is our rounding: in single precision torchaudio's own is as large.
"""

import json
import subprocess
from pathlib import Path

import numpy as np

# Which bins and frames count, as a share of the map's largest: 60 and 120 dB.
BIN_RANGE, FRAME_RANGE = 1e-3, 1e-6
PAD_MODES = {"zeros": "constant", "reflect": "reflect"}
HERE = Path(__file__).resolve().parent


def librosa_magnitude(samples, transform):
    import librosa

    return np.abs(
        librosa.stft(
            samples.astype(np.float64), n_fft=transform["fftSize"], win_length=transform["windowSize"],
            hop_length=transform["hop"], pad_mode=PAD_MODES[transform["padding"]]))  # fmt: skip


def torchaudio_magnitude(samples, transform):
    import torch

    # Its wheels may name another CUDA than torch's; nothing here runs on a GPU.
    torch.version.cuda = None
    from torchaudio.transforms import Spectrogram

    spectrogram = Spectrogram(
        transform["fftSize"], transform["windowSize"], transform["hop"], power=1,
        pad_mode=PAD_MODES[transform["padding"]], wkwargs={"dtype": torch.float64})  # fmt: skip
    with torch.no_grad():
        return spectrogram(torch.from_numpy(samples.astype(np.float64))).numpy()


def tools():
    """librosa, and torchaudio where it is there."""
    found = {"librosa": librosa_magnitude}
    try:
        torchaudio_magnitude(np.zeros(512, np.float32), {"fftSize": 256, "windowSize": 256, "hop": 128, "padding": "zeros"})
        found["torchaudio"] = torchaudio_magnitude
    except ImportError:
        pass
    return found


def ours(recipe, clips, folder):
    """Of each transform of the recipe and each clip: its number, the transform, magnitude and power, [bins, frames]."""
    folder.mkdir(exist_ok=True)
    names = [folder / f"clip-{i}.f32" for i in range(len(clips))]
    for name, clip in zip(names, clips):
        clip.astype("<f4").tofile(name)
    job = {"recipe": recipe, "clips": [str(name) for name in names], "folder": str(folder)}
    command = ["node", str(HERE / "spectra.mjs"), json.dumps(job)]
    for one in json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout):
        transform = one["transform"]
        bins = transform["fftSize"] // 2 + 1
        maps = {name: np.fromfile(one[name], "<f4").reshape(bins, -1) for name in ("magnitude", "power")}
        yield names.index(Path(one["clip"])), transform, maps
        for name in maps:
            Path(one[name]).unlink()


def relative(found, wanted, floor):
    """The largest difference of the values above `floor`, each in relation to itself."""
    counts = wanted > floor
    return (np.abs(found - wanted)[counts] / wanted[counts]).max(initial=0)


def differences(recipe, clips, folder):
    """Of each transform, clip and tool: (tool, number of the clip, largest relative differences by name)."""
    for number, transform, maps in ours(recipe, clips, folder):
        for tool, magnitude_of in tools().items():
            wanted = magnitude_of(clips[number], transform)
            found = maps["magnitude"].astype(np.float64)
            roots = np.sqrt(maps["power"].astype(np.float64))
            peak = wanted.max()
            if peak == 0 and (found.any() or roots.any()):
                raise SystemExit(f"{recipe}: silence has a spectrum")
            frames = np.linalg.norm(wanted, axis=0)
            counts = frames > frames.max() * FRAME_RANGE
            yield tool, number, {
                "magnitudes": relative(found, wanted, peak * BIN_RANGE),
                "roots of powers": relative(roots, wanted, peak * BIN_RANGE),
                "frames": (np.linalg.norm(found - wanted, axis=0)[counts] / frames[counts]).max(initial=0),
            }
