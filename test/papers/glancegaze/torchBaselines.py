"""
The glance-and-gaze paper's baselines in PyTorch, from scripts/python/reference, the one that is named: `python torchBaselines.py CRNN`. Writes into the working folder its
weights (weights.pth) and maps (maps.f32, [2, 1, rows, frames]); prints the maps' sides and what the network makes of them, computed in float64
from the same weights, and how far the gradient norms of PyTorch's own float32 are from those. VGG16 is torchvision's, with 32 hidden units
where it has 4096.
"""

import copy
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts" / "python" / "reference"))
from glancegaze import BiGru, Crnn, vgg16  # noqa: E402

torch.set_num_threads(1)
OUTPUTS, HIDDEN = 3, 32


@torch.no_grad()
def uneven(net):
    """Statistics and offsets that no start has; those of norms away from ReLU's kink: a value within rounding of it moves float32's gradients."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1)
            module.bias.copy_(torch.tensor([-1.5, 2])[torch.randint(2, module.bias.shape)])
        elif isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                module.bias.uniform_(-0.1, 0.1)
    return net


NETS = {
    "VGG16": ((64, 96), lambda _: vgg16(OUTPUTS, HIDDEN, dropout=0)),
    "CRNN": ((17, 60), lambda rows: Crnn(rows, OUTPUTS, dropout=0)),
    "BiGRU+ATT": ((12, 20), lambda rows: BiGru(rows, OUTPUTS)),
}


def passes(net, x):
    """In evaluation mode the logits; in training mode, without dropout, logits, loss and gradients."""
    with torch.no_grad():
        logits = net.eval()(x)
    # Running averages of this pass are not for the next.
    state = copy.deepcopy(net.state_dict())
    trained = net.train()(x)
    loss = F.cross_entropy(trained, torch.tensor([0, 2]))
    net.zero_grad()
    loss.backward()
    norms = {name: p.grad.double().norm().item() for name, p in net.named_parameters()}
    net.load_state_dict(state)
    return {
        "logits": logits.flatten().tolist(),
        "trainingLogits": trained.flatten().tolist(),
        "loss": loss.item(),
        "gradientNorms": norms,
    }


def main(kind):
    torch.manual_seed(4)
    (rows, frames), make = NETS[kind]
    net = uneven(make(rows))
    maps = torch.randn(2, 1, rows, frames)
    single = passes(net, maps)
    torch.save(net.state_dict(), "weights.pth")
    maps.numpy().tofile("maps.f32")
    told = passes(net.double(), maps.double())
    # The bias of a convolution before a norm has no gradient in training.
    real = {name: norm for name, norm in told["gradientNorms"].items() if norm > 1e-9}
    off = max(abs(single["gradientNorms"][name] / norm - 1) for name, norm in real.items())
    return {**told, "rows": rows, "frames": frames, "float32": off}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
