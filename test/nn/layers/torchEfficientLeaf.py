"""
EfficientLEAF in PyTorch, from papers.md 2.3, with the defaults of Multi-breath on sounds of 4,003 samples. Reads its parameters
(parameters.json) and sounds ([3, 4003], sounds.f32) from the working folder; prints what it makes of them in training mode and then in evaluation
mode, in float64: outputs, the gradients of sum(slopes * output) (slopes.f32), the parameters after its clamps, running statistics, and how far
its own float32 is from each.
"""

import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
RATE, BANDS, GROUPS, WINDOW, HOP = 16000, 64, 4, 401, 160
Z = math.sqrt(2 * math.log(2)) / math.pi


def odd(length):
    return length + 1 - length % 2


def peaks():
    """Of mel triangles over 50 to 2000 Hz: feet, tops and feet, in Hz."""
    low, high = (1127 * math.log(1 + hz / 700) for hz in (50, 2000))
    mels = torch.linspace(low, high, BANDS + 2, dtype=torch.float64)
    return 700 * (torch.exp(mels / 1127) - 1)


def strides():
    """Of each group's convolution, by its largest centre at the start."""
    centres = peaks()[1:-1] * 2 * math.pi / RATE
    divisors = [stride for stride in range(1, HOP + 1) if HOP % stride == 0]
    return [max(d for d in divisors if d <= max(1, math.pi / group.max().item())) for group in centres.chunk(GROUPS)]


class EfficientLeaf(nn.Module):
    def __init__(self, parameters):
        super().__init__()
        self.centres, self.sigmas, self.pooling_widths, self.exponents = (
            nn.Parameter(torch.tensor(parameters[name]))
            for name in ("filters/centres", "filters/sigmas", "filters/poolingWidths", "log/exponents")
        )
        self.norm = nn.BatchNorm1d(2 * BANDS)
        with torch.no_grad():
            self.norm.weight.copy_(torch.tensor(parameters["norm/scale"]))
            self.norm.bias.copy_(torch.tensor(parameters["norm/offset"]))

    def energies(self, x):
        outputs = []
        of_groups = (each.chunk(GROUPS) for each in (self.centres, self.sigmas, self.pooling_widths))
        for stride, centres, sigmas, widths in zip(strides(), *of_groups, strict=True):
            # The length that float32 gives, whatever computes here.
            size = odd(int(sigmas.detach().float().max() * 4.77))
            t = torch.arange(size, dtype=x.dtype) - size // 2
            envelopes = torch.exp(-0.5 * (t / sigmas[:, None]) ** 2) / (math.sqrt(2 * math.pi) * sigmas[:, None])
            phases = centres[:, None] * t
            real, imaginary = (
                F.conv1d(x[:, None], (envelopes * wave(phases))[:, None], stride=stride, padding=size // 2)
                for wave in (torch.cos, torch.sin)
            )
            power = real**2 + imaginary**2
            size = odd(int(WINDOW / stride + 0.5))
            places = torch.linspace(-1, 1, size, dtype=x.dtype)
            widths = widths / stride * WINDOW / size
            windows = torch.exp(-0.5 * (places / widths[:, None]) ** 2)
            outputs.append(
                F.conv1d(power, windows[:, None], stride=HOP // stride, padding=size // 2, groups=len(widths))
            )
        return torch.cat(outputs, 1)

    def forward(self, x):
        """[batch, samples] to [batch, 2, bands, frames]."""
        self.centres.data.clamp_(0, math.pi)
        self.sigmas.data.clamp_(2 * Z, WINDOW * Z)
        self.pooling_widths.data.clamp_(2 / WINDOW, 0.5)
        logs = torch.log1p(10 ** self.exponents[:, None] * self.energies(x))
        maps = torch.stack((logs, logs - logs.median(-1, keepdim=True).values), 1)
        return self.norm(maps.flatten(1, 2)).view_as(maps)


def passes(parameters, sounds, slopes, dtype):
    net = EfficientLeaf(parameters).to(dtype)
    x = sounds.to(dtype, copy=True).requires_grad_()
    told = {}
    for mode in ("training", "evaluation"):
        net.train(mode == "training")
        net.zero_grad()
        x.grad = None
        output = net(x).permute(0, 2, 3, 1)
        (output * slopes.to(dtype)).sum().backward()
        gradients = [x.grad, net.centres.grad, net.sigmas.grad, net.pooling_widths.grad, net.exponents.grad]
        told[mode] = {"output": output.detach()} | dict(
            zip(
                ("sounds", "filters/centres", "filters/sigmas", "filters/poolingWidths", "log/exponents"),
                (gradient.clone() for gradient in gradients),
                strict=True,
            )
        )
        told[mode] |= {"norm/scale": net.norm.weight.grad.clone(), "norm/offset": net.norm.bias.grad.clone()}
    told["state"] = {
        "filters/centres": net.centres.detach(),
        "filters/sigmas": net.sigmas.detach(),
        "filters/poolingWidths": net.pooling_widths.detach(),
        "norm/runningMean": net.norm.running_mean,
        "norm/runningVariance": net.norm.running_var,
    }
    return told


with open("parameters.json", encoding="utf-8") as file:
    parameters = json.load(file)
sounds = torch.from_numpy(np.fromfile("sounds.f32", np.float32)).reshape(3, -1)
slopes = torch.from_numpy(np.fromfile("slopes.f32", np.float32)).reshape(3, BANDS, -1, 2)
single, double = (passes(parameters, sounds, slopes, dtype) for dtype in (torch.float32, torch.float64))
float32 = {
    mode: {name: ((single[mode][name] - value).abs().max() / value.abs().max()).item() for name, value in values.items()}
    for mode, values in double.items()
}
lists = {mode: {name: value.flatten().tolist() for name, value in values.items()} for mode, values in double.items()}
tops = peaks()
starts = {
    "filters/centres": (tops[1:-1] * 2 * math.pi / RATE).tolist(),
    "filters/sigmas": (RATE / 2 / (tops[2:] - tops[:-2])).clamp(2 * Z, WINDOW * Z).tolist(),
}
print(json.dumps({**lists, "starts": starts, "strides": strides(), "float32": float32}))
