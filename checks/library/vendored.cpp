// By namespace and folder.
#include "library/vendored.h"
#include "library/library.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <map>
#include <optional>
#include <set>

namespace tenterhook::analysis {

using namespace facts;

namespace {

bool is_within(llvm::StringRef file, llvm::StringRef folder) {
  return file == folder || (file.consume_front(folder) && (folder.ends_with("/") || file.starts_with("/")));
}

// The folder that holds both.
void widen(std::optional<std::string> &folder, llvm::StringRef file) {
  llvm::StringRef in = llvm::sys::path::parent_path(file);
  if (!folder) {
    folder = in.str();
    return;
  }
  llvm::StringRef common = *folder;
  while (!common.empty() && !is_within(in, common)) {
    llvm::StringRef up = llvm::sys::path::parent_path(common);
    if (up == common)
      break;
    common = up;
  }
  folder = common.str();
}

// Whether a folder is called after a library, in whatever way: asio, libcoro, asio-1.28, boost_asio.
bool is_called_after(llvm::StringRef folder, llvm::StringRef library) {
  for (llvm::StringRef rest = folder; !rest.empty();) {
    std::size_t at = rest.find_insensitive(library);
    if (at == llvm::StringRef::npos)
      return false;
    llvm::StringRef before = rest.take_front(at), after = rest.drop_front(at + library.size());
    if ((before.empty() || !llvm::isAlpha(before.back()) || before.ends_with_insensitive("lib")) &&
        (after.empty() || !llvm::isAlpha(after.front())))
      return true;
    rest = after;
  }
  return false;
}

// The outermost folder above a library's code that is called after it, else the folder of its code.
std::string home_of(llvm::StringRef folder, llvm::StringRef library) {
  llvm::StringRef home = folder;
  for (llvm::StringRef f = folder; !f.empty() && llvm::sys::path::filename(f) != "/"; f = llvm::sys::path::parent_path(f))
    if (is_called_after(llvm::sys::path::filename(f), library))
      home = f;
  return home.str();
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
    std::set<StringId> users;       // files of code that is not in its namespace, and calls it
    std::set<std::string> modelled; // names that the library's models describe too
  };
  std::map<std::string, Part> parts; // by namespace
  const llvm::StringSet<> known = namespaces(program, models);
  auto space_of = [&](llvm::StringRef name) -> llvm::StringRef { // one of the known
    for (std::size_t end = name.find("::"), seen = 0; end != llvm::StringRef::npos && seen < 2;
         ++seen, end = name.find("::", end + 2))
      if (known.contains(name.take_front(end)))
        return name.take_front(end);
    return {};
  };
  auto is_own = [&](FunctionId f) { return program.functions[f].user_code && program.functions[f].extent.valid(); };
  std::vector<Part *> part_of(program.entities.size(), nullptr); // functions' entities
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (llvm::StringRef space = is_own(f) ? space_of(program.qualified(program.functions[f].entity)) : ""; !space.empty()) {
      Part &part = parts[space.str()];
      widen(part.folder, program.str(program.functions[f].extent.file));
      part.functions.push_back(f);
    }
  if (parts.empty())
    return;
  for (EntityId e = 0; e < program.entities.size(); ++e)
    if (program.entities[e].kind == EntityKind::function)
      if (auto part = parts.find(space_of(program.qualified(e)).str()); part != parts.end())
        part_of[e] = &part->second;
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (is_own(f))
      for (const Operation &op : program.functions[f].ops)
        if (Part *part = op.callee == none ? nullptr : part_of[op.callee]; part && part != part_of[program.functions[f].entity])
          part->users.insert(program.functions[f].extent.file);
  auto note = [&](llvm::StringRef name) {
    for (auto &[space, part] : parts)
      if (name.starts_with(space) && name.substr(space.size()).starts_with("::"))
        part.modelled.insert(name.str());
  };
  for (const Type &t : program.types)
    if (t.kind == TypeKind::record && !t.system && models.type(program.str(t.qualified)))
      note(program.str(t.qualified));
  for (const Entity &e : program.entities)
    if (e.kind == EntityKind::function && !e.system)
      if (const models::FunctionModel *m = models.function(program.str(e.qualified));
          m && !llvm::StringRef(m->name).starts_with(models::any_scope))
        note(program.str(e.qualified));
  for (const auto &[name, part] : parts) {
    if (part.modelled.size() < 2) // a namespace that is only called alike
      continue;
    const std::size_t nested = name.rfind("::");
    const std::string home = home_of(*part.folder, nested == std::string::npos ? name : name.substr(nested + 2));
    // Who uses it: its own tests and examples, or another project.
    const auto outside = llvm::count_if(part.users, [&](StringId file) { return !is_within(program.str(file), home); });
    if (static_cast<std::size_t>(outside) * 2 <= part.users.size())
      continue;
    for (FunctionId f : part.functions)
      program.functions[f].user_code = false;
  }
}

} // namespace tenterhook::analysis
