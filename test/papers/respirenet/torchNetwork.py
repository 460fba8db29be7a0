"""
RespireNet's network made of torchvision's ResNet-34, in PyTorch. Writes into the working folder the network's weights (respirenet.pth), those
of torchvision's own ResNets (resnet34.pth, resnet18.pth) and pictures (pictures.f32, [2, 3, 64, 96]); prints what the network makes of the
pictures, computed in float64 from the same weights, and how far the gradient norms of PyTorch's own float32 are from those.
"""

import copy
import json

import torch
import torchvision
from torch import nn

torch.set_num_threads(1)


@torch.no_grad()
def uneven(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 2)
            module.weight.uniform_(0.5, 1.5)
            module.bias.uniform_(-0.5, 0.5)
    return net


def respirenet(net, classes):
    body = copy.deepcopy(net)
    body.fc = nn.Sequential(
        nn.Dropout(0.5), nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, classes)
    )
    return body


def passes(net, x):
    """In evaluation mode the last residual stage and the logits; in training mode, without dropout, loss and gradients."""
    stages = []
    handle = net.layer4.register_forward_hook(lambda module, inputs, output: stages.append(output.detach()))
    with torch.no_grad():
        logits = net.eval()(x)
    handle.remove()
    net.train()
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    weight = torch.tensor([0.1, 0.3, 0.3, 0.3], dtype=x.dtype)
    loss = nn.CrossEntropyLoss(weight=weight)(net(x), torch.tensor([0, 2]))
    net.zero_grad()
    loss.backward()
    return {
        "lastStage": stages[0].permute(0, 2, 3, 1).flatten().tolist(),
        "logits": logits.flatten().tolist(),
        "loss": loss.item(),
        "gradientNorms": {name: p.grad.norm().item() for name, p in net.named_parameters()},
        "parameters": sum(p.numel() for p in net.parameters()),
    }


# For some seeds a value within rounding of a ReLU's kink moves float32's gradients by a thousandth.
torch.manual_seed(11)
resnet34 = uneven(torchvision.models.resnet34())
net = respirenet(resnet34, 4)
pictures = torch.randn(2, 3, 64, 96)
torch.save(resnet34.state_dict(), "resnet34.pth")
torch.save(torchvision.models.resnet18().state_dict(), "resnet18.pth")
torch.save(net.state_dict(), "respirenet.pth")
pictures.numpy().tofile("pictures.f32")
single = passes(copy.deepcopy(net), pictures)
double = passes(net.double(), pictures.double())
norms = double["gradientNorms"]
rounding = max(abs(single["gradientNorms"][name] / norm - 1) for name, norm in norms.items())
print(json.dumps({**double, "float32": rounding}))
