"""The SupCon paper's networks and loss in PyTorch (papers: Khosla et al. 2020; torchvision's ResNet-18)."""

import torch
import torchvision
from torch import nn


def supcon_loss(embeddings, labels, temperature=0.1, base_temperature=0.07):
    """L_out over views `[views, dims]` of unit length with labels `[views]`, as in the authors' published code."""
    similarities = embeddings @ embeddings.T / temperature
    similarities = similarities - similarities.max(1, keepdim=True).values.detach()
    others = ~torch.eye(len(labels), dtype=torch.bool)
    positive = (labels[:, None] == labels[None, :]) & others
    log_sums = torch.log((similarities.exp() * others).sum(1, keepdim=True))
    means = ((similarities - log_sums) * positive).sum(1) / positive.sum(1).clamp(min=1)
    return -(temperature / base_temperature) * means.mean()


def resnet18(classes):
    """With one input channel."""
    model = torchvision.models.resnet18(num_classes=classes)
    model.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    nn.init.kaiming_normal_(model.conv1.weight, mode="fan_out", nonlinearity="relu")
    return model


class Embedding(nn.Module):
    """Encoder, dropout, linear head, unit length: 512 values."""

    def __init__(self, dimensions=512):
        super().__init__()
        self.encoder = resnet18(2)
        self.encoder.fc = nn.Identity()
        self.head = nn.Sequential(nn.Dropout(0.25), nn.Linear(512, dimensions))

    def forward(self, x):
        return nn.functional.normalize(self.head(self.encoder(x)), dim=1)


class OnFrozen(nn.Module):
    """A linear layer on an embedding network that learns no more and stays in evaluation mode."""

    def __init__(self, embedding, classes):
        super().__init__()
        self.embedding = embedding.requires_grad_(False)
        self.classifier = nn.Linear(512, classes)

    def train(self, mode=True):
        super().train(mode)
        self.embedding.eval()
        return self

    def forward(self, x):
        with torch.no_grad():
            z = self.embedding(x)
        return self.classifier(z)


def lean_cnn(rows, frames, classes):
    flat = 64 * (((rows - 2) // 2 - 2) // 2) * (((frames - 2) // 2 - 2) // 2)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(2, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(flat, 256), nn.ReLU(), nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, classes))  # fmt: skip
