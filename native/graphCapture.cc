/**
 * Graph capture, beside the eager calls of tfjs-node's addon: a graph is built node by node, becomes a TensorFlow function, and is then
 * called once per step on the tensors that the addon knows by number.
 */
#include "graphCapture.h"

#include <algorithm>
#include <memory>

#include "graph.h"
#include "napiValue.h"
#include "tensorflow/c/eager/c_api.h"
#include "tfjs_backend.h"

namespace auscult {
namespace {

using tfnodejs::TFJSBackend;

struct Arguments {
  napi_env env;
  std::vector<napi_value> values;
  napi_value operator[](size_t i) const { return values[i]; }
};

/** What a graph is to JavaScript; emptied by graphEnd, deleted by the garbage collector. */
using GraphHolder = std::unique_ptr<Graph>;

Graph &toGraph(napi_env env, napi_value value) {
  void *data = nullptr;
  check(napi_get_value_external(env, value, &data), "not a graph");
  Graph *graph = static_cast<GraphHolder *>(data)->get();
  if (graph == nullptr) throw Failure("the graph was ended");
  return *graph;
}

/** { operation, outputs: [{ id, dtype, shape }] }; shape is null where not even the rank is known. */
napi_value describe(napi_env env, Graph &graph, size_t operation, size_t firstEndpoint) {
  napi_value node, outputs;
  check(napi_create_object(env, &node), "object");
  check(napi_create_array(env, &outputs), "array");
  for (size_t i = firstEndpoint; i < graph.endpointCount(); i++) {
    const TF_Output endpoint = graph.endpoint(i);
    napi_value output, shape;
    check(napi_create_object(env, &output), "object");
    std::vector<int64_t> dimensions;
    if (graph.shape(endpoint, &dimensions)) shape = fromIntegers(env, dimensions);
    else check(napi_get_null(env, &shape), "null");
    napi_set_named_property(env, output, "id", fromInteger(env, i));
    napi_set_named_property(env, output, "dtype", fromInteger(env, TF_OperationOutputType(endpoint)));
    napi_set_named_property(env, output, "shape", shape);
    napi_set_element(env, outputs, i - firstEndpoint, output);
  }
  napi_set_named_property(env, node, "operation", fromInteger(env, operation));
  napi_set_named_property(env, node, "outputs", outputs);
  return node;
}

}  // namespace

/** A friend of tfjs-node's backend: it uses its context and its table of tensors. */
struct GraphCapture {
  /** graphBegin(): graph */
  static napi_value begin(TFJSBackend &, const Arguments &a) {
    auto *holder = new GraphHolder(new Graph());
    const auto destroy = [](napi_env, void *data, void *) { delete static_cast<GraphHolder *>(data); };
    napi_value external;
    if (napi_create_external(a.env, holder, destroy, nullptr, &external) != napi_ok) {
      delete holder;
      throw Failure("no memory for a graph");
    }
    return external;
  }

  /** graphEnd(graph): frees it. */
  static napi_value end(TFJSBackend &, const Arguments &a) {
    void *data = nullptr;
    check(napi_get_value_external(a.env, a[0], &data), "not a graph");
    static_cast<GraphHolder *>(data)->reset();
    return nullptr;
  }

  /** graphOp(graph, op, label, attributes, inputs: endpoints, controls: nodes): node */
  static napi_value op(TFJSBackend &, const Arguments &a) {
    Graph &graph = toGraph(a.env, a[0]);
    const std::string op = toText(a.env, a[1]);
    std::vector<TF_Output> inputs;
    for (int64_t number : toVector(a.env, a[4], toInteger)) inputs.push_back(graph.endpoint(number));
    std::vector<TF_Operation *> controls;
    for (int64_t number : toVector(a.env, a[5], toInteger)) controls.push_back(graph.operation(number));

    const size_t firstEndpoint = graph.endpointCount();
    TF_OperationDescription *description = graph.begin(op, toText(a.env, a[2]));
    std::unordered_map<std::string, int64_t> integers;
    for (napi_value attribute : toVector(a.env, a[3], [](napi_env, napi_value v) { return v; })) {
      setAttribute(a.env, description, attribute, &integers);
    }
    graph.addInputs(description, op, inputs, integers);
    for (TF_Operation *control : controls) TF_AddControlInput(description, control);
    return describe(a.env, graph, graph.finish(description), firstEndpoint);
  }

