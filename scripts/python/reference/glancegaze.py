"""The glance-and-gaze network and the baselines of its paper (papers.md 4.3) in PyTorch."""

import torch
import torchvision
from torch import nn
from torch.nn import functional as F


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
    def __init__(self, channels=1, outputs=4, without=None, ffm="selective", scaled=True, shared=False, kernel=3, of_map=False):
        super().__init__()
        options = (without, ffm, scaled, shared, kernel, of_map)
        self.stage1 = Stage(channels, 32, *options)
        self.stage2 = Stage(32, 64, *options)
        self.stage3 = Stage(64, 128, *options)
        self.head = nn.Linear(128, outputs)

    def forward(self, x):
        self.last = self.stage3(self.stage2(self.stage1(x)))
        return self.head(self.last.mean(dim=(2, 3)))

    def attention(self):
        """w_f, then w_t, of each stage that has them, of the last pass."""
        stages = [self.stage1, self.stage2, self.stage3]
        return [w for stage in stages if hasattr(stage, "glance") for w in stage.attention]


class Crnn(nn.Module):
    def __init__(self, rows, outputs=4, dropout=0.5):
        super().__init__()
        channels = [1, 64, 64, 64, 128, 128, 128, 128]
        for place in range(1, 8):
            kernel = (5, 7) if place == 1 else (3, 3)
            padding = (kernel[0] // 2, kernel[1] // 2)
            self.add_module(f"conv{place}", nn.Conv2d(channels[place - 1], channels[place], kernel, padding=padding))
        self.lstm = nn.LSTM(rows // 8 * 128, 256, batch_first=True, bidirectional=True)
        self.fc1 = nn.Linear(512, 100)
        self.fc2 = nn.Linear(100, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        for place in range(1, 8):
            x = getattr(self, f"conv{place}")(x).relu()
            if place in (1, 3, 5):
                x = F.max_pool2d(x, (2, 3))
        # A frame's features: rows, and within them channels.
        _, (last, _) = self.lstm(x.permute(0, 3, 2, 1).flatten(2))
        both = self.dropout(torch.cat([last[0], last[1]], 1))
        return self.fc2(self.dropout(self.fc1(both).relu()))


class BiGru(nn.Module):
    def __init__(self, rows, outputs=4):
        super().__init__()
        self.gru = nn.GRU(rows, 128, num_layers=2, batch_first=True, bidirectional=True)
        self.attention = nn.Sequential(nn.Linear(256, 256), nn.Tanh(), nn.Linear(256, 1, bias=False))
        self.fc = nn.Linear(256, outputs)

    def forward(self, x):
        h, _ = self.gru(x.squeeze(1).transpose(1, 2))
        return self.fc((self.attention(h).softmax(1) * h).sum(1))


def vgg16(outputs=4, hidden=4096, dropout=0.5):
    """torchvision's VGG16-BN for one input channel."""
    net = torchvision.models.vgg16_bn(num_classes=outputs, dropout=dropout)
    net.features[0] = nn.Conv2d(1, 64, 3, padding=1)
    net.classifier[0] = nn.Linear(512 * 7 * 7, hidden)
    net.classifier[3] = nn.Linear(hidden, hidden)
    net.classifier[6] = nn.Linear(hidden, outputs)
    return net
