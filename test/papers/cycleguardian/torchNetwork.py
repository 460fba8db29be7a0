"""
CycleGuardian's network in PyTorch, from scripts/python/reference: run as a script it prints the constants of torchNetwork.ts, computed in
float64.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "python" / "reference"))
from cycleguardian import CycleGuardian  # noqa: E402


def noise(n, seed):
    """In [-1, 1): murmur3's finaliser of seed + index."""
    h = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    h ^= h >> 16; h *= np.uint32(0x85EBCA6B); h ^= h >> 13; h *= np.uint32(0xC2B2AE35); h ^= h >> 16
    return torch.from_numpy(h.astype(np.float64) / 2**31 - 1)


@torch.no_grad()
def fill(net):
    state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    for seed, (name, p) in enumerate(sorted(state.items())):
        v = noise(p.numel(), seed)
        if name == "centres": v = 1 + v
        elif name == "similarity": v = torch.eye(128).double().flatten() + 0.1 * v
        elif p.dim() == 4: v = v * (6 / (p.shape[0] * p.shape[2] * p.shape[3])) ** 0.5
        elif p.dim() > 1: v = v * 0.1
        elif name.endswith("running_var"): v = 1 + 0.5 * v
        elif name.endswith("weight"): v = 1 + 0.2 * v
        else: v = 0.1 * v
        p.copy_(v.float().reshape(p.shape))
    return net


def weighed(tensor, seed):
    return (tensor.flatten() * noise(tensor.numel(), seed).float().to(tensor.dtype)).mean()


def loss_of(net, plain, mixed, labels):
    loss = F.cross_entropy(plain["logits"], labels)
    for seed, out in [(200, plain), (300, mixed)]:
        loss = loss + sum(weighed(out[k], seed + i) for i, k in enumerate(["q", "c", "z", "h"]))
        loss = loss + weighed(out["c"] @ net.similarity, seed + 4)
    return loss


BATCH = 3


def numbers(values, digits=8):
    return [float(f"{v:.{digits}g}") for v in values]


def signature(tensor):
    v = tensor.detach().double().flatten()
    return numbers([float(v @ noise(len(v), 77)), float(v.norm())])


def run(frames, clusters, width, stride, per_group, input_seed, dtype=torch.float64):
    groups = (frames - width) // stride + 1
    net = fill(CycleGuardian(groups, clusters, width, stride, per_group)).to(dtype)
    x = noise(BATCH * 3 * 84 * frames, input_seed).float().to(dtype).reshape(BATCH, 3, 84, frames)
    partner, replaced = torch.tensor([1, 2, 0]), torch.arange(groups) % 3 == 0
    labels = torch.tensor([0, 2, 3])
    with torch.no_grad():
        evaluation = net.eval()(x, partner, replaced)[0]
    plain, mixed = net.train()(x, partner, replaced)
    loss = loss_of(net, plain, mixed, labels)
    loss.backward()
    occupancy = [int((plain["q"].argmax(-1) == k).sum()) for k in range(clusters)]
    return {
        "evaluation": numbers(evaluation["logits"].flatten().tolist()),
        "logits": numbers(plain["logits"].flatten().tolist()),
        "mixedLogits": numbers(mixed["logits"].flatten().tolist()),
        "loss": float(f"{loss.item():.8g}"),
        "occupancy": occupancy,
        "gradientNorms": {k: float(f"{p.grad.norm().item():.8g}") for k, p in sorted(net.named_parameters()) if p.grad is not None},
        "running": {k: signature(v) for k, v in sorted(net.state_dict().items()) if "running" in k},
    }


CASES = {
    "41 groups, 5 clusters": (626, 5, 20, 15, False, 1000),
    "41 groups, 5 clusters, bnPerGroup": (626, 5, 20, 15, True, 1000),
    "45 groups, 4 clusters": (688, 4, 20, 15, False, 1000),
    "2 frames a group": (22, 5, 2, 2, False, 1000),
    "5 frames a group": (50, 5, 5, 5, False, 1000),
    "10 frames a group": (60, 5, 10, 10, False, 1000),
    "15 frames a group": (60, 5, 15, 15, False, 1000),
    "25 frames a group": (80, 5, 25, 25, False, 1000),
}

if __name__ == "__main__":
    print(json.dumps({name: run(*case) for name, case in CASES.items()}))
