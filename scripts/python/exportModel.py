"""
Writes a forward pass as SavedModel and ONNX, and asks each what it answers: the Python half of `auscult export`.

    exportModel.py WORK OUT

WORK holds graph.json and weights.safetensors (src/suite/exporting/graphFiles.ts writes them) and inputs.safetensors, the inputs that all
formats are asked for, [items, ...]. Into OUT go savedmodel/, model.onnx and model-int8.onnx; into WORK answers.safetensors, what each format
gives, such as "onnx.logits", [items, outputs]. One JSON object a line on stdout says how far it is; the last is {"done": ...} or {"refused":
why}.
"""

import base64
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

# What both ONNX Runtime's native build and its WebAssembly build know.
OPSET = 17
AT_ONCE = 8


class Refused(Exception):
    """What cannot be converted; the message is for people."""


def say(**message):
    print(json.dumps(message), flush=True)


def graph_def(work):
    """
    The graph with its weights as constants, the shape of its input, the names of its outputs, what of it is whole (`wholeRecurrences.py`), and
    its weights.
    """
    import numpy as np
    import tensorflow as tf
    from safetensors.numpy import load_file

    with open(os.path.join(work, "graph.json"), encoding="utf8") as file:
        graph = json.load(file)
    weights = load_file(os.path.join(work, "weights.safetensors"))
    out = tf.compat.v1.GraphDef()
    out.versions.producer = tf.compat.v1.Graph().as_graph_def().versions.producer

    def constant(node, array):
        node.op = "Const"
        node.attr["dtype"].type = tf.as_dtype(array.dtype).as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))

    types = {f"{node['name']}:{i}": of for node in graph["nodes"] for i, of in enumerate(node["types"])}
    for described in graph["nodes"]:
        node = out.node.add(name=described["name"], op=described["op"])
        if described["name"] in weights:
            constant(node, weights[described["name"]])
            continue
        if "value" in described:
            value = described["value"]
            dtype = tf.as_dtype(value["dtype"]).as_numpy_dtype
            flat = np.frombuffer(base64.b64decode(value["bytes"]), dtype)
            constant(node, flat.reshape(value["shape"]))
            continue
        # Grappler takes the first result under the operation's own name only.
        node.input.extend(name.removesuffix(":0") for name in described["inputs"])
        for attribute in described["attributes"]:
            put(node.attr[attribute["name"]], attribute["kind"], attribute["value"])
        complete(node, [types[name] for name in described["inputs"]])
    return out, [None, *graph["inputShape"]], graph["outputs"], graph["whole"], weights


def complete(node, types):
    """The attributes that follow from the inputs' types, which tfjs leaves out for some operations or calls by other names."""
    from tensorflow.python.framework import op_def_registry

    known = op_def_registry.get(node.op)
    if known is None:
        raise Refused(f"TensorFlow for Python does not have the operation {node.op}")
    names = {attr.name for attr in known.attr}
    for name in [name for name in node.attr if name not in names and not name.startswith("_")]:
        del node.attr[name]
    at = 0
    for arg in known.input_arg:
        count = node.attr[arg.number_attr].i if arg.number_attr else 1
        if arg.type_attr and arg.type_attr not in node.attr and at < len(types):
            node.attr[arg.type_attr].type = types[at]
        at += count


def put(attr, kind, value):
    if kind == "shape":
        for size in value:
            attr.shape.dim.add(size=size)
        return
    field = {"string": "s", "int": "i", "float": "f", "bool": "b", "type": "type"}[kind]
    convert = (lambda text: text.encode()) if kind == "string" else (lambda one: one)
    if isinstance(value, list):
        getattr(attr.list, field).extend(convert(one) for one in value)
    else:
        setattr(attr, field, convert(value))


def write_saved_model(graph, shape, outputs, folder):
    """A SavedModel whose signature serving_default takes `input` and gives `outputs`."""
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec(shape, tf.float32, name="input")])
    def forward(input):  # noqa: A002, the name is the signature's
        answers = tf.graph_util.import_graph_def(
            graph, input_map={"input:0": input}, return_elements=[f"{name}:0" for name in outputs], name="model"
        )
        return dict(zip(outputs, answers, strict=True))

    module = tf.Module()
    module.forward = forward
    tf.saved_model.save(module, folder, signatures={"serving_default": forward})


def write_onnx(graph, outputs, whole, weights, file):
    """Float32, by tf2onnx but for recurrences. Throws Refused with the names of operations that have no conversion."""
    import logging

    import onnx
    import tensorflow as tf
    from tf2onnx import optimizer, tf_loader, tfonnx
    from tf2onnx.optimizer.back_to_back_optimizer import BackToBackOptimizer
    from tf2onnx.optimizer.const_fold_optimizer import ConstFoldOptimizer
    from tf2onnx.optimizer.identity_optimizer import IdentityOptimizer
    from tf2onnx.optimizer.merge_duplicated_nodes_optimizer import MergeDuplicatedNodesOptimizer
    from tf2onnx.optimizer.transpose_optimizer import TransposeOptimizer

    import sharedWeights
    import wholeRecurrences

    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    graph, taken = wholeRecurrences.without(graph, whole, outputs)
    given = [f"{wholeRecurrences.gap(i)}:0" for i in range(len(whole))]
    names = {"input_names": ["input:0", *given], "output_names": [*(f"{name}:0" for name in outputs), *taken]}
    try:
        with tf.Graph().as_default() as tf_graph:
            tf.import_graph_def(tf_loader.tf_optimize(*names.values(), graph), name="")
            converted = tfonnx.process_tf_graph(tf_graph, opset=OPSET, continue_on_error=True, **names)
        # Not `convert.from_graph_def`, and not all passes: each keeps a copy of all weights or two, 50 in the end.
        passes = [TransposeOptimizer, ConstFoldOptimizer, MergeDuplicatedNodesOptimizer, IdentityOptimizer, BackToBackOptimizer]
        named = {one.__name__: one for one in passes}
        model = optimizer.optimize_graph(converted, catch_errors=False, optimizers=named).make_model("auscult")
    except (ValueError, KeyError, NotImplementedError, AssertionError, RuntimeError) as error:
        raise Refused(f"tf2onnx cannot convert the network: {error}") from error
    wholeRecurrences.put_back(model, whole, taken, weights)
    write_out(model)
    left = sorted({node.op_type for node in model.graph.node if not onnx.defs.has(node.op_type, node.domain)})
    if left:
        raise Refused(f"these operations have no ONNX form: {', '.join(left)}")
    sharedWeights.share(model)
    tidy(model, outputs)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, file)
    return model


