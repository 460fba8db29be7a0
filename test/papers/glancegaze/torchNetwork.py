"""
The Glance-and-Gaze network in PyTorch, from scripts/python/reference: `python torchNetwork.py`. Writes into the working folder the weights of each case
(proposed.pth and so on) and maps (maps.f32, [3, 32, 40, 2]); prints what each network makes of the maps, computed in float64 from the same
weights, and how far the gradient norms of PyTorch's own float32 are from those.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "python" / "reference"))
from glancegaze import Network  # noqa: E402

torch.set_num_threads(1)
OUTPUTS = 3



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
        net = uneven(Network(2, OUTPUTS, **options))
        torch.save(net.state_dict(), f"{case}.pth")
        single = passes(net, maps)["gradientNorms"]
        told[case] = passes(net.double(), maps.double())
        # An offset before a norm has no gradient in training, nor before a softmax.
        real = {name: norm for name, norm in told[case]["gradientNorms"].items() if norm > 1e-9}
        told[case]["float32"] = max(abs(single[name] / norm - 1) for name, norm in real.items())
    return told


if __name__ == "__main__":
    print(json.dumps(main()))
