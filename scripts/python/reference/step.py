"""One training step of a network in PyTorch or in a tf.function, timed on request: the other side of `auscult bench step`.

usage: step.py '{"framework": "torch"|"tensorflow", "network": "resnet18"|"resnet34"|"lean-cnn"|"cycleguardian"|"CNN6"|..., "batch": 32,
                 "rows": 64, "frames": 187, "channels": 1, "classes": 2, "optimizer": "adam"|"sgd", "channelsLast": false, "threads": 0,
                 "bf16": false}'

CycleGuardian, with all its losses, Multi-breath's networks, with attention and binary cross-entropy, and those of Glance-and-Gaze are there in
PyTorch only. With bf16, PyTorch runs under autocast and TensorFlow with its graph rewrite.

Steps are asked for on stdin and answered on stdout: see rounds.py.
"""

import itertools
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
case = json.loads(sys.argv[1])
if case.get("threads"):
    os.environ["OMP_NUM_THREADS"] = os.environ["TF_NUM_INTRAOP_THREADS"] = str(case["threads"])

import numpy as np  # noqa: E402  (after the thread counts)
from rounds import answer_rounds  # noqa: E402

GLANCEGAZE = ["Proposed", "VGG16", "CRNN", "BiGRU+ATT"]
MULTIBREATH = ["CNN6", "CNN14", "ResNet22", "MobileNetV2"]
BLOCKS = {"resnet18": [2, 2, 2, 2], "resnet34": [3, 4, 6, 3]}
WEIGHT_DECAY = {"adam": 1e-4, "sgd": 5e-4}
random = np.random.RandomState(0)
shape = (case["batch"], case["rows"], case["frames"], case["channels"])
batches = [
    (random.standard_normal(shape).astype("float32"), random.randint(0, case["classes"], case["batch"]))
    for _ in range(4)
]


