"""Compares `auscult features` with the papers' tools on real recordings and on made-up signals.

    python scripts/python/parity/features.py --data DIR [--files N] [--recipe NAME ...] [--resampled]

DIR holds icbhi/ and sprsound/ as their publishers lay them out (with icbhi/native_headers/ where it is there); N recordings are
taken evenly from each set. Needs the versions that scripts/python/reference/frontends.py names. Prints, for each recipe and kind of
signal, the largest difference and the share of values within the limit, and ends with code 1 where a limit is missed:

    decibels   0.03 dB within 60 dB of the maximum (of the channel); standardised maps are first scaled back
    MFCC       2e-3 of a coefficient's unit, map by map, on maps that are not silent
    images     one grey level on 99.5 % of the pixels
    spectra    1e-4 of each magnitude within 60 dB of the maximum, of each power's root there and of each frame's length, of the front
               end's short-time transforms, against librosa and, where it is there, torchaudio

A recording at another rate than the recipe's is brought to it by soxr HQ and handed to both, so that front ends are compared and no
resamplers. With --resampled our own resampler is compared in the same way too, for information: near its edge, and where an
upsampled recording holds nothing, decibels say more about filters than about recordings.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import soundfile
import soxr

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts/python/reference"))
import frontends as reference  # noqa: E402
import spectra  # noqa: E402
from clips import clip_of  # noqa: E402

LIMIT_DB, RANGE_DB, LIMIT_MFCC, LIMIT_LEVEL, SHARE_LEVEL, LIMIT_LINEAR = 0.03, 60, 2e-3, 1, 0.995, 1e-4


def made_up(folder):
    """Made-up signals at rates that need no resampling for one recipe each, and at 44.1 kHz."""
    files = {}
    for rate in (4000, 8000, 10000, 16000, 22050, 44100):
        n = np.arange(3 * rate)
        chirp = 0.5 * np.sin(2 * np.pi * (20 * n / rate + (0.45 * rate - 20) / 6 * (n / rate) ** 2))
        impulse = np.zeros(3 * rate)
        impulse[rate] = 0.9
        for name, x in {"chirp": chirp, "impulse": impulse, "silence": np.zeros(3 * rate)}.items():
            file = folder / f"{name}-{rate}.wav"
            soundfile.write(file, x.astype(np.float32), rate, subtype="FLOAT")
            files[file] = name
    return files


def at_rate(file, to, folder):
    """The recording itself where it has the rate, else a float WAV that soxr made."""
    samples, rate = soundfile.read(file, dtype="float32")
    if rate == to:
        return file
    folder.mkdir(exist_ok=True)
    samples = samples if samples.ndim == 1 else samples.mean(1)
    out = folder / f"{file.stem}.wav"
    soundfile.write(out, soxr.resample(samples, rate, to, "HQ"), to, subtype="FLOAT")
    return out


def evenly(files, count):
    files = sorted(files)
    return [files[i * len(files) // count] for i in range(min(count, len(files)))]


def differences(recipe, ours, samples):
    """Of each value that counts: its difference in units of the limit, and whether it counts at all."""
    if recipe == "cycleguardian":
        plain = reference.make_cycleguardian(standardised=False)(samples)
        counts = plain > plain.max((0, 1), keepdims=True) - RANGE_DB
        found = []
        for row, channel in np.ndindex(plain.shape[0], plain.shape[2]):
            mask, theirs, standard = counts[row, :, channel], plain[row, :, channel], ours[row, :, channel]
            if mask.sum() < 20 or np.ptp(theirs[mask]) < 0.1:
                continue
            # Rounding in the emptiest cells, 100 dB and more below the maximum, shifts a row's mean and deviation in both: there
            # the two are found by a straight line through the cells that count.
            if theirs.min() > plain[:, :, channel].max() - 100:
                line = theirs.std(ddof=1) + 1e-6, theirs.mean()
            else:
                line = np.polyfit(standard[mask], theirs[mask], 1)
            found.append(np.abs(np.polyval(line, standard[mask]) - theirs[mask]))
        return np.concatenate([*found, []]) / LIMIT_DB
    if recipe == "multibreath":
        plain = reference.make_multibreath()(samples)
        return np.abs(ours - plain)[plain > plain.max() - RANGE_DB] / LIMIT_DB
    if recipe == "glancegaze":
        plain = reference.make_glancegaze(standardised=False)(samples)
        return np.abs(ours * plain.std() + plain.mean() - plain)[plain > plain.max() - RANGE_DB] / LIMIT_DB
    if recipe == "supcon-sprs":
        plain = reference.make_supcon(standardised=False)(samples)
        frames, wanted = plain.shape[1], ours.shape[1]
        first = abs(frames - wanted) // 2
        theirs = plain[:, first : first + wanted] if frames >= wanted else plain
        part = ours if frames >= wanted else ours[:, first : first + frames]
        if frames < wanted and (ours[:, :first].any() or ours[:, first + frames :].any()):
            raise SystemExit("what lies beside a short map must be zeros")
        return np.abs(part * plain.std() + plain.mean() - theirs).ravel() / LIMIT_MFCC
    return np.abs(ours * 255 - reference.make_respirenet()(samples) * 255).ravel() / (LIMIT_LEVEL + 0.01)


def auscult(recipe, files, folder):
    command = ["node", str(ROOT / "scripts/auscult.mjs"), "features", recipe, *map(str, files), "--out", str(folder), "--json"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    first = {}
    for one in json.loads(out):
        first.setdefault(one["file"], one["output"])
    return [np.load(first[str(file)]) for file in files]


def check_spectra(recipe, kinds, converted, folder):
    """Prints the largest difference of each kind of signal; whether all are within the limit."""
    files = list(converted)
    clips = []
    for file in files:
        samples, rate = soundfile.read(converted[file], dtype="float32")
        clip = clip_of(recipe, samples if samples.ndim == 1 else samples.mean(1), rate)
        clips.append(clip.astype(np.float32))
    groups = {}
    for tool, number, found in spectra.differences(recipe, clips, folder):
        groups.setdefault((kinds[files[number]], tool), []).append(found)
    all_good = True
    for (kind, tool), found in sorted(groups.items()):
        largest = {name: max(one[name] for one in found) for name in found[0]}
        good = max(largest.values()) <= LIMIT_LINEAR
        all_good &= good
        shown = ", ".join(f"{name} {value:.1e}" for name, value in largest.items())
        print(f"  {'ok    ' if good else 'MISSED'} {kind:24s} {len(found):3d} spectra  against {tool}: {shown}", flush=True)
    return all_good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--resampled", action="store_true")
    parser.add_argument("--recipe", action="append", choices=list(reference.RATES))
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kinds = made_up(folder)
        if options.data:
            for file in evenly(options.data.glob("icbhi/ICBHI_final_database/*.wav"), options.files):
                kinds[file] = "icbhi"
            for file in sorted(options.data.glob("icbhi/native_headers/*.wav")):
                kinds[file] = "icbhi native"
            for file in evenly(options.data.glob("sprsound/BioCAS2022/*_wav/*.wav"), options.files):
                kinds[file] = "sprsound"
        # Two recordings of one name would have one output.
        files = list({file.stem: file for file in kinds}.values())
        for recipe in options.recipe or reference.RATES:
            share_wanted = SHARE_LEVEL if recipe == "respirenet" else 1
            groups = {}
            converted = {file: at_rate(file, reference.RATES[recipe], folder / f"{recipe}-wav") for file in files}
            for given in [converted, {file: file for file in files}] if options.resampled else [converted]:
                for file, ours in zip(files, auscult(recipe, list(given.values()), folder / recipe)):
                    samples, rate = soundfile.read(given[file], dtype="float32")
                    samples = samples if samples.ndim == 1 else samples.mean(1)
                    if not np.isfinite(ours).all():
                        raise SystemExit(f"{recipe}, {file.name}: values that are not finite")
                    resampled = rate != reference.RATES[recipe]
                    if given is not converted and not resampled:
                        continue
                    group = kinds[file] + (", resampled by us" if resampled else "")
                    groups.setdefault(group, []).append(differences(recipe, ours, clip_of(recipe, samples, rate)))
            unit = {"supcon-sprs": f"{LIMIT_MFCC:g}", "respirenet": "1 level"}.get(recipe, f"{LIMIT_DB:g} dB")
            print(f"{recipe} (limit {unit})")
            for group, parts in sorted(groups.items()):
                all_of = np.concatenate(parts)
                within = (all_of <= 1).mean() if all_of.size else 1.0
                largest = all_of.max() if all_of.size else 0.0
                good = within >= share_wanted
                missed |= not good and "resampled" not in group
                print(f"  {'ok    ' if good else 'MISSED'} {group:24s} {len(parts):3d} files  largest {largest:8.3f} of the limit  within {100 * within:8.4f} %", flush=True)
            missed |= not check_spectra(recipe, kinds, converted, folder / f"{recipe}-spectra")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
