/** A TensorFlow graph under construction: nodes are added one by one, shapes are inferred at once, nothing is executed. */
#ifndef AUSCULT_GRAPH_H_
#define AUSCULT_GRAPH_H_

#include <node_api.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "tensorflow/c/c_api.h"

namespace auscult {

class Graph {
 public:
  Graph() : graph_(TF_NewGraph()) {}
  ~Graph() { TF_DeleteGraph(graph_); }
  Graph(const Graph &) = delete;

  /** Starts a node; `label` appears in TensorFlow's messages about it. */
  TF_OperationDescription *begin(const std::string &op, const std::string &label);
  /** Ends a node: its number. Its outputs are the endpoints from `endpointCount()` as it was before. */
  size_t finish(TF_OperationDescription *description);

  /** Hands over a node's inputs: one after the other, or as lists where the operation wants them. */
  void addInputs(TF_OperationDescription *description, const std::string &op, const std::vector<TF_Output> &inputs,
                 const std::unordered_map<std::string, int64_t> &integers);

  void setShape(TF_Output endpoint, const std::vector<int64_t> &shape);
  /** -1 for a dimension that is not known; false when not even their number is. */
  bool shape(TF_Output endpoint, std::vector<int64_t> *dimensions);

  TF_Output endpoint(int64_t number) const;
  TF_Operation *operation(int64_t number) const;
  size_t endpointCount() const { return endpoints_.size(); }

  /** The whole graph without `leftOut` as a function: inputs are fed, outputs returned, `controls` always executed. */
  TF_Function *toFunction(const std::string &name, const std::vector<TF_Output> &inputs,
                          const std::vector<TF_Output> &outputs, const std::vector<TF_Operation *> &controls,
                          const std::vector<TF_Operation *> &leftOut);

 private:
  const std::vector<std::string> &listLengths(const std::string &op);

  TF_Graph *graph_;
  std::vector<TF_Output> endpoints_;
  std::vector<TF_Operation *> operations_;
  std::unordered_map<std::string, std::vector<std::string>> listLengths_;
};

/** Sets an attribute given as tfjs-node gives it: { name, type, value }. Integers are noted, since some say how long a list of inputs is. */
void setAttribute(napi_env env, TF_OperationDescription *description, napi_value attribute,
                  std::unordered_map<std::string, int64_t> *integers);

}  // namespace auscult

#endif
