#ifndef AUSCULT_GRAPH_CAPTURE_H_
#define AUSCULT_GRAPH_CAPTURE_H_

#include <node_api.h>

namespace auscult {

/** Adds the methods of graph capture to the addon's exports. */
void exportGraphCapture(napi_env env, napi_value exports);

}  // namespace auscult

#endif
