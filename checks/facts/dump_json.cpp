// dump_json: every field of a TUSummary under its name in schema.h, with names for ids.
//
// What is zero, false, empty or "none" is left out; `kind`s are always there. Operations and blocks keep their numbers,
// 64-bit hashes are hexadecimal strings (JSON readers round large numbers). llvm::json prints keys sorted, so the
// output is stable.
#include "facts/codec.h"
#include "facts/labels.h"
#include "facts/schema.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::facts {

namespace {

// Whether all fields say nothing.
struct ZeroTest {
  bool zero = true;
  template <class T> void number(const char *, const T &x) { zero &= x == T{}; }
  template <class E> void choice(const char *, const E &x) { zero &= x == E{}; }
  template <Table T> void id(const char *, const std::uint32_t &x) { zero &= x == (T == Table::strings ? 0 : none); }
  template <Table T> void ids(const char *, const std::vector<std::uint32_t> &x) { zero &= x.empty(); }
  void root_id(const char *, const RootKind &, const std::uint32_t &x) { zero &= x == none; }
  void text(const char *, const std::string &x) { zero &= x.empty(); }
  template <class T> void part(const char *, const T &x) { visit(*this, x); }
  template <class T> void parts(const char *, const std::vector<T> &x) { zero &= x.empty(); }
};

class JsonWriter {
public:
  JsonWriter(const Labels &labels, const Function *function) : labels_(labels), function_(function) {}

  template <class T> static llvm::json::Object write(const Labels &labels, const Function *function, const T &x) {
    JsonWriter writer(labels, function);
    visit(writer, x);
    return std::move(writer.object_);
  }

  template <class T> void number(const char *name, const T &x) {
    if (x == T{})
      return;
    if constexpr (std::same_as<T, std::uint64_t>)
      object_[name] = "0x" + llvm::utohexstr(x, /*LowerCase=*/true, 16);
    else if constexpr (std::same_as<T, bool>)
      object_[name] = x;
    else
      object_[name] = static_cast<std::int64_t>(x);
  }
  template <class E> void choice(const char *name, const E &x) { object_[name] = llvm::StringRef(name_of(x)); }
  template <Table T> void id(const char *name, const std::uint32_t &x) {
    if (x != (T == Table::strings ? 0 : none))
      object_[name] = named<T>(x);
  }
  template <Table T> void ids(const char *name, const std::vector<std::uint32_t> &x) {
    if (x.empty())
      return;
    llvm::json::Array all;
    for (const std::uint32_t i : x)
      all.push_back(i == none ? llvm::json::Value(nullptr) : named<T>(i));
    object_[name] = std::move(all);
  }
  void root_id(const char *name, const RootKind &root, const std::uint32_t &x) {
    if (x == none)
      return;
    if (root == RootKind::local)
      object_[name] = text_value(FunctionLabels(labels_, function_).local(x));
    else if (root == RootKind::global)
      object_[name] = text_value(labels_.unique_entity(x));
    else
      object_[name] = x;
  }
  void text(const char *name, const std::string &x) {
    if (!x.empty())
      object_[name] = text_value(x);
  }
  template <class T> void part(const char *name, const T &x) {
    ZeroTest test;
    visit(test, x);
    if (!test.zero)
      object_[name] = write(labels_, function_, x);
  }
  template <class T> void parts(const char *name, const std::vector<T> &x) {
    if (x.empty())
      return;
    llvm::json::Array all;
    for (const T &element : x)
      all.push_back(write(labels_, scope_of(element), element));
    object_[name] = std::move(all);
  }

private:
  // Source text need not be UTF-8, JSON must.
  static llvm::json::Value text_value(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

  template <Table T> llvm::json::Value named(std::uint32_t id) const {
    if constexpr (T == Table::strings)
      return text_value(labels_.string(id));
    else if constexpr (T == Table::entities)
      return text_value(labels_.unique_entity(id));
    else if constexpr (T == Table::types)
      return text_value(labels_.unique_type(id));
    else
      return id;
  }

  // Whose locals the element speaks of: a capture's source is written in the enclosing function.
  template <class T> const Function *scope_of(const T &element) const {
    if constexpr (std::same_as<T, Function>)
      return &element;
    else if constexpr (std::same_as<T, Capture>)
      return labels_.body_of(function_->enclosing);
    else
      return function_;
  }

  const Labels &labels_;
  const Function *function_;
  llvm::json::Object object_;
};

} // namespace

llvm::json::Value dump_json(const TUSummary &summary) {
  const Labels labels(summary);
  llvm::json::Object out = JsonWriter::write(labels, nullptr, summary);
  out["format"] = format_version;
  return out;
}

} // namespace tenterhook::facts