  /** graphConstant(graph, label, dtype, shape, values: typed array | Uint8Array[] for strings): node */
  static napi_value constant(TFJSBackend &, const Arguments &a) {
    Graph &graph = toGraph(a.env, a[0]);
    const auto dtype = static_cast<TF_DataType>(toInteger(a.env, a[2]));
    const std::vector<int64_t> shape = toVector(a.env, a[3], toInteger);
    TF_Tensor *tensor = dtype == TF_STRING ? stringTensor(a.env, shape, a[4]) : numberTensor(a.env, dtype, shape, a[4]);
    const size_t firstEndpoint = graph.endpointCount();
    TF_OperationDescription *description = graph.begin("Const", toText(a.env, a[1]));
    TF_SetAttrType(description, "dtype", dtype);
    Status status;
    TF_SetAttrTensor(description, "value", tensor, status);
    TF_DeleteTensor(tensor);
    status.check();
    return describe(a.env, graph, graph.finish(description), firstEndpoint);
  }

  /** graphSetShape(graph, endpoint, shape): states what TensorFlow cannot infer. */
  static napi_value setShape(TFJSBackend &, const Arguments &a) {
    Graph &graph = toGraph(a.env, a[0]);
    graph.setShape(graph.endpoint(toInteger(a.env, a[1])), toVector(a.env, a[2], toInteger));
    return nullptr;
  }

  /** functionAdd(graph, name, inputs, outputs: endpoints, controls, leftOut: nodes) */
  static napi_value add(TFJSBackend &backend, const Arguments &a) {
    Graph &graph = toGraph(a.env, a[0]);
    const auto endpoint = [&](napi_env env, napi_value v) { return graph.endpoint(toInteger(env, v)); };
    const auto operation = [&](napi_env env, napi_value v) { return graph.operation(toInteger(env, v)); };
    TF_Function *function =
        graph.toFunction(toText(a.env, a[1]), toVector(a.env, a[2], endpoint), toVector(a.env, a[3], endpoint),
                         toVector(a.env, a[4], operation), toVector(a.env, a[5], operation));
    Status status;
    TFE_ContextAddFunction(backend.tfe_context_, function, status);
    TF_DeleteFunction(function);
    status.check();
    return nullptr;
  }

  /** functionRun(name, inputs: tensor numbers, outputs: how many, config: serialised ConfigProto): [{ id, dtype, shape }] */
  static napi_value run(TFJSBackend &backend, const Arguments &a) {
    const std::string name = toText(a.env, a[0]);
    const std::vector<int64_t> inputs = toVector(a.env, a[1], toInteger);
    int count = static_cast<int>(toInteger(a.env, a[2]));
    const Bytes config = toBytes(a.env, a[3]);
    Status status;
    std::unique_ptr<TFE_Op, void (*)(TFE_Op *)> call(TFE_NewOp(backend.tfe_context_, name.c_str(), status), TFE_DeleteOp);
    status.check();
    TFE_OpSetAttrString(call.get(), "config_proto", config.data, config.length);
    for (int64_t number : inputs) {
      const auto tensor = backend.tfe_handle_map_.find(static_cast<int32_t>(number));
      if (tensor == backend.tfe_handle_map_.end()) throw Failure("a tensor that the function needs was disposed");
      TFE_OpAddInput(call.get(), tensor->second, status);
      status.check();
    }
    std::vector<TFE_TensorHandle *> outputs(count, nullptr);
    TFE_Execute(call.get(), outputs.data(), &count, status);
    status.check();
    napi_value infos;
    check(napi_create_array(a.env, &infos), "array");
    for (int i = 0; i < count; i++) {
      napi_set_element(a.env, infos, i, backend.GenerateOutputTensorInfo(a.env, outputs[i]));
    }
    return infos;
  }

