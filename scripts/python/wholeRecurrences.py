"""
Recurrences as ONNX has them: one GRU or LSTM in place of a dozen operations for each step.

`without` takes them out of TensorFlow's graph before it is converted; `put_back` puts ONNX's operations into the gaps. Conventions of the
operations: https://onnx.ai/onnx/operators/onnx__GRU.html and onnx__LSTM.html.
"""

# Blocks of a weight's columns: PyTorch's order (src/nn/layers/gru.ts, lstm.ts) in ONNX's: update, reset, new; input, output, forget, cell.
ORDER = {"GRU": (1, 0, 2), "LSTM": (0, 3, 1, 2)}


def gap(i):
    """Name of what stands for the result of recurrence i."""
    return f"recurrence{i}"


def without(graph, whole, outputs):
    """
    The graph in which the result of every recurrence is given, and what each of them takes.

    outputs: names of the operations that answer. Returns the graph and the names of the tensors that the recurrences take, in their order.
    """
    import tensorflow as tf

    if not whole:
        return graph, []
    with tf.Graph().as_default() as known:
        tf.import_graph_def(graph, name="")
    shapes = [known.get_tensor_by_name(one["output"]).shape.as_list() for one in whole]
    gaps = {one["output"].removesuffix(":0"): gap(i) for i, one in enumerate(whole)}
    cut = tf.compat.v1.GraphDef()
    cut.versions.CopyFrom(graph.versions)
    for i, shape in enumerate(shapes):
        node = cut.node.add(name=gap(i), op="Placeholder")
        node.attr["dtype"].type = tf.float32.as_datatype_enum
        for size in shape:
            node.attr["shape"].shape.dim.add(size=-1 if size is None else size)
    for original in graph.node:
        node = cut.node.add()
        node.CopyFrom(original)
        node.input[:] = [gaps.get(name, name) for name in original.input]
    taken = [one["inputs"]["x"] for one in whole]
    # A recurrence behind another takes what stands for that one's result, or what is made of it.
    taken = [f"{gaps[name.removesuffix(':0')]}:0" if name.removesuffix(":0") in gaps else name for name in taken]
    ends = [*outputs, *(name.rsplit(":", 1)[0] for name in taken), *map(gap, range(len(whole)))]
    return tf.compat.v1.graph_util.extract_sub_graph(cut, ends), taken


def put_back(model, whole, taken, weights):
    """Operations of ONNX between `taken` and the gaps of a model that was converted from what `without` gave; the model is changed."""
    graph = model.graph
    for i, (one, name) in enumerate(zip(whole, taken, strict=True)):
        nodes, arrays = operation(one, name, i, weights)
        graph.node.extend(nodes)
        graph.initializer.extend(arrays)
    gaps = {f"{gap(i)}:0" for i in range(len(whole))}
    keep(graph.input, lambda value: value.name not in gaps)
    keep(graph.output, lambda value: value.name not in taken)
    in_order(graph)


def keep(values, test):
    left = [value for value in values if test(value)]
    del values[:]
    values.extend(left)


def operation(one, name, i, weights):
    """The nodes from `[batch, time, features]` to `[batch, time, directions * units]` or of the last steps, and their constants."""
    import numpy as np
    from onnx import helper, numpy_helper

    kind, settings = one["kind"], one["settings"]
    units, ends = settings["units"], ["", "Reverse"] if settings["bidirectional"] else [""]
    order = ORDER[kind]

    def blocks(array):
        """Columns in ONNX's order, as rows."""
        parts = np.split(array, len(order), axis=-1)
        return np.concatenate([parts[k] for k in order], axis=-1).T

    def of(part):
        return [blocks(weights[one["inputs"][f"{part}{end}"].removesuffix(":0")]) for end in ends]

    biases = [np.concatenate(pair) for pair in zip(of("inputBias"), of("recurrentBias"), strict=True)]
    all_steps = settings["steps"] == "all"
    start = gap(i)
    constants = {
        f"{start}_W": np.stack(of("inputWeight")),
        f"{start}_R": np.stack(of("recurrentWeight")),
        f"{start}_B": np.stack(biases),
        # 0: as it is.
        f"{start}_shape": np.array([0, 0, len(ends) * units] if all_steps else [0, len(ends) * units], np.int64),
    }
    attributes = {"hidden_size": units, "direction": "bidirectional" if settings["bidirectional"] else "forward"}
    if kind == "GRU":
        attributes["linear_before_reset"] = 1
    results = [f"{start}_y", ""] if all_steps else ["", f"{start}_y"]
    nodes = [
        helper.make_node("Transpose", [name], [f"{start}_x"], perm=[1, 0, 2]),
        helper.make_node(kind, [f"{start}_x", *list(constants)[:3]], results, **attributes),
        # [time, directions, batch, units], or [directions, batch, units]
        helper.make_node("Transpose", [f"{start}_y"], [f"{start}_t"], perm=[2, 0, 1, 3] if all_steps else [1, 0, 2]),
        helper.make_node("Reshape", [f"{start}_t", f"{start}_shape"], [f"{start}:0"]),
    ]
    return nodes, [numpy_helper.from_array(array, key) for key, array in constants.items()]


def in_order(graph):
    """Every operation behind what it takes, else in the order in which they are."""
    known = {value.name for value in [*graph.input, *graph.initializer]} | {""}
    waiting = list(graph.node)
    ordered = []
    while waiting:
        ready, later = [], []
        for node in waiting:
            if all(name in known for name in node.input):
                ready.append(node)
                known.update(node.output)
            else:
                later.append(node)
        if not ready:
            raise ValueError("operations wait for each other")
        ordered.extend(ready)
        waiting = later
    del graph.node[:]
    graph.node.extend(ordered)
