"""
An ONNX model in int8: weights symmetric, one scale for each output channel; activations one scale and zero point for each tensor, found as
the model runs (papers.md 1.8).

ONNX Runtime's own `quantize_dynamic` does this for matrix products. Its convolutions have one scale for a whole kernel and, with signed
weights, no kernel on the CPU (microsoft/onnxruntime issues 3130, 12558, 15888). A signed weight is written here as an unsigned one with
zero point 128: the same numbers, for which there is a kernel, in WebAssembly too.

Three kinds keep their weights as int8 and compute in float32: depthwise convolutions, which have next to no arithmetic to save, recurrences,
whose errors would add up from step to step, and the way back of gradients. Weights of fewer values than SMALLEST stay as they are.
"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 1024
ZERO_POINT = 128
# Places of the weights among a node's inputs; others have theirs at 1.
WEIGHTS_AT = {"GRU": (1, 2), "LSTM": (1, 2)}


def quantised(model):
    """The model in int8, and how many weights became so, by operation."""
    out = type(model)()
    out.CopyFrom(model)
    graph = out.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    uses = {}
    for node in graph.node:
        places = WEIGHTS_AT.get(node.op_type, (1,))
        for at, name in enumerate(node.input):
            if name in weights:
                uses.setdefault(name, set()).add(way(node, weights[name]) if at in places else None)
    builder = Builder(graph)
    counts = {}
    for node in graph.node:
        replaced = False
        for at, name in enumerate(node.input):
            # A weight that is read in several ways stays as it is, but for a matrix that the way back reads turned (`sharedWeights.py`).
            if name not in uses or (len(uses[name]) > 1 and uses[name] != {"product", "kept"}):
                continue
            kind = way(node, weights[name]) if at in WEIGHTS_AT.get(node.op_type, (1,)) else None
            if kind is None:
                continue
            counts[kind] = counts.get(kind, 0) + 1
            array = numpy_helper.to_array(weights[name])
            if kind == "kept":
                builder.dequantised(node, at, array)
            else:
                getattr(builder, kind)(node, array)
                replaced = True
        if not replaced:
            builder.keep(node)
    builder.finish()
    return out, counts


def way(node, weight):
    """How a node is quantised; None: not at all."""
    if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < SMALLEST:
        return None
    if node.op_type in WEIGHTS_AT or node.op_type == "Gemm":
        return "kept"
    if node.op_type == "MatMul":
        return "product" if len(weight.dims) >= 2 else None
    if node.op_type != "Conv":
        return None
    group = next((attribute.i for attribute in node.attribute if attribute.name == "group"), 1)
    return "kept" if group > 1 else "convolution"


def symmetric(values, axes):
    """Whole numbers from -127 to 127 and their scale, over `axes` in common."""
    largest = np.abs(values).max(axis=axes, keepdims=True)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.clip(np.rint(values / scale), -127, 127).astype(np.int8), scale


class Builder:
    """Nodes in the order of the graph, with those that take the place of others."""

    def __init__(self, graph):
        self.graph = graph
        self.nodes = []
        self.added = []
        self.quantised = {}
        self.made = set()

    def keep(self, node):
        self.nodes.append(node)

    def finish(self):
        read = {name for node in self.nodes for name in node.input}
        left = [tensor for tensor in self.graph.initializer if tensor.name in read]
        del self.graph.initializer[:], self.graph.node[:]
        self.graph.initializer.extend([*left, *self.added])
        self.graph.node.extend(self.nodes)

    def tensor(self, name, make):
        """The name of a constant, made once."""
        if all(tensor.name != name for tensor in self.added):
            self.added.append(numpy_helper.from_array(make(), name))
        return name

    def node(self, op, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, **attributes))
        return outputs[0]

    def activation(self, name):
        """The tensor as unsigned bytes, its scale and its zero point; once for all that read it."""
        if name not in self.quantised:
            names = [f"{name}_q", f"{name}_scale", f"{name}_zero"]
            self.node("DynamicQuantizeLinear", [name], names)
            self.quantised[name] = names
        return self.quantised[name]

    def convolution(self, node, kernel):
        """`kernel`: [out, in, height, width]."""
        values, scale = symmetric(kernel, axes=(1, 2, 3))
        weight, name = node.input[1], node.output[0]
        unsigned = self.tensor(f"{weight}_w", lambda: (values.astype(np.int16) + ZERO_POINT).astype(np.uint8))
        zero = self.tensor("zero_point", lambda: np.array(ZERO_POINT, np.uint8))
        scale = self.tensor(f"{weight}_s", lambda: scale.reshape(1, -1, 1, 1))
        data, data_scale, data_zero = self.activation(node.input[0])
        sums = self.node("ConvInteger", [data, unsigned, data_zero, zero], [f"{name}_i"])
        self.nodes[-1].attribute.extend(node.attribute)
        self.scaled(name, sums, data_scale, scale, self.broadcast(node.input[2]) if len(node.input) > 2 else None)

    def product(self, node, matrix):
        """`matrix`: [..., in, out]."""
        values, scale = symmetric(matrix, axes=(-2,))
        weight, name = node.input[1], node.output[0]
        data, data_scale, data_zero = self.activation(node.input[0])
        signed = self.tensor(f"{weight}_w", lambda: values)
        scale = self.tensor(f"{weight}_s", lambda: scale if matrix.ndim > 2 else scale.reshape(-1))
        sums = self.node("MatMulInteger", [data, signed, data_zero], [f"{name}_i"])
        self.scaled(name, sums, data_scale, scale)

    def dequantised(self, node, at, array):
        """The weights as int8, the arithmetic in float32. Channels: the last axis of a matrix; the first of a kernel; the first two of a
        recurrence's weights, [directions, gates * units, in]."""
        name = node.input[at]
        whole = f"{name}_d"
        if whole not in self.made:
            self.made.add(whole)
            recurrent = node.op_type in WEIGHTS_AT
            rows = array.reshape(-1, array.shape[-1]) if recurrent else array
            axis = rows.ndim - 1 if node.op_type in ("MatMul", "Gemm") else 0
            values, scale = symmetric(rows, axes=tuple(one for one in range(rows.ndim) if one != axis))
            names = [self.tensor(f"{name}_w", lambda: values), self.tensor(f"{name}_s", lambda: scale.reshape(-1))]
            self.node("DequantizeLinear", names, [f"{name}_r" if recurrent else whole], axis=axis)
            if recurrent:
                shape = self.tensor(f"{name}_shape", lambda: np.array(array.shape, np.int64))
                self.node("Reshape", [f"{name}_r", shape], [whole])
        node.input[at] = whole

    def scaled(self, name, sums, data_scale, weight_scale, bias=None):
        floats = self.node("Cast", [sums], [f"{name}_f"], to=TensorProto.FLOAT)
        scale = self.node("Mul", [data_scale, weight_scale], [f"{name}_s"])
        product = self.node("Mul", [floats, scale], [f"{name}_p" if bias else name])
        if bias:
            self.node("Add", [product, bias], [name])

    def broadcast(self, bias):
        """A bias of [out] as [1, out, 1, 1]."""
        known = next(tensor for tensor in self.graph.initializer if tensor.name == bias)
        return self.tensor(f"{bias}_b", lambda: numpy_helper.to_array(known).reshape(1, -1, 1, 1))