  /** functionRemove(name) */
  static napi_value remove(TFJSBackend &backend, const Arguments &a) {
    Status status;
    TFE_ContextRemoveFunction(backend.tfe_context_, toText(a.env, a[0]).c_str(), status);
    status.check();
    return nullptr;
  }

 private:
  static TF_Tensor *numberTensor(napi_env env, TF_DataType dtype, const std::vector<int64_t> &shape, napi_value values) {
    const Bytes bytes = toBytes(env, values);
    size_t wanted = TF_DataTypeSize(dtype);
    for (int64_t size : shape) wanted *= size;
    if (bytes.length != wanted) throw Failure("a constant's values do not fit its shape");
    TF_Tensor *tensor = TF_AllocateTensor(dtype, shape.data(), static_cast<int>(shape.size()), wanted);
    if (wanted > 0) std::copy_n(static_cast<const char *>(bytes.data), wanted, static_cast<char *>(TF_TensorData(tensor)));
    return tensor;
  }

  static TF_Tensor *stringTensor(napi_env env, const std::vector<int64_t> &shape, napi_value values) {
    const std::vector<Bytes> strings = toVector(env, values, toBytes);
    int64_t wanted = 1;
    for (int64_t size : shape) wanted *= size;
    if (static_cast<int64_t>(strings.size()) != wanted) throw Failure("a constant's values do not fit its shape");
    TF_Tensor *tensor = TF_AllocateTensor(TF_STRING, shape.data(), static_cast<int>(shape.size()),
                                          strings.size() * sizeof(TF_TString));
    auto *to = static_cast<TF_TString *>(TF_TensorData(tensor));
    for (const Bytes &text : strings) {
      TF_TString_Init(to);
      TF_TString_Copy(to++, static_cast<const char *>(text.data), text.length);
    }
    return tensor;
  }
};

namespace {

using Method = napi_value (*)(TFJSBackend &, const Arguments &);

/** One method as N-API wants it: arguments are counted, and what C++ throws becomes a JavaScript error. */
template <Method method, size_t count>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments{env, std::vector<napi_value>(count)};
    size_t given = count;
    check(napi_get_cb_info(env, info, &given, arguments.values.data(), nullptr, nullptr), "arguments");
    if (given < count) throw Failure("too few arguments");
    void *backend = nullptr;
    check(napi_get_instance_data(env, &backend), "no backend");
    if (backend == nullptr) throw Failure("TensorFlow's backend was not made");
    return method(*static_cast<TFJSBackend *>(backend), arguments);
  } catch (const std::exception &error) {
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (!pending) napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}

}  // namespace

void exportGraphCapture(napi_env env, napi_value exports) {
  const auto method = [](const char *name, napi_callback callback) {
    return napi_property_descriptor{name, nullptr, callback, nullptr, nullptr, nullptr, napi_default, nullptr};
  };
  const napi_property_descriptor methods[] = {
      method("graphBegin", guarded<GraphCapture::begin, 0>),
      method("graphEnd", guarded<GraphCapture::end, 1>),
      method("graphOp", guarded<GraphCapture::op, 6>),
      method("graphConstant", guarded<GraphCapture::constant, 5>),
      method("graphSetShape", guarded<GraphCapture::setShape, 3>),
      method("functionAdd", guarded<GraphCapture::add, 6>),
      method("functionRun", guarded<GraphCapture::run, 4>),
      method("functionRemove", guarded<GraphCapture::remove, 1>),
  };
  napi_define_properties(env, exports, sizeof(methods) / sizeof(methods[0]), methods);
}

}  // namespace auscult
