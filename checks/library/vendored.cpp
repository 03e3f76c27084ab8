// By namespace and folder.
#include "library/vendored.h"
#include "library/library.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <map>
#include <optional>
#include <set>

namespace tenterhook::analysis {

using namespace facts;

namespace {

// The folder that holds both.
void widen(std::optional<std::string> &folder, llvm::StringRef file) {
  llvm::StringRef in = llvm::sys::path::parent_path(file);
  if (!folder) {
    folder = in.str();
    return;
  }
  llvm::StringRef common = *folder;
  while (!common.empty() && in != common && !(in.starts_with(common) && in.substr(common.size()).starts_with("/"))) {
    llvm::StringRef up = llvm::sys::path::parent_path(common);
    if (up == common)
      break;
    common = up;
  }
  folder = common.str();
}

// The namespaces of the models, but for std's and those that are classes.
llvm::StringSet<> namespaces(const Program &program, const models::Models &models) {
  llvm::StringSet<> out, classes;
  for (const Type &t : program.types)
    if (t.kind == TypeKind::record)
      classes.insert(program.str(t.qualified));
  auto add = [&](llvm::StringRef name) {
    llvm::StringRef outer = Library::library_namespace(name);
    if (!outer.empty() && outer != "std" && outer != "*" && !classes.contains(outer))
      out.insert(outer);
  };
  for (const models::FunctionModel *m : models.functions())
    if (m->builtin)
      add(m->name);
  return out;
}

} // namespace

void set_vendored(Program &program, const models::Models &models) {
  struct Part {
    std::optional<std::string> folder;
    std::vector<FunctionId> functions;
    std::set<std::string> modelled; // names that the library's models describe too
  };
  std::map<std::string, Part> parts; // by namespace
  std::optional<std::string> root;
  const llvm::StringSet<> known = namespaces(program, models);
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    if (!function.user_code || !function.extent.valid())
      continue;
    llvm::StringRef file = program.str(function.extent.file), name = program.qualified(function.entity);
    widen(root, file);
    for (std::size_t end = name.find("::"), parts_seen = 0; end != llvm::StringRef::npos && parts_seen < 2;
         ++parts_seen, end = name.find("::", end + 2))
      if (known.contains(name.take_front(end))) {
        Part &part = parts[name.take_front(end).str()];
        widen(part.folder, file);
        part.functions.push_back(f);
        break;
      }
  }
  auto note = [&](llvm::StringRef name) {
    for (auto &[space, part] : parts)
      if (name.starts_with(space) && name.substr(space.size()).starts_with("::"))
        part.modelled.insert(name.str());
  };
  if (!parts.empty()) {
    for (const Type &t : program.types)
      if (t.kind == TypeKind::record && !t.system && models.type(program.str(t.qualified)))
        note(program.str(t.qualified));
    for (const Entity &e : program.entities)
      if (e.kind == EntityKind::function && !e.system)
        if (const models::FunctionModel *m = models.function(program.str(e.qualified));
            m && !llvm::StringRef(m->name).starts_with(models::any_scope))
          note(program.str(e.qualified));
  }
  for (const auto &[name, part] : parts) {
    if (part.modelled.size() < 2) // a namespace that is only called alike
      continue;
    llvm::StringRef last =
        llvm::StringRef(name).rsplit("::").second.empty() ? llvm::StringRef(name) : llvm::StringRef(name).rsplit("::").second;
    if (*part.folder == *root || llvm::sys::path::filename(*root).contains_insensitive(last))
      continue;
    for (FunctionId f : part.functions)
      program.functions[f].user_code = false;
  }
}

} // namespace tenterhook::analysis
