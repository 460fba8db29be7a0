#include "graph.h"

#include <algorithm>
#include <set>

#include "napiValue.h"
#include "opDef.h"

namespace auscult {

TF_OperationDescription *Graph::begin(const std::string &op, const std::string &label) {
  const std::string name = label + "_" + std::to_string(operations_.size());
  return TF_NewOperation(graph_, op.c_str(), name.c_str());
}

size_t Graph::finish(TF_OperationDescription *description) {
  Status status;
  TF_Operation *operation = TF_FinishOperation(description, status);
  status.check();
  operations_.push_back(operation);
  for (int i = 0; i < TF_OperationNumOutputs(operation); i++) endpoints_.push_back({operation, i});
  return operations_.size() - 1;
}

const std::vector<std::string> &Graph::listLengths(const std::string &op) {
  auto known = listLengths_.find(op);
  if (known != listLengths_.end()) return known->second;
  TF_Buffer *definition = TF_NewBuffer();
  Status status;
  TF_GraphGetOpDef(graph_, op.c_str(), definition, status);
  std::vector<std::string> lengths;
  if (TF_GetCode(status) == TF_OK) lengths = inputListLengths(definition->data, definition->length);
  TF_DeleteBuffer(definition);
  status.check();
  return listLengths_.emplace(op, std::move(lengths)).first->second;
}

void Graph::addInputs(TF_OperationDescription *description, const std::string &op, const std::vector<TF_Output> &inputs,
                      const std::unordered_map<std::string, int64_t> &integers) {
  const std::vector<std::string> &lengths = listLengths(op);
  size_t next = 0;
  for (size_t argument = 0; argument < lengths.size(); argument++) {
    const std::string &attribute = lengths[argument];
    if (attribute.empty()) {
      if (next < inputs.size()) TF_AddInput(description, inputs[next++]);
      continue;
    }
    const auto given = integers.find(attribute);
    const size_t left = inputs.size() - next;
    const size_t after = lengths.size() - argument - 1;
    const size_t wanted = given != integers.end() ? given->second : left - std::min(left, after);
    const size_t count = std::min(wanted, left);
    TF_AddInputList(description, inputs.data() + next, static_cast<int>(count));
    next += count;
  }
}

void Graph::setShape(TF_Output endpoint, const std::vector<int64_t> &shape) {
  Status status;
  TF_GraphSetTensorShape(graph_, endpoint, shape.data(), static_cast<int>(shape.size()), status);
  status.check();
}

bool Graph::shape(TF_Output endpoint, std::vector<int64_t> *dimensions) {
  Status status;
  const int rank = TF_GraphGetTensorNumDims(graph_, endpoint, status);
  status.check();
  if (rank < 0) return false;
  dimensions->resize(rank);
  if (rank > 0) TF_GraphGetTensorShape(graph_, endpoint, dimensions->data(), rank, status);
  status.check();
  return true;
}

TF_Output Graph::endpoint(int64_t number) const {
  if (number < 0 || static_cast<size_t>(number) >= endpoints_.size()) throw Failure("not an endpoint of this graph");
  return endpoints_[number];
}

TF_Operation *Graph::operation(int64_t number) const {
  if (number < 0 || static_cast<size_t>(number) >= operations_.size()) throw Failure("not a node of this graph");
  return operations_[number];
}

TF_Function *Graph::toFunction(const std::string &name, const std::vector<TF_Output> &inputs,
                               const std::vector<TF_Output> &outputs, const std::vector<TF_Operation *> &controls,
                               const std::vector<TF_Operation *> &leftOut) {
  std::set<TF_Operation *> outside(leftOut.begin(), leftOut.end());
  for (const TF_Output &input : inputs) outside.insert(input.oper);
  std::vector<TF_Operation *> body;
  for (TF_Operation *operation : operations_) {
    if (outside.count(operation) == 0) body.push_back(operation);
  }
  Status status;
  TF_Function *function = TF_GraphToFunctionWithControlOutputs(
      graph_, name.c_str(), 0, static_cast<int>(body.size()), body.data(), static_cast<int>(inputs.size()),
      inputs.data(), static_cast<int>(outputs.size()), outputs.data(), nullptr, static_cast<int>(controls.size()),
      controls.data(), nullptr, nullptr, name.c_str(), status);
  status.check();
  return function;
}

void setAttribute(napi_env env, TF_OperationDescription *description, napi_value attribute,
                  std::unordered_map<std::string, int64_t> *integers) {
  const std::string name = toText(env, property(env, attribute, "name"));
  const auto type = static_cast<TF_AttrType>(toInteger(env, property(env, attribute, "type")));
  napi_value value = property(env, attribute, "value");
  const bool list = type != TF_ATTR_SHAPE && isArray(env, value);
  switch (type) {
    case TF_ATTR_STRING: {
      const std::string text = toText(env, value);
      return TF_SetAttrString(description, name.c_str(), text.data(), text.size());
    }
    case TF_ATTR_INT: {
      if (list) {
        const auto numbers = toVector(env, value, toInteger);
        return TF_SetAttrIntList(description, name.c_str(), numbers.data(), static_cast<int>(numbers.size()));
      }
      integers->emplace(name, toInteger(env, value));
      return TF_SetAttrInt(description, name.c_str(), toInteger(env, value));
    }
    case TF_ATTR_FLOAT: {
      const auto single = [](napi_env e, napi_value v) { return static_cast<float>(toDouble(e, v)); };
      if (!list) return TF_SetAttrFloat(description, name.c_str(), single(env, value));
      const auto numbers = toVector(env, value, single);
      return TF_SetAttrFloatList(description, name.c_str(), numbers.data(), static_cast<int>(numbers.size()));
    }
    case TF_ATTR_BOOL: {
      const auto single = [](napi_env e, napi_value v) { return static_cast<unsigned char>(toBool(e, v)); };
      if (!list) return TF_SetAttrBool(description, name.c_str(), single(env, value));
      const auto truths = toVector(env, value, single);
      return TF_SetAttrBoolList(description, name.c_str(), truths.data(), static_cast<int>(truths.size()));
    }
    case TF_ATTR_TYPE:
      return TF_SetAttrType(description, name.c_str(), static_cast<TF_DataType>(toInteger(env, value)));
    case TF_ATTR_SHAPE: {
      const auto shape = toVector(env, value, toInteger);
      return TF_SetAttrShape(description, name.c_str(), shape.data(), static_cast<int>(shape.size()));
    }
    default:
      throw Failure("attribute " + name + " is of a type that the graph builder does not know");
  }
}

}  // namespace auscult
