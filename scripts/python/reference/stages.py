"""A stage of the SupCon paper in PyTorch, on maps that are in memory: the other side of `auscult bench stages`.

usage: stages.py '{"stage": "pretraining"|"fine-tuning"|"resnet18"|"lean-cnn", "folder": "maps", "steps": 10, "batch": 32,
                   "frames": 187, "classes": 2, "evaluated": 160, "settings": {"threads": 2, ...}}'

The folder holds maps.json ({rows, train: [{frames, label}], select: [...]}) and maps.f32, the maps of both roles one after the other. Each turn
on stdin is an epoch of so many steps with its evaluation, on so many select items, and its checkpoint: see rounds.py. Without `settings`, short heats choose
threads, memory layout, the optimiser's kernel and the loader's workers.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from rounds import answer_rounds
from supcon import Embedding, OnFrozen, lean_cnn, resnet18, supcon_loss
from torch import nn
from torch.utils.data import DataLoader, Dataset, WeightedRandomSampler

EVALUATED_AT_ONCE = 64
MIXED = {"fine-tuning", "lean-cnn"}


class Maps(Dataset):
    """A role's maps, of one length: at random in training, as one view or two; in the middle otherwise."""

    def __init__(self, values, items, frames, views=1, random=False):
        self.maps, self.labels = [], [item["label"] for item in items]
        rows, start = values["rows"], values["start"]
        for item in items:
            size = rows * item["frames"]
            self.maps.append(torch.from_numpy(values["data"][start : start + size].reshape(1, rows, -1)))
            start += size
        values["start"] = start
        self.frames, self.views, self.random = frames, views, random

    def __len__(self):
        return len(self.maps)

    def __getitem__(self, i):
        views = [self.view(self.maps[i]) for _ in range(self.views)]
        return (views[0] if self.views == 1 else torch.stack(views)), self.labels[i]

    def view(self, x):
        if self.random and torch.rand(()) < 0.5:
            x = x.flip(-1)
        places = abs(x.shape[-1] - self.frames)
        before = int(torch.randint(places + 1, ())) if self.random else places // 2
        if x.shape[-1] >= self.frames:
            return x[..., before : before + self.frames]
        return nn.functional.pad(x, (before, places - before))

    def keep(self, count):
        """So many of the items, evenly."""
        places = [i * len(self.maps) // count for i in range(count)]
        self.maps, self.labels = [self.maps[i] for i in places], [self.labels[i] for i in places]

    def balanced(self, count):
        """Draws with replacement in which each class is as likely."""
        labels = torch.tensor(self.labels)
        weights = 1 / torch.bincount(labels).clamp(min=1)
        return WeightedRandomSampler(weights[labels], count, replacement=True)


class Stage:
    """What is trained, with the settings of a heat."""

    def __init__(self, case, settings):
        self.case, self.name = case, case["stage"]
        torch.set_num_threads(settings["threads"])
        torch.manual_seed(1)
        self.layout = torch.channels_last if settings["channelsLast"] else torch.contiguous_format
        self.model = self.network().to(memory_format=self.layout)
        trained = [p for p in self.model.parameters() if p.requires_grad]
        options = {"weight_decay": 1e-4, "fused": settings["fused"]}
        if self.name == "pretraining":
            self.optimizer = torch.optim.SGD(trained, 1e-3, momentum=0.9, **options)
        else:
            self.optimizer = torch.optim.Adam(trained, 1e-3, **options)
        self.workers = settings["workers"]

    def network(self):
        case = self.case
        if self.name == "pretraining":
            return Embedding()
        if self.name == "fine-tuning":
            return OnFrozen(Embedding(), case["classes"])
        if self.name == "resnet18":
            return resnet18(case["classes"])
        return lean_cnn(64, case["frames"], case["classes"])

    def load(self, train, select):
        case, keep = self.case, {"num_workers": self.workers, "persistent_workers": self.workers > 0}
        self.train_loader = DataLoader(train, case["batch"], sampler=train.balanced(case["steps"] * case["batch"]), **keep)
        # The pretraining's own loss is watched on balanced views; classifiers are asked for each item once.
        if self.name == "pretraining":
            self.select_loader = DataLoader(select, case["batch"], sampler=select.balanced(len(select)), **keep)
        else:
            self.select_loader = DataLoader(select, EVALUATED_AT_ONCE, **keep)

    def loss(self, x, y):
        if self.name == "pretraining":
            return supcon_loss(self.model(x), y)
        if self.name not in MIXED or not self.model.training:
            return nn.functional.cross_entropy(self.model(x), y)
        share, partner = float(np.random.beta(1, 1)), torch.randperm(len(y))
        logits = self.model(share * x + (1 - share) * x[partner])
        of = nn.functional.cross_entropy
        return share * of(logits, y) + (1 - share) * of(logits, y[partner])

    def batch(self, x, y):
        # Two views of each item follow one another.
        if self.name == "pretraining":
            x, y = x.flatten(0, 1), y.repeat_interleave(2)
        return x.contiguous(memory_format=self.layout), y

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = self.loss(*self.batch(x, y))
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def epoch(self, folder):
        """The last loss, and the seconds of the parts: see src/bench/stages/epochParts.ts."""
        marks = [time.perf_counter()]
        self.model.train()
        for x, y in self.train_loader:
            loss = self.step(x, y)
            marks.append(time.perf_counter())
        self.model.eval()
        losses, logits = [], []
        with torch.inference_mode():
            for x, y in self.select_loader:
                if self.name == "pretraining":
                    losses.append(self.loss(*self.batch(x, y)).item())
                else:
                    logits.append(self.model(x.contiguous(memory_format=self.layout)).numpy())
        assert np.isfinite(losses).all() if losses else np.isfinite(np.concatenate(logits)).all()
        evaluated = time.perf_counter()
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state, Path(folder) / "checkpoint.pt")
        step = (marks[-1] - marks[1]) / (len(marks) - 2)
        return loss, {
            "step": step,
            "start": marks[1] - marks[0] - step,
            "evaluation": evaluated - marks[-1],
            "checkpoint": time.perf_counter() - evaluated,
        }


