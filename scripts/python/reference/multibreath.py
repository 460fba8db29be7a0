"""Multi-breath's networks (papers.md 2.3) in PyTorch: the backbones of PANNs, and both heads."""

from torch import nn
from torch.nn import functional as F

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

    def __init__(self, backbone, outputs=2, attention=0.1):
        super().__init__()
        make, width, hidden = BACKBONES[backbone]
        self.outputs, self.attention = outputs, attention
        self.body = make()
        self.plain = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, outputs))
        self.csra = nn.Linear(width, len(TEMPERATURES) * outputs, bias=False)

    def forward(self, x, head="csra", pooling="relative"):
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
            mine = slice(h * self.outputs, (h + 1) * self.outputs)
            s = scores[:, mine]
            if temperature == float("inf"):
                attended = s.amax(2)
            else:
                attended = ((temperature * s).softmax(2) * s).sum(2)
            logits = logits + world[:, mine] + self.attention * attended
        return logits
