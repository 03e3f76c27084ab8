// Look-up, and the models built into the tool (data/*.yaml, embedded by cmake/embed.cmake).
#include "models/models.h"
#include "models/loader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/ErrorHandling.h"
#include <string_view>

namespace tenterhook::models {

extern const std::pair<std::string_view, std::string_view> embedded_models[];
extern const std::size_t embedded_models_count;

namespace {

// `qualified` itself, then with the longest alias that fits applied.
template <typename T>
const T *look_up(const llvm::StringMap<T> &map, llvm::ArrayRef<std::pair<std::string, std::string>> aliases,
                 llvm::StringRef qualified) {
  if (auto it = map.find(qualified); it != map.end())
    return &it->second;
  for (const auto &[from, to] : aliases)
    if (qualified.starts_with(from)) {
      llvm::SmallString<128> renamed(to);
      renamed += qualified.drop_front(from.size());
      auto it = map.find(renamed);
      return it != map.end() ? &it->second : nullptr;
    }
  return nullptr;
}

template <typename T> std::vector<const T *> sorted(const llvm::StringMap<T> &map) {
  std::vector<const T *> all;
  for (const auto &entry : map)
    all.push_back(&entry.second);
  llvm::sort(all, [](const T *a, const T *b) { return a->name < b->name; });
  return all;
}

} // namespace

const Models &Models::builtin() {
  static const Models models = [] {
    Models built;
    for (std::size_t i = 0; i < embedded_models_count; ++i) {
      const auto &[name, text] = embedded_models[i];
      // A test loads every file, so that this cannot happen in a release.
      if (llvm::Error e = Loader(built, llvm::StringRef(name)).load(text))
        llvm::report_fatal_error(std::move(e));
    }
    for (auto &entry : built.functions_)
      entry.second.builtin = true;
    return built;
  }();
  return models;
}

llvm::Expected<Models> Models::with(llvm::StringRef yaml, llvm::StringRef file) const {
  Models copy = *this;
  if (llvm::Error e = Loader(copy, file).load(yaml))
    return e;
  return copy;
}

const FunctionModel *Models::function(llvm::StringRef qualified) const {
  if (const FunctionModel *found = look_up(functions_, aliases_, qualified))
    return found;
  const std::size_t scope = qualified.rfind("::");
  const llvm::StringRef last = scope == llvm::StringRef::npos ? qualified : qualified.drop_front(scope + 2);
  for (llvm::StringRef pattern : patterns_) {
    llvm::StringRef name = pattern.drop_front(any_scope.size());
    if (name.consume_back("*") ? last.starts_with(name) : last == name)
      return &functions_.find(pattern)->second;
  }
  return nullptr;
}

const TypeModel *Models::type(llvm::StringRef qualified) const { return look_up(types_, aliases_, qualified); }

std::vector<const FunctionModel *> Models::functions() const { return sorted(functions_); }
std::vector<const TypeModel *> Models::types() const { return sorted(types_); }

} // namespace tenterhook::models
