"""The five papers' front ends with the tools that the papers used, for `auscult bench features` and the parity check.

Measured with librosa 0.11.0, nnAudio 0.3.4, torch 2.15.0, SciPy 1.17.1, soxr 1.1.0, OpenCV 5.0.0.93 (headless), matplotlib 3.11.2,
NumPy 2.4.6. Each `make_...` returns a function from float32 samples at the recipe's rate, of the model's length, to the input.
"""

import warnings

import numpy as np

RATES = {"cycleguardian": 10000, "multibreath": 16000, "supcon-sprs": 8000, "glancegaze": 22050, "respirenet": 4000}


def make_cycleguardian(standardised=True):
    import torch
    from nnAudio.features import CQT2010v2, Gammatonegram, MelSpectrogram

    shared = {"sr": 10000, "hop_length": 128, "fmin": 32.7, "fmax": 3000, "n_fft": 1024, "verbose": False}
    mel = MelSpectrogram(**shared, win_length=1000, n_mels=84, htk=True, norm=None)
    gammatone = Gammatonegram(**shared, n_bins=84)
    cqt = CQT2010v2(sr=10000, hop_length=128, fmin=32.7, n_bins=84, bins_per_octave=12, verbose=False)

    def decibels(x, factor):
        return factor * torch.log10(torch.clamp(x, min=1e-10))

    def compute(samples):
        with torch.no_grad():
            x = torch.from_numpy(samples)[None]
            maps = [decibels(mel(x)[0], 10), decibels(gammatone(x)[0], 10), decibels(cqt(x)[0], 20)]
            if standardised:
                maps = [(m - m.mean(1, keepdim=True)) / (m.std(1, keepdim=True) + 1e-6) for m in maps]
            return torch.stack(maps, -1).numpy()

    return compute


def make_multibreath():
    import librosa

    def compute(samples):
        mel = librosa.feature.melspectrogram(
            y=samples, sr=16000, n_fft=1024, hop_length=512, n_mels=64, fmin=50, fmax=2000, htk=True, norm=None,
            pad_mode="reflect")  # fmt: skip
        return librosa.power_to_db(mel, amin=1e-10, top_db=None)

    return compute


def make_supcon(standardised=True):
    import librosa

    def compute(samples):
        low, high = samples.min(), samples.max()
        # A constant clip has no range; both sides take zeros.
        scaled = (samples - low) / (high - low) - np.float32(0.5) if high > low else np.zeros_like(samples)
        m = librosa.feature.mfcc(y=scaled, sr=8000, n_mfcc=64, n_fft=512, hop_length=128)
        return (m - m.mean()) / m.std() if standardised else m

    return compute


def make_glancegaze(standardised=True):
    import librosa

    def compute(samples):
        mel = librosa.feature.melspectrogram(
            y=samples, sr=22050, n_fft=2048, hop_length=512, n_mels=128, pad_mode="reflect")  # fmt: skip
        db = librosa.power_to_db(mel, ref=np.max)
        return (db - db.mean()) / db.std() if standardised else db

    return compute


def make_respirenet(scale=3):
    import cv2
    import librosa

    cv2.setNumThreads(1)

    def picture(levels, factor):
        image = cv2.applyColorMap(levels, cv2.COLORMAP_MAGMA)
        if factor > 1:
            image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
        return cv2.flip(image, 0)

    def compute(samples):
        mel = librosa.feature.melspectrogram(
            y=samples, sr=4000, n_fft=256, hop_length=128, n_mels=64, fmin=50, fmax=2000, pad_mode="reflect")  # fmt: skip
        db = librosa.power_to_db(mel, ref=np.max)
        span = db.max() - db.min()
        levels = ((db - db.min()) / span * 255 if span > 0 else np.zeros_like(db)).astype(np.uint8)
        image = picture(levels, scale)
        grey = cv2.cvtColor(picture(levels, 1), cv2.COLOR_BGR2GRAY)
        grey[grey < 10] = 0
        blank = (grey == 0).mean(1) >= 0.8
        row = int(np.argmin(blank)) if not blank.all() else len(blank) - 1
        height, width = image.shape[:2]
        if (row + 1) * scale < height:
            image = cv2.resize(image[(row + 1) * scale :], (width, height), interpolation=cv2.INTER_LINEAR)
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.float32) / np.float32(255)

    return compute


def make_torchaudio(recipe):
    """torchaudio's form of the mel maps and MFCC, where it has one; None where it has not."""
    import torch

    # Its wheels may name another CUDA than torch's; nothing here runs on a GPU.
    torch.version.cuda = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchaudio.transforms import AmplitudeToDB, MelSpectrogram
        from torchaudio.transforms import MFCC

    if recipe == "multibreath":
        mel = MelSpectrogram(16000, 1024, hop_length=512, n_mels=64, f_min=50, f_max=2000)
        layers = torch.nn.Sequential(mel, AmplitudeToDB())
    elif recipe == "glancegaze":
        mel = MelSpectrogram(22050, 2048, hop_length=512, n_mels=128, norm="slaney", mel_scale="slaney")
        layers = torch.nn.Sequential(mel, AmplitudeToDB(top_db=80))
    elif recipe == "supcon-sprs":
        options = {"n_fft": 512, "hop_length": 128, "n_mels": 128, "norm": "slaney", "mel_scale": "slaney", "pad_mode": "constant"}
        layers = MFCC(8000, 64, melkwargs=options)
    else:
        return None

    def compute(samples):
        with torch.no_grad():
            return layers(torch.from_numpy(samples)).numpy()

    return compute


MAKERS = {
    "cycleguardian": make_cycleguardian, "multibreath": make_multibreath, "supcon-sprs": make_supcon,
    "glancegaze": make_glancegaze, "respirenet": make_respirenet}  # fmt: skip
