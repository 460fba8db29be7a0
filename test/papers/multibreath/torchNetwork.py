"""
Multi-breath's networks in PyTorch, from scripts/python/reference, with the backbone that is named: `python torchNetwork.py CNN6`. Writes into the working folder
its weights with those of both heads (weights.pth) and maps (maps.f32, [2, 1, 64, 96]); prints what the networks make of the maps, computed in
float64 from the same weights, and how far the gradient norms of PyTorch's own float32 are from those. Of MobileNetV2 also how far its blocks of
stride 1 are from torchvision's inverted residuals with the same weights.
"""

import copy
import json
import sys
from pathlib import Path

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "python" / "reference"))
from multibreath import Inverted, Network  # noqa: E402

torch.set_num_threads(1)
OUTPUTS, LAMBDA = 3, 0.3

# Offsets that keep most values of a norm away from the kinks of ReLU, or of ReLU6 and within them, where its many narrow layers stay well
# conditioned: a value within rounding of a kink moves float32's gradients by a thousandth, and with offsets around 0 every draw has some.
OFFSETS = {"CNN6": [-1.5, 2], "CNN14": [-1.5, 2], "ResNet22": [-1.5, 2], "MobileNetV2": [2, 4]}


@torch.no_grad()
def uneven(net, offsets):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1)
            module.bias.copy_(torch.tensor(offsets)[torch.randint(len(offsets), module.bias.shape)])
    return net


def passes(net, x, head, pooling):
    """In evaluation mode the last map and the logits; in training mode, without dropout, logits, loss and gradients."""
    with torch.no_grad():
        logits = net.eval()(x, head, pooling)
    last = net.last
    # Running averages of this pass are not for the next.
    state = copy.deepcopy(net.state_dict())
    trained = net.train()(x, head, pooling)
    loss = F.cross_entropy(trained, torch.tensor([0, 2]))
    net.zero_grad()
    loss.backward()
    # In float64: a float32 sum of 38 million squares is off by a third of a percent.
    norms = {outside(name): p.grad.double().norm().item() for name, p in net.named_parameters() if p.grad is not None}
    net.load_state_dict(state)
    return {
        "lastMap": last.permute(0, 2, 3, 1).flatten().tolist(),
        "logits": logits.flatten().tolist(),
        "trainingLogits": trained.flatten().tolist(),
        "loss": loss.item(),
        "gradientNorms": norms,
    }


def outside(name):
    return name.removeprefix("body.")


@torch.no_grad()
def inverted_residuals(net):
    """The largest difference of a block of stride 1 from torchvision's with the same weights, and how many there are."""
    worst, count = 0, 0
    for block in net.modules():
        if not isinstance(block, Inverted) or block.geometry[2] != 1:
            continue
        inputs, outputs, stride, expand = block.geometry
        theirs = torchvision.models.mobilenetv2.InvertedResidual(inputs, outputs, stride, expand).double()
        theirs.load_state_dict(dict(zip(theirs.state_dict(), block.state_dict().values(), strict=True)))
        x = torch.randn(2, inputs, 6, 9, dtype=torch.float64)
        worst = max(worst, (theirs.eval()(x) - block.eval()(x)).abs().max().item())
        count += 1
    return {"off": worst, "blocks": count}


CASES = {"plain": ("plain", "relative"), "csra": ("csra", "relative"), "csra panns": ("csra", "panns")}

# Draws with no value within rounding of a kink, here and in other orders of sums.
SEEDS = {"CNN6": 4, "CNN14": 3, "ResNet22": 6, "MobileNetV2": 4}


def main(backbone):
    torch.manual_seed(SEEDS[backbone])
    net = uneven(Network(backbone, OUTPUTS, LAMBDA), OFFSETS[backbone])
    maps = torch.randn(2, 1, 64, 96)
    single = {case: passes(net, maps, *options) for case, options in CASES.items()}
    torch.save({outside(name): value for name, value in net.state_dict().items()}, "weights.pth")
    maps.numpy().tofile("maps.f32")
    net = net.double()
    double = {case: passes(net, maps.double(), *options) for case, options in CASES.items()}
    for case, told in double.items():
        norms = told["gradientNorms"]
        # The offset of a norm whose output only linear layers see before the next norm has no gradient in training.
        real = {name: norm for name, norm in norms.items() if norm > 1e-9}
        told["float32"] = max(abs(single[case]["gradientNorms"][name] / norm - 1) for name, norm in real.items())
    parameters = sum(p.numel() for p in net.body.parameters())
    return {"cases": double, "parameters": parameters, "invertedResiduals": inverted_residuals(net)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
