"""
The glance-and-gaze paper's baselines in PyTorch, the one that is named: `python torchBaselines.py CRNN`. Writes into the working folder its
weights (weights.pth) and maps (maps.f32, [2, 1, rows, frames]); prints the maps' sides and what the network makes of them, computed in float64
from the same weights, and how far the gradient norms of PyTorch's own float32 are from those. VGG16 is torchvision's, with 32 hidden units
where it has 4096.
"""

import copy
import json
import sys

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
OUTPUTS, HIDDEN = 3, 32


class Crnn(nn.Module):
    def __init__(self, rows):
        super().__init__()
        channels = [1, 64, 64, 64, 128, 128, 128, 128]
        for place in range(1, 8):
            kernel = (5, 7) if place == 1 else (3, 3)
            padding = (kernel[0] // 2, kernel[1] // 2)
            self.add_module(f"conv{place}", nn.Conv2d(channels[place - 1], channels[place], kernel, padding=padding))
        self.lstm = nn.LSTM(rows // 8 * 128, 256, batch_first=True, bidirectional=True)
        self.fc1 = nn.Linear(512, 100)
        self.fc2 = nn.Linear(100, OUTPUTS)

    def forward(self, x):
        for place in range(1, 8):
            x = getattr(self, f"conv{place}")(x).relu()
            if place in (1, 3, 5):
                x = F.max_pool2d(x, (2, 3))
        # A frame's features: rows, and within them channels.
        _, (last, _) = self.lstm(x.permute(0, 3, 2, 1).flatten(2))
        return self.fc2(self.fc1(torch.cat([last[0], last[1]], 1)).relu())


class BiGru(nn.Module):
    def __init__(self, rows):
        super().__init__()
        self.gru = nn.GRU(rows, 128, num_layers=2, batch_first=True, bidirectional=True)
        self.attention = nn.Sequential(nn.Linear(256, 256), nn.Tanh(), nn.Linear(256, 1, bias=False))
        self.fc = nn.Linear(256, OUTPUTS)

    def forward(self, x):
        h, _ = self.gru(x.squeeze(1).transpose(1, 2))
        return self.fc((self.attention(h).softmax(1) * h).sum(1))


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


def vgg16(_rows):
    net = torchvision.models.vgg16_bn(num_classes=OUTPUTS, dropout=0)
    net.features[0] = nn.Conv2d(1, 64, 3, padding=1)
    net.classifier[0] = nn.Linear(512 * 7 * 7, HIDDEN)
    net.classifier[3] = nn.Linear(HIDDEN, HIDDEN)
    net.classifier[6] = nn.Linear(HIDDEN, OUTPUTS)
    return net


NETS = {
    "VGG16": ((64, 96), vgg16),
    "CRNN": ((17, 60), Crnn),
    "BiGRU+ATT": ((12, 20), BiGru),
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
