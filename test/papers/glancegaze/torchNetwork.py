"""
The Glance-and-Gaze network in PyTorch, from papers.md 4.3: `python torchNetwork.py`. Writes into the working folder the weights of each case
(proposed.pth and so on) and maps (maps.f32, [3, 32, 40, 2]); prints what each network makes of the maps, computed in float64 from the same
weights, and how far the gradient norms of PyTorch's own float32 are from those.
"""

import copy
import json

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
OUTPUTS = 3


def group(**modules):
    """Modules by name, without a forward pass of their own."""
    module = nn.Module()
    for name, one in modules.items():
        module.add_module(name, one)
    return module


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class Glance(nn.Module):
    """From S, [batch, channels, F, T], to w_f, [batch, outputs, F], and w_t, [batch, outputs, T]."""

    def __init__(self, inputs, outputs, shared, scaled, kernel):
        super().__init__()
        self.scaled = scaled
        series = dict(kernel_size=kernel, padding=kernel // 2)
        if shared:
            self.conv = nn.Conv1d(inputs, outputs, **series)
        else:
            self.frequency = group(conv=nn.Conv1d(inputs, outputs, **series))
            self.time = group(conv=nn.Conv1d(inputs, outputs, **series))
        self.shared = shared

    def forward(self, s):
        f = s.sum(dim=3) / s.shape[3]
        t = s.sum(dim=2) / s.shape[2]
        of_f, of_t = (self.conv, self.conv) if self.shared else (self.frequency.conv, self.time.conv)
        w_f = F.softmax(of_f(f), dim=2)
        w_t = F.softmax(of_t(t), dim=2)
        return (w_f * s.shape[2], w_t * s.shape[3]) if self.scaled else (w_f, w_t)


class Shrink(nn.Module):
    def __init__(self, channels, of_map):
        super().__init__()
        self.of_map = of_map
        self.fc1 = nn.Linear(channels, channels)
        self.bn = nn.BatchNorm1d(channels)
        self.fc2 = nn.Linear(channels, channels)

    def forward(self, x):
        g = x.abs().mean(dim=(2, 3))
        w = torch.sigmoid(self.fc2(F.relu(self.bn(self.fc1(g)))))
        if self.of_map:
            # What is left of the map is a share that is learnt, 1 - w in print.
            return w[:, :, None, None] * x
        threshold = (w * g)[:, :, None, None]
        return torch.sign(x) * torch.clamp(x.abs() - threshold, min=0)


class Gaze(nn.Module):
    def __init__(self, inputs, outputs, of_map):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 5, padding=2, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shrink = Shrink(outputs, of_map)

    def forward(self, s):
        return self.shrink(F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(s)))))))


