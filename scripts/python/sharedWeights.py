"""
One copy of a matrix for the way there and the way back: gradients are products with transposed weights, which converters write out as
constants of their own.
"""


def share(model):
    """Products with the transpose of a matrix that the first output is made with become Gemm, which turns that matrix; the model is changed."""
    from onnx import helper, numpy_helper, shape_inference

    graph = model.graph
    if len(graph.output) == 1:
        return
    matrices = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer if len(tensor.dims) == 2}
    products = [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in matrices]
    there = needed(graph, graph.output[0].name)
    known = {}
    for node in products:
        if node.output[0] in there:
            matrix = matrices[node.input[1]]
            known[matrix.shape, matrix.tobytes()] = node.input[1]
    shapes = shape_inference.infer_shapes(model).graph.value_info
    ranks = {value.name: len(value.type.tensor_type.shape.dim) for value in shapes}
    for node in products:
        turned = matrices[node.input[1]].T
        name = known.get((turned.shape, turned.tobytes()))
        # Gemm takes no more than rows and columns.
        if name is not None and node.output[0] not in there and ranks.get(node.input[0]) == 2:
            node.CopyFrom(helper.make_node("Gemm", [node.input[0], name], list(node.output), transB=1))
    read = {name for node in graph.node for name in node.input}
    left = [tensor for tensor in graph.initializer if tensor.name in read]
    del graph.initializer[:]
    graph.initializer.extend(left)


def needed(graph, name):
    """Names of all that a tensor is computed from, and its own."""
    makers = {output: node for node in graph.node for output in node.output}
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        if one in makers:
            waiting.extend(makers[one].input)
    return found