def fastest(case, train, select):
    """Threads, layout and kernel by the time of a step on a ready batch, then workers by that of an epoch's steps."""
    cores = len(os.sched_getaffinity(0))
    tried = {"threads": cores, "channelsLast": False, "fused": False, "workers": 0}

    def seconds(settings):
        stage = Stage(case, settings)
        stage.load(train, select)
        stage.model.train()
        x, y = next(iter(stage.train_loader))
        times = []
        for _ in range(4):
            started = time.perf_counter()
            stage.step(x, y)
            times.append(time.perf_counter() - started)
        return min(times[1:])

    def of_epoch(settings):
        stage = Stage(case, settings)
        stage.load(train, select)
        times = []
        for _ in range(2):
            started = time.perf_counter()
            for x, y in stage.train_loader:
                stage.step(x, y)
            times.append(time.perf_counter() - started)
        return min(times)

    pairs = [{"threads": t, "channelsLast": c} for t in sorted({max(1, cores // 2), cores}) for c in (False, True)]
    tried |= min(pairs, key=lambda pair: seconds(tried | pair))
    tried |= min([{"fused": False}, {"fused": True}], key=lambda one: seconds(tried | one))
    return tried | min([{"workers": n} for n in sorted({0, 1, cores})], key=lambda one: of_epoch(tried | one))


def main(case):
    folder = Path(case["folder"])
    index = json.loads((folder / "maps.json").read_text())
    values = {"data": np.fromfile(folder / "maps.f32", "<f4"), "rows": index["rows"], "start": 0}
    views = 2 if case["stage"] == "pretraining" else 1
    train = Maps(values, index["train"], case["frames"], views, random=True)
    select = Maps(values, index["select"], case["frames"], views, random=views == 2)
    select.keep(case["evaluated"])
    settings = case.get("settings") or fastest(case, train, select)
    stage = Stage(case, settings)
    stage.load(train, select)
    with tempfile.TemporaryDirectory() as scratch:
        stage.epoch(scratch)
        answer_rounds(lambda: stage.epoch(scratch), {"settings": settings, "version": torch.__version__})


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