def torch_step():
    import torch
    import torchvision

    if case.get("threads"):
        torch.set_num_threads(case["threads"])
    torch.manual_seed(1)
    n = torch.nn
    if case["network"] == "cycleguardian":
        return cycleguardian_step(torch)
    if case["network"] in MULTIBREATH:
        from multibreath import Network

        model = Network(case["network"])
        del model.plain
    elif case["network"] in GLANCEGAZE:
        from glancegaze import BiGru, Crnn, Network, vgg16

        made = {"Proposed": Network, "VGG16": vgg16}
        of_rows = {"CRNN": Crnn, "BiGRU+ATT": BiGru}
        network = case["network"]
        model = made[network]() if network in made else of_rows[network](case["rows"])
    elif case["network"] == "lean-cnn":
        flat = 64 * (((case["rows"] - 2) // 2 - 2) // 2) * (((case["frames"] - 2) // 2 - 2) // 2)
        model = n.Sequential(
            n.Conv2d(case["channels"], 2, 3), n.ReLU(), n.MaxPool2d(2), n.Conv2d(2, 64, 3), n.ReLU(), n.MaxPool2d(2),
            n.Flatten(), n.Linear(flat, 256), n.ReLU(), n.Linear(256, 32), n.ReLU(), n.Linear(32, case["classes"]))  # fmt: skip
    else:
        model = getattr(torchvision.models, case["network"])(num_classes=case["classes"])
        if case["channels"] != 3:
            model.conv1 = n.Conv2d(case["channels"], 64, 7, 2, 3, bias=False)
    layout = torch.channels_last if case.get("channelsLast") else torch.contiguous_format
    model = model.to(memory_format=layout).train()
    decay = WEIGHT_DECAY[case["optimizer"]]
    if case["optimizer"] == "adam":
        optimizer = torch.optim.Adam(model.parameters(), 1e-3, weight_decay=decay)
    else:
        optimizer = torch.optim.SGD(model.parameters(), 1e-3, momentum=0.9, weight_decay=decay)
    loss_of = n.CrossEntropyLoss()
    # The layout that the network wants, as a loader would give it.
    inputs = [torch.from_numpy(x.transpose(0, 3, 1, 2).copy()).to(memory_format=layout) for x, _ in batches]
    targets = [torch.from_numpy(y.astype("int64")) for _, y in batches]
    if case["network"] in MULTIBREATH:
        # Crackle and wheeze of normal, crackle, wheeze, both.
        loss_of = n.BCEWithLogitsLoss()
        targets = [torch.stack([y % 2, y // 2], 1).float() for y in targets]

    def step(k):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(case.get("bf16"))):
            loss = loss_of(model(inputs[k % 4]), targets[k % 4])
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def cycleguardian_step(torch):
    from cycleguardian import CycleGuardian, total_loss

    groups = (case["frames"] - 20) // 15 + 1
    layout = torch.channels_last if case.get("channelsLast") else torch.contiguous_format
    model = CycleGuardian(groups, 5).to(memory_format=layout).train()
    optimizer = torch.optim.Adam([p for name, p in model.named_parameters() if "decoder" not in name], 1e-3)
    inputs = [torch.from_numpy(x.transpose(0, 3, 1, 2).copy()).to(memory_format=layout) for x, _ in batches]
    targets = [torch.from_numpy(y.astype("int64")) for _, y in batches]
    partners = [torch.from_numpy(random.permutation(case["batch"])) for _ in batches]
    replaced = [torch.from_numpy(random.rand(groups) < 0.5) for _ in batches]

    def step(k):
        i = k % 4
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(case.get("bf16"))):
            plain, mixed = model(inputs[i], partners[i], replaced[i])
            loss = total_loss(model, plain, mixed, targets[i], partners[i], replaced[i])
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def tensorflow_step():
    import tensorflow as tf

    if case.get("threads"):
        tf.config.threading.set_intra_op_parallelism_threads(case["threads"])
    if case.get("bf16"):
        tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})
    tf.random.set_seed(1)
    parameters = []

    def variable(value):
        parameters.append(tf.Variable(value))
        return parameters[-1]

    def convolution(size, channels, filters):
        return variable(tf.random.normal([size, size, channels, filters], 0, (2 / (size * size * filters)) ** 0.5))

    def linear(inputs, outputs):
        weight = variable(tf.random.normal([inputs, outputs], 0, inputs**-0.5))
        bias = variable(tf.zeros([outputs]))
        return lambda x: x @ weight + bias

    if case["network"] == "lean-cnn":
        kernels = [(convolution(3, case["channels"], 2), variable(tf.zeros([2]))), (convolution(3, 2, 64), variable(tf.zeros([64])))]  # fmt: skip
        flat = 64 * (((case["rows"] - 2) // 2 - 2) // 2) * (((case["frames"] - 2) // 2 - 2) // 2)
        dense = [linear(flat, 256), linear(256, 32), linear(32, case["classes"])]

        def forward(x):
            for kernel, bias in kernels:
                x = tf.nn.max_pool2d(tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "VALID"), bias)), 2, 2, "VALID")
            x = tf.reshape(x, [x.shape[0], -1])
            return dense[2](tf.nn.relu(dense[1](tf.nn.relu(dense[0](x)))))
    else:

        def conv_norm(size, channels, filters, stride):
            kernel = convolution(size, channels, filters)
            scale, offset = variable(tf.ones([filters])), variable(tf.zeros([filters]))
            mean, variance = tf.Variable(tf.zeros([filters])), tf.Variable(tf.ones([filters]))
            pad = size // 2

            def apply(x):
                x = tf.nn.conv2d(x, kernel, stride, [[0, 0], [pad, pad], [pad, pad], [0, 0]])
                x, m, v = tf.compat.v1.nn.fused_batch_norm(x, scale, offset, epsilon=1e-5, is_training=True)[:3]
                mean.assign(mean * 0.9 + m * 0.1)
                variance.assign(variance * 0.9 + v * 0.1)
                return x

            return apply

        stem, blocks, channels = conv_norm(7, case["channels"], 64, 2), [], 64
        for stage, count in enumerate(BLOCKS[case["network"]]):
            for block in range(count):
                filters, stride = 64 << stage, 2 if stage > 0 and block == 0 else 1
                shortcut = conv_norm(1, channels, filters, stride) if stride != 1 or channels != filters else None
                blocks.append((conv_norm(3, channels, filters, stride), conv_norm(3, filters, filters, 1), shortcut))
                channels = filters
        head = linear(channels, case["classes"])

        def forward(x):
            x = tf.nn.relu(stem(x))
            x = tf.nn.max_pool2d(x, 3, 2, [[0, 0], [1, 1], [1, 1], [0, 0]])
            for first, second, shortcut in blocks:
                x = tf.nn.relu(second(tf.nn.relu(first(x))) + (shortcut(x) if shortcut else x))
            return head(tf.reduce_mean(x, [1, 2]))

    adam, decay = case["optimizer"] == "adam", WEIGHT_DECAY[case["optimizer"]]
    first = [tf.Variable(tf.zeros_like(p)) for p in parameters]
    second = [tf.Variable(tf.zeros_like(p)) for p in parameters] if adam else []

    @tf.function
    def update(x, y, rate, power1, power2):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, forward(x)))
        gradients = tape.gradient(loss, parameters)
        for i, (parameter, gradient) in enumerate(zip(parameters, gradients)):
            gradient = gradient + decay * parameter
            if adam:
                tf.raw_ops.ResourceApplyAdam(
                    var=parameter.handle, m=first[i].handle, v=second[i].handle, beta1_power=power1, beta2_power=power2,
                    lr=rate, beta1=0.9, beta2=0.999, epsilon=1e-8, grad=gradient)  # fmt: skip
            else:
                tf.raw_ops.ResourceApplyMomentum(
                    var=parameter.handle, accum=first[i].handle, lr=rate, grad=gradient, momentum=0.9
                )
        return loss

    one_hot = [np.eye(case["classes"], dtype="float32")[y] for _, y in batches]

    def step(k):
        powers = np.float32(0.9 ** (k + 1)), np.float32(0.999 ** (k + 1))
        x, y = tf.constant(batches[k % 4][0]), tf.constant(one_hot[k % 4])
        return float(update(x, y, *map(tf.constant, (np.float32(1e-3), *powers))))

    return step


step = torch_step() if case["framework"] == "torch" else tensorflow_step()
step(0), step(1)
turn = itertools.count(2)
answer_rounds(lambda: step(next(turn)))
