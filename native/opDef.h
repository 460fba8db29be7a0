/** The one fact that is needed from an operation's definition: which of its inputs are lists. */
#ifndef AUSCULT_OP_DEF_H_
#define AUSCULT_OP_DEF_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace auscult {

/** Reads the wire format of protocol buffers: fields of varints and of bytes, the only kinds that an OpDef's inputs hold. */
class WireReader {
 public:
  WireReader(const void *data, size_t length)
      : at_(static_cast<const uint8_t *>(data)), end_(at_ + length) {}

  /** Moves to the next field; false at the end. */
  bool next() {
    if (at_ >= end_) return false;
    const uint64_t tag = varint();
    field = tag >> 3;
    bytes = nullptr;
    length = 0;
    switch (tag & 7) {
      case 0:
        varint();
        return true;
      case 2:
        length = varint();
        bytes = at_;
        at_ += length;
        return at_ <= end_;
      default:
        return false;
    }
  }

  uint64_t field = 0;
  const uint8_t *bytes = nullptr;
  size_t length = 0;

 private:
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; at_ < end_ && shift < 64; shift += 7) {
      value |= static_cast<uint64_t>(*at_ & 127) << shift;
      if (!(*at_++ & 128)) break;
    }
    return value;
  }

  const uint8_t *at_;
  const uint8_t *end_;
};

/**
 * For each input in a serialised OpDef (op_def.proto: input_arg = 2) the name of the attribute that holds its list's length
 * (number_attr = 5), "*" for a list of mixed types (type_list_attr = 6), "" for a single tensor.
 */
inline std::vector<std::string> inputListLengths(const void *definition, size_t length) {
  std::vector<std::string> inputs;
  for (WireReader operation(definition, length); operation.next();) {
    if (operation.field != 2 || operation.bytes == nullptr) continue;
    inputs.emplace_back();
    for (WireReader argument(operation.bytes, operation.length); argument.next();) {
      if (argument.field == 5) inputs.back().assign(reinterpret_cast<const char *>(argument.bytes), argument.length);
      if (argument.field == 6) inputs.back() = "*";
    }
  }
  return inputs;
}

}  // namespace auscult

#endif