class Fusion(nn.Module):
    def __init__(self, channels, kind):
        super().__init__()
        self.kind = kind
        self.frequency = ConvNorm(channels, channels)
        self.time = ConvNorm(channels, channels)
        self.fc1 = nn.Linear(channels, channels // 2)
        self.fc2 = nn.Linear(channels // 2, 2 * channels if kind == "selective" else channels)

    def forward(self, s_f, s_t):
        u_f, u_t = self.frequency(s_f), self.time(s_t)
        scores = self.fc2(F.relu(self.fc1((u_f + u_t).mean(dim=(2, 3)))))
        if self.kind == "se":
            return torch.sigmoid(scores)[:, :, None, None] * (u_f + u_t)
        a, b = F.softmax(scores.unflatten(1, (2, -1)), dim=1).unbind(dim=1)
        return a[:, :, None, None] * u_f + b[:, :, None, None] * u_t


class Stage(nn.Module):
    def __init__(self, inputs, outputs, without, ffm, scaled, shared, kernel, of_map):
        super().__init__()
        if inputs != outputs:
            self.shortcut = ConvNorm(inputs, outputs)
        if without != "gaze":
            self.gaze = Gaze(inputs, outputs, of_map)
        if without != "glance":
            self.glance = Glance(inputs, outputs, shared, scaled, kernel)
        if without not in ("glance", "ffm"):
            self.ffm = Fusion(outputs, ffm)

    def forward(self, s):
        y = self.shortcut(s) if hasattr(self, "shortcut") else s
        if hasattr(self, "gaze"):
            y = y + self.gaze(s)
        if hasattr(self, "glance"):
            self.attention = self.glance(s)
            w_f, w_t = self.attention
            s_f, s_t = y * w_f[:, :, :, None], y * w_t[:, :, None, :]
            y = self.ffm(s_f, s_t) if hasattr(self, "ffm") else s_f + s_t
        return F.max_pool2d(y, 2)


class Network(nn.Module):
    def __init__(self, without=None, ffm="selective", scaled=True, shared=False, kernel=3, of_map=False):
        super().__init__()
        options = (without, ffm, scaled, shared, kernel, of_map)
        self.stage1 = Stage(2, 32, *options)
        self.stage2 = Stage(32, 64, *options)
        self.stage3 = Stage(64, 128, *options)
        self.head = nn.Linear(128, OUTPUTS)

    def forward(self, x):
        self.last = self.stage3(self.stage2(self.stage1(x)))
        return self.head(self.last.mean(dim=(2, 3)))

    def attention(self):
        """w_f, then w_t, of each stage that has them, of the last pass."""
        stages = [self.stage1, self.stage2, self.stage3]
        return [w for stage in stages if hasattr(stage, "glance") for w in stage.attention]


# Offsets that keep most values of a norm away from the kink of ReLU: a value within rounding of it moves float32's gradients by a thousandth.
OFFSETS = [-1.5, 2]

# Means of noise are near each other, so that the first attention would be level. Without norms before them the later ones would be all at one
# place, with scores whose rounding alone is as large as what is compared.
SHARPER = {"stage1": 5, "stage2": 0.3, "stage3": 0.2}


@torch.no_grad()
def uneven(net):
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1)
            module.bias.copy_(torch.tensor(OFFSETS)[torch.randint(len(OFFSETS), module.bias.shape)])
    for name, weight in net.named_parameters():
        if ".glance." in name and name.endswith("weight"):
            weight.mul_(SHARPER[name.split(".")[0]])
    return net


def last_channels(x):
    """Our order: channels last."""
    return x.movedim(1, -1).flatten().tolist()


def passes(net, x):
    """In evaluation mode the last map, attention and logits; in training mode logits, loss and gradients."""
    with torch.no_grad():
        logits = net.eval()(x)
    last, attention = net.last, net.attention()
    # Running averages of this pass are not for the next.
    state = copy.deepcopy(net.state_dict())
    trained = net.train()(x)
    loss = F.cross_entropy(trained, torch.tensor([0, 2, 1]))
    net.zero_grad()
    loss.backward()
    norms = {name: p.grad.double().norm().item() for name, p in net.named_parameters()}
    net.load_state_dict(state)
    return {
        "lastMap": last_channels(last),
        "attention": [last_channels(w) for w in attention],
        "logits": logits.flatten().tolist(),
        "trainingLogits": trained.flatten().tolist(),
        "loss": loss.item(),
        "gradientNorms": norms,
    }


CASES = {
    "proposed": {},
    "without glance": {"without": "glance"},
    "without gaze": {"without": "gaze"},
    "without ffm": {"without": "ffm"},
    "se": {"ffm": "se"},
    "literal softmax": {"scaled": False},
    "one glance": {"shared": True},
    "wide glance, share of the map": {"kernel": 5, "of_map": True},
}

# A draw with no value within rounding of a kink, here and in other orders of sums.
SEED = 5


def main():
    torch.manual_seed(SEED)
    # Items of different loudness, rows and frames too, so that no mean is that of another.
    loud = torch.tensor([1, 2, 0.5])[:, None, None, None]
    bands = torch.linspace(0.5, 2, 32)[None, None, :, None]
    swell = torch.linspace(1.5, 0.5, 40)[None, None, None, :]
    # Of two channels: with one, the norm behind the shortcut's convolution leaves its weights next to no gradient.
    maps = torch.randn(3, 2, 32, 40) * loud * bands * swell + 0.3 * bands
    maps.movedim(1, -1).contiguous().numpy().tofile("maps.f32")
    told = {}
    for case, options in CASES.items():
        net = uneven(Network(**options))
        torch.save(net.state_dict(), f"{case}.pth")
        single = passes(net, maps)["gradientNorms"]
        told[case] = passes(net.double(), maps.double())
        # An offset before a norm has no gradient in training, nor before a softmax.
        real = {name: norm for name, norm in told[case]["gradientNorms"].items() if norm > 1e-9}
        told[case]["float32"] = max(abs(single[name] / norm - 1) for name, norm in real.items())
    return told


if __name__ == "__main__":
    print(json.dumps(main()))
