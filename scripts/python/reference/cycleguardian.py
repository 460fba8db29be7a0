"""CycleGuardian in PyTorch (papers.md 1.3, 1.4), a transcription: network and total loss."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


def encoder(width):
    def unit(i, inputs, filters, size, **geometry):
        layers = [nn.Conv2d(inputs, filters, size, **geometry), nn.BatchNorm2d(filters), nn.ReLU()]
        return zip([f"conv{i}", f"bn{i}", f"relu{i}"], layers)

    strided = {"stride": 2} if width >= 7 else {"stride": (2, 1), "padding": (0, 1)}
    last = {"stride": 2 if width >= 7 else (2, 1), "padding": 1, "padding_mode": "circular"}
    units = OrderedDict([
        *unit(1, 3, 16, 1), *unit(2, 16, 32, 3, **strided), *unit(3, 32, 64, 1),
        *unit(4, 64, 128, 3, **strided), *unit(5, 128, 256, 3, **last), ("flatten", nn.Flatten()),
    ])
    flattened = nn.Sequential(units).eval()(torch.zeros(1, 3, 84, width)).shape[1]
    units.update(fc1=nn.Linear(flattened, 1024), bn6=nn.BatchNorm1d(1024), relu6=nn.ReLU(),
                 fc2=nn.Linear(1024, 768), softplus=nn.Softplus())
    return nn.Sequential(units)


class CycleGuardian(nn.Module):
    def __init__(self, groups, clusters, width=20, stride=15, per_group=False):
        super().__init__()
        self.width, self.stride, self.per_group = width, stride, per_group
        self.encoder = encoder(width)
        self.cluster = nn.ModuleDict({"encoder": nn.Linear(768, 128), "decoder": nn.Linear(128, 768)})
        self.centres = nn.Parameter(torch.randn(clusters, 128))
        self.similarity = nn.Parameter(torch.eye(128))
        self.groupFusion = nn.ModuleDict({"conv": nn.Conv1d(groups, 1, 1), "norm1": nn.LayerNorm(768),
                                          "fc": nn.Linear(768, 128), "norm2": nn.LayerNorm(128)})
        self.clusterFusion = nn.ModuleDict({"conv": nn.Conv1d(clusters, 1, 1), "norm": nn.LayerNorm(128)})
        self.head = nn.Linear(128, 4)
        self.projector = nn.Sequential(OrderedDict(
            fc1=nn.Linear(128, 128), bn=nn.BatchNorm1d(128), relu=nn.ReLU(), fc2=nn.Linear(128, 128)))

    def features(self, x):
        groups = x.unfold(3, self.width, self.stride).permute(0, 3, 1, 2, 4)
        if self.per_group:
            return torch.stack([self.encoder(groups[:, i]) for i in range(groups.shape[1])], 1)
        return self.encoder(groups.flatten(0, 1)).unflatten(0, groups.shape[:2])

    def branch(self, g):
        e = F.relu(self.cluster["encoder"](g))
        q = 1 / (1 + (e[:, :, None] - self.centres).square().sum(-1))
        q = q / q.sum(-1, keepdim=True)
        # The convolution over groups, with those of other clusters zero, of all clusters at once.
        chosen = F.one_hot(q.argmax(-1), len(self.centres)).to(g.dtype)
        fusion = self.groupFusion
        weights = fusion["conv"].weight.reshape(1, -1, 1) * chosen
        mixed = weights.transpose(1, 2) @ g + fusion["conv"].bias
        vector = fusion["norm1"](F.gelu(mixed))
        c = fusion["norm2"](F.gelu(fusion["fc"](vector)))
        z = self.clusterFusion["norm"](F.gelu(self.clusterFusion["conv"](c).squeeze(1)))
        return {"logits": self.head(z), "e": e, "q": q, "c": c, "z": z, "h": self.projector(z)}

    def forward(self, x, partner, replaced):
        g = self.features(x)
        return self.branch(g), self.branch(torch.where(replaced[None, :, None], g[partner], g))


def clustering(q):
    p = q.square() / q.sum(1, keepdim=True)
    p = p / p.sum(-1, keepdim=True)
    return (p * (p / (q + 1e-10)).log()).sum((1, 2)).mean()


def similarity(c, s):
    y = c @ s
    numerators = (c @ y.transpose(1, 2)).abs()
    norms = y.norm(dim=-1)
    cosines = numerators / (norms[:, :, None] * norms[:, None, :] + 1e-10)
    return cosines.triu(1).sum((1, 2)).mean()


def contrast(mixed, plain, partner, share, temperature=0.06):
    s = F.normalize(mixed, dim=-1) @ F.normalize(plain, dim=-1).T / temperature
    logs = s.log_softmax(-1)
    own = logs.diagonal()
    other = logs.gather(1, partner[:, None]).squeeze(1)
    return -(share * own + (1 - share) * other).mean()


def total_loss(net, plain, mixed, labels, partner, replaced):
    """The four losses with their weights, of soft cosine and group mix."""
    both = (plain, mixed)
    return (
        F.cross_entropy(plain["logits"], labels)
        + 128 * sum(clustering(branch["q"]) for branch in both)
        + 0.2 * sum(similarity(branch["c"], net.similarity) for branch in both)
        + 0.5 * contrast(mixed["h"], plain["h"], partner, 1 - replaced.float().mean())
    )
