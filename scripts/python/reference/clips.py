"""The clip that each recipe's model is given at test time, made with NumPy, SciPy and soxr."""

import numpy as np
from frontends import RATES

LENGTHS = {"cycleguardian": 80000, "multibreath": 130560, "glancegaze": 176400, "respirenet": 28000}


def tiled(x, length):
    return np.resize(x, length) if len(x) < length else x[:length]


def faded(x, rise, fall):
    x = x.copy()
    rise, fall = min(rise, len(x)), min(fall, len(x))
    x[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    x[len(x) - fall :] *= 1 - np.linspace(0, 1, fall, dtype=np.float32)
    return x


def clip_of(recipe, samples, rate):
    """The first clip that the model is given, at the recipe's rate."""
    to, x = RATES[recipe], samples
    if rate != to:
        import soxr

        x = soxr.resample(samples, rate, to, "HQ")[: int(np.ceil(len(samples) * to / rate))]
    if recipe == "supcon-sprs":
        return x
    length = LENGTHS[recipe]
    if recipe == "multibreath":
        cycle = faded(x[:length], 1000, 1000)
        return faded(tiled(cycle, length), 0, 1000) if len(cycle) < length else cycle
    if recipe == "respirenet":
        import scipy.signal

        sos = scipy.signal.butter(5, [200, 1800], "bandpass", fs=4000, output="sos")
        x = scipy.signal.sosfilt(sos, x.astype(np.float64)).astype(np.float32)
        x = x / (np.abs(x).max() or 1)
    return tiled(x, length)
