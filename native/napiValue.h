/**
 * Values between JavaScript and C++, with exceptions in between: what is thrown as `Failure` here becomes a JavaScript error at the
 * door of the addon (`guarded`).
 */
#ifndef AUSCULT_NAPI_VALUE_H_
#define AUSCULT_NAPI_VALUE_H_

#include <node_api.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorflow/c/tf_status.h"

namespace auscult {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(napi_status status, const char *what) {
  if (status != napi_ok) throw Failure(std::string("the addon was given a wrong argument: ") + what);
}

/** A TensorFlow status that throws what it says. */
class Status {
 public:
  Status() : status_(TF_NewStatus()) {}
  ~Status() { TF_DeleteStatus(status_); }
  Status(const Status &) = delete;
  operator TF_Status *() { return status_; }
  void check() const {
    if (TF_GetCode(status_) != TF_OK) throw Failure(TF_Message(status_));
  }

 private:
  TF_Status *status_;
};

inline std::string toText(napi_env env, napi_value value) {
  size_t length = 0;
  check(napi_get_value_string_utf8(env, value, nullptr, 0, &length), "not a string");
  std::string text(length, '\0');
  check(napi_get_value_string_utf8(env, value, &text[0], length + 1, &length), "not a string");
  return text;
}

inline int64_t toInteger(napi_env env, napi_value value) {
  int64_t number = 0;
  check(napi_get_value_int64(env, value, &number), "not a number");
  return number;
}

inline double toDouble(napi_env env, napi_value value) {
  double number = 0;
  check(napi_get_value_double(env, value, &number), "not a number");
  return number;
}

inline bool toBool(napi_env env, napi_value value) {
  bool truth = false;
  check(napi_get_value_bool(env, value, &truth), "not a boolean");
  return truth;
}

inline bool isArray(napi_env env, napi_value value) {
  bool truth = false;
  check(napi_is_array(env, value, &truth), "unreadable");
  return truth;
}

/** An array's elements, each read by `read(env, element)`. */
template <typename Read>
auto toVector(napi_env env, napi_value array, Read read) {
  uint32_t length = 0;
  check(napi_get_array_length(env, array, &length), "not an array");
  std::vector<decltype(read(env, array))> elements;
  elements.reserve(length);
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    check(napi_get_element(env, array, i, &element), "not an array");
    elements.push_back(read(env, element));
  }
  return elements;
}

inline napi_value property(napi_env env, napi_value object, const char *name) {
  napi_value value;
  check(napi_get_named_property(env, object, name, &value), name);
  return value;
}

/** The bytes behind a typed array; they live as long as it does. */
struct Bytes {
  const void *data = nullptr;
  size_t length = 0;
};

inline Bytes toBytes(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t count = 0;
  void *data = nullptr;
  check(napi_get_typedarray_info(env, value, &type, &count, &data, nullptr, nullptr), "not a typed array");
  const bool wide = type == napi_float32_array || type == napi_int32_array;
  if (!wide && type != napi_uint8_array) throw Failure("a typed array must hold float32, int32 or uint8");
  return {data, count * (wide ? 4 : 1)};
}

inline napi_value fromInteger(napi_env env, int64_t number) {
  napi_value value;
  check(napi_create_int64(env, number, &value), "number");
  return value;
}

inline napi_value fromIntegers(napi_env env, const std::vector<int64_t> &numbers) {
  napi_value array;
  check(napi_create_array_with_length(env, numbers.size(), &array), "array");
  for (size_t i = 0; i < numbers.size(); i++) {
    check(napi_set_element(env, array, i, fromInteger(env, numbers[i])), "array");
  }
  return array;
}

}  // namespace auscult

#endif
