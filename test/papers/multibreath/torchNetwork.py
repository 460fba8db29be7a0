"""
Multi-breath's networks (papers.md 2.3) in PyTorch, of the backbone that is named: `python torchNetwork.py CNN6`. Writes into the working folder
its weights with those of both heads (weights.pth) and maps (maps.f32, [2, 1, 64, 96]); prints what the networks make of the maps, computed in
float64 from the same weights, and how far the gradient norms of PyTorch's own float32 are from those. Of MobileNetV2 also how far its blocks of
stride 1 are from torchvision's inverted residuals with the same weights.
"""

import copy
import json
import sys

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
OUTPUTS, HEADS, LAMBDA = 3, 6, 0.3
TEMPERATURES = [1, 2, 3, 4, 5, float("inf")]


def conv(inputs, outputs, size, groups=1):
    return nn.Conv2d(inputs, outputs, size, padding=size // 2, groups=groups, bias=False)


class Block(nn.Module):
    """Convolutions with norm and ReLU, then an average pool."""

    def __init__(self, inputs, outputs, size, convolutions, pool=2):
        super().__init__()
        self.convolutions, self.pool = convolutions, pool
        for place in range(1, convolutions + 1):
            setattr(self, f"conv{place}", conv(inputs if place == 1 else outputs, outputs, size))
            setattr(self, f"bn{place}", nn.BatchNorm2d(outputs))

    def forward(self, x):
        for place in range(1, self.convolutions + 1):
            x = F.relu(getattr(self, f"bn{place}")(getattr(self, f"conv{place}")(x)))
        return F.avg_pool2d(x, self.pool)


class Cnn(nn.Module):
    def __init__(self, widths, size, convolutions, last_pool):
        super().__init__()
        for place, (inputs, outputs) in enumerate(zip([1] + widths, widths), 1):
            pool = last_pool if place == len(widths) else 2
            self.add_module(f"conv_block{place}", Block(inputs, outputs, size, convolutions, pool))

    def forward(self, x):
        for block in self.children():
            x = block(x)
        return x


class Basic(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride = stride
        self.conv1, self.bn1 = conv(inputs, outputs, 3), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv(outputs, outputs, 3), nn.BatchNorm2d(outputs)
        if stride == 2:
            self.downsample = nn.Sequential(nn.AvgPool2d(2), conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = x if self.stride == 1 else F.avg_pool2d(x, 2)
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(y)))))
        return F.relu(y + (x if self.stride == 1 else self.downsample(x)))


class ResNet22(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_block1 = Block(1, 64, 3, 2)
        self.resnet = nn.Module()
        for stage, (inputs, outputs) in enumerate([(64, 64), (64, 128), (128, 256), (256, 512)], 1):
            blocks = nn.Sequential(Basic(inputs, outputs, 1 if stage == 1 else 2), Basic(outputs, outputs, 1))
            self.resnet.add_module(f"layer{stage}", blocks)

    def forward(self, x):
        x = self.conv_block1(x)
        for stage in self.resnet.children():
            x = stage(x)
        return F.avg_pool2d(x, 2)


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expand):
        super().__init__()
        hidden = inputs * expand
        widen = [] if expand == 1 else [conv(inputs, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6()]
        depthwise = [conv(hidden, hidden, 3, hidden), nn.AvgPool2d(stride), nn.BatchNorm2d(hidden), nn.ReLU6()]
        self.conv = nn.Sequential(*widen, *depthwise, conv(hidden, outputs, 1), nn.BatchNorm2d(outputs))
        self.geometry = (inputs, outputs, stride, expand)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Sequential(conv(1, 32, 3), nn.AvgPool2d(2), nn.BatchNorm2d(32), nn.ReLU6())]
        inputs = 32
        settings = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 2), (6, 160, 3, 1), (6, 320, 1, 1)]
        for expand, outputs, blocks, stride in settings:
            for block in range(blocks):
                layers.append(Inverted(inputs, outputs, stride if block == 0 else 1, expand))
                inputs = outputs
        layers.append(nn.Sequential(conv(320, 1280, 1), nn.BatchNorm2d(1280), nn.ReLU6()))
        self.add_module("features", nn.Sequential(*layers))

    def forward(self, x):
        return self._modules["features"](x)


BACKBONES = {
    "CNN6": (lambda: Cnn([64, 128, 256, 512], 5, 1, 2), 512, 128),
    "CNN14": (lambda: Cnn([64, 128, 256, 512, 1024, 2048], 3, 2, 1), 2048, 512),
    "ResNet22": (ResNet22, 512, 128),
    "MobileNetV2": (MobileNetV2, 1280, 512),
}


class Network(nn.Module):
    """The backbone and both heads."""

    def __init__(self, backbone):
        super().__init__()
        make, width, hidden = BACKBONES[backbone]
        self.body = make()
        self.plain = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, OUTPUTS))
        self.csra = nn.Linear(width, HEADS * OUTPUTS, bias=False)

    def forward(self, x, head, pooling):
        """x: [batch, 1, frequency, time]"""
        # PANNs: the map is [batch, channels, time, mel], so the mean is over mel; else [batch, channels, frequency, time], over time.
        last = self.body(x.transpose(2, 3) if pooling == "panns" else x)
        mean = last.mean(3)
        pooled = mean.amax(2) + mean.mean(2)
        self.last = last.detach()
        if head == "plain":
            return self.plain(pooled)
        length = self.csra.weight.norm(dim=1)
        scores = F.conv2d(last, self.csra.weight[:, :, None, None]).flatten(2) / length[:, None]  # [batch, heads * outputs, positions]
        world = self.csra(pooled) / length
        logits = 0
        for h, temperature in enumerate(TEMPERATURES):
            mine = slice(h * OUTPUTS, (h + 1) * OUTPUTS)
            s = scores[:, mine]
            if temperature == float("inf"):
                attended = s.amax(2)
            else:
                attended = ((temperature * s).softmax(2) * s).sum(2)
            logits = logits + world[:, mine] + LAMBDA * attended
        return logits


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
    net = uneven(Network(backbone), OFFSETS[backbone])
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