def write_out(model):
    """ln(1 + x), which ONNX has no operation for and tf2onnx hands on as it is: the sum and its logarithm."""
    import numpy as np
    from onnx import helper, numpy_helper

    nodes = []
    for node in model.graph.node:
        if node.op_type != "Log1p":
            nodes.append(node)
            continue
        (given,), (result,) = node.input, node.output
        one = f"{result}_one"
        model.graph.initializer.append(numpy_helper.from_array(np.float32(1), one))
        nodes.append(helper.make_node("Add", [given, one], [f"{result}_sum"]))
        nodes.append(helper.make_node("Log", [f"{result}_sum"], [result]))
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def tidy(model, outputs):
    """`input` and the outputs by these names, a free batch axis, and short names within."""
    graph = model.graph
    ends = {graph.input[0].name: "input"} | {value.name: name for value, name in zip(graph.output, outputs, strict=True)}
    names = {}

    def short(name):
        if name == "":
            return name
        return ends.get(name) or names.setdefault(name, f"t{len(names)}")

    for tensor in graph.initializer:
        tensor.name = short(tensor.name)
    for node in graph.node:
        node.name = ""
        node.doc_string = ""
        node.input[:] = [short(name) for name in node.input]
        node.output[:] = [short(name) for name in node.output]
    del graph.value_info[:]
    for value in (graph.input[0], *graph.output):
        value.name = ends[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    graph.name = "auscult"
    graph.doc_string = ""
    model.doc_string = ""


def ask_saved_model(folder, inputs, outputs):
    """Of each output what it is for all inputs, AT_ONCE of them."""
    import tensorflow as tf

    serve = tf.saved_model.load(folder).signatures["serving_default"]
    answers = serve(input=tf.constant(inputs))
    return [answers[name].numpy() for name in outputs]


def ask_onnx(file, inputs, outputs, at_once, phase):
    """Of each output what it is for all inputs; all but the logits for the first AT_ONCE."""
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    parts = [[] for _ in outputs]
    for i in range(0, len(inputs), at_once):
        say(phase=phase, done=i, of=len(inputs))
        names = outputs if i < AT_ONCE else outputs[:1]
        for part, answer in zip(parts, session.run(names, {"input": inputs[i : i + at_once]})):
            part.append(answer)
    return [np.concatenate(part) for part in parts]


def main(work, out):
    import numpy as np
    from safetensors.numpy import load_file, save_file

    say(phase="starting TensorFlow for Python")
    graph, shape, outputs, whole, weights = graph_def(work)
    saved, float32, int8 = (os.path.join(out, name) for name in ("savedmodel", "model.onnx", "model-int8.onnx"))
    say(phase="writing the SavedModel")
    try:
        write_saved_model(graph, shape, outputs, saved)
    except ValueError as error:
        raise Refused(f"TensorFlow for Python does not take the graph: {error}") from error
    say(phase="writing ONNX")
    model = write_onnx(graph, outputs, whole, weights, float32)
    say(phase="writing ONNX in int8")
    from quantiseOnnx import quantised

    import onnx

    small, counts = quantised(model)
    onnx.checker.check_model(small, full_check=True)
    onnx.save(small, int8)
    inputs = load_file(os.path.join(work, "inputs.safetensors"))["inputs"]
    say(phase="asking the SavedModel")
    answers = {"savedmodel": ask_saved_model(saved, inputs[:AT_ONCE], outputs)}
    answers["onnx"] = ask_onnx(float32, inputs, outputs, AT_ONCE, "asking ONNX")
    # One by one: an answer of int8 depends on the others in its batch, which share a scale.
    answers["onnxAlone"] = ask_onnx(float32, inputs[:AT_ONCE], outputs, 1, "asking ONNX one by one")
    answers["int8"] = ask_onnx(int8, inputs, outputs, 1, "asking ONNX in int8")
    named = {f"{form}.{name}": rows for form, both in answers.items() for name, rows in zip(outputs, both, strict=True)}
    save_file({name: np.ascontiguousarray(rows) for name, rows in named.items()}, os.path.join(work, "answers.safetensors"))
    versions = {name: __import__(name).__version__ for name in ("tensorflow", "tf2onnx", "onnx", "onnxruntime")}
    say(done={"opset": OPSET, "int8": counts, "versions": versions})


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Refused as why:
        say(refused=str(why))
        sys.exit(1)
