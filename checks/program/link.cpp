// Linking: intern strings, types and entities of every TU, remap each body once, then sort bodies by place and name.
//
// Where two TUs know different amounts of one type or entity (a forward declaration here, the definition there), the
// fuller one wins; equal ones are the same by construction. TUs are taken in order of their file name, so which of two
// equally full descriptions is kept does not depend on scheduling.
//
// TUs with errors come last, and take nothing from the others: what a whole TU says of a type or an entity stands, and
// their body of a function is left out where a whole TU has one, unless it is of their own main file. What they alone
// know is added.
#include "facts/schema.h"
#include "program/first_values.h"
#include "program/narrow.h"
#include "program/throws.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace tenterhook::analysis {

using namespace facts;

namespace {

bool did_not_parse(const TUSummary &unit) { return !unit.errors.empty(); }

} // namespace

class Linker {
public:
  explicit Linker(Program &program) : out_(program) { intern(""); }

  void add(TUSummary unit) {
    unit_ = &unit;
    partial_ = did_not_parse(unit);
    strings_.clear();
    for (const std::string &s : unit.strings)
      strings_.push_back(intern(s));
    make_room(out_.types, unit.types.size());
    make_room(out_.entities, unit.entities.size());
    make_room(out_.functions, unit.functions.size());
    map_types();
    map_entities();
    fill_types();
    for (Function &f : unit.functions)
      add_function(std::move(f));
    for (const Suppression &s : unit.suppressions) {
      const Suppression copy = mapped(s);
      suppressions_.insert({out_.str(copy.file), copy});
    }
    for (const Capability &c : unit.capabilities)
      capabilities_.insert(mapped(c));
  }

  void finish() {
    sort_functions();
    for (auto &[file, s] : suppressions_)
      out_.suppressions.push_back(s);
    out_.capabilities.assign(capabilities_.begin(), capabilities_.end());
    for (FunctionId f = 0; f < out_.functions.size(); ++f)
      out_.bodies_[out_.functions[f].entity].push_back(f);
    index_overriders();
    Narrow(out_).run();
    FirstValues(out_).run();
    Throws(out_).find();
  }

private:
  template <class T> static void make_room(std::vector<T> &in, std::size_t more) {
    if (in.capacity() - in.size() < more)
      in.reserve(std::max(in.size() + more, 2 * in.capacity()));
  }
  StringId intern(llvm::StringRef s) {
    auto [it, added] = string_ids_.try_emplace(s, out_.strings.size());
    if (added)
      out_.strings.push_back(s.str());
    return it->second;
  }
  StringId string(StringId s) const { return strings_[s]; }
  TypeId type(TypeId t) const { return t == none ? none : types_[t]; }
  EntityId entity(EntityId e) const { return e == none ? none : entities_[e]; }

  // Ids of the unit to ids of the program, in every field that schema.h lists: a new fact cannot be forgotten here.
  struct Ids {
    const Linker &linker;
    template <class T> void number(const char *, T &) {}
    template <class E> void choice(const char *, E &) {}
    void text(const char *, std::string &) {}
    template <Table T> void id(const char *, std::uint32_t &x) {
      if constexpr (T == Table::strings)
        x = linker.string(x);
      else if constexpr (T == Table::entities)
        x = linker.entity(x);
      else if constexpr (T == Table::types)
        x = linker.type(x);
    }
    template <Table T> void ids(const char *name, std::vector<std::uint32_t> &x) {
      for (std::uint32_t &i : x)
        id<T>(name, i);
    }
    void root_id(const char *name, const RootKind &root, std::uint32_t &x) {
      if (root == RootKind::global)
        id<Table::entities>(name, x);
    }
    template <class T> void part(const char *, T &x) { visit(*this, x); }
    template <class T> void parts(const char *, std::vector<T> &x) {
      for (T &element : x)
        visit(*this, element);
    }
  };
  template <class T> T mapped(T x) const {
    Ids ids{*this};
    visit(ids, x);
    return x;
  }

  // A pointer's identity is its pointee's; a record's is its spelling, the place of its definition (two files may
  // hold different classes of one name in anonymous namespaces) and the closures in it.
  std::string type_key(TypeId t, unsigned depth = 0) const {
    const Type &type = unit_->types[t];
    std::string key = std::to_string(static_cast<unsigned>(type.kind)) + "|" + unit_->str(type.spelling);
    if (type.kind == TypeKind::record && type.place.valid() && !type.system)
      key += "|" + unit_->str(type.place.file) + ":" + std::to_string(type.place.line);
    if (type.identity)
      key += "|" + unit_->str(type.identity);
    if (type.pointee != none && depth < 16)
      key += "|" + type_key(type.pointee, depth + 1);
    return key;
  }

  void map_types() {
    types_.clear();
    fresh_.clear();
    for (TypeId t = 0; t < unit_->types.size(); ++t) {
      auto [it, added] = type_ids_.try_emplace(type_key(t), out_.types.size());
      if (added)
        out_.types.emplace_back();
      types_.push_back(it->second);
      fresh_.push_back(added);
    }
  }

  static unsigned fullness(const Type &t) {
    return t.place.valid() * 4 + t.fields.size() + t.bases.size() + t.args.size() + t.awaitable + t.coroutine + t.basic_lockable +
           t.unlocks + (t.call_operator != none) + (t.destructor != none) + (t.await_result != none);
  }

  void fill_types() {
    for (TypeId t = 0; t < unit_->types.size(); ++t) {
      Type &from = unit_->types[t]; // nobody asks for it again
      Type &to = out_.types[types_[t]];
      if (!fresh_[t] && (fullness(from) <= fullness(to) || (partial_ && whole_types_[types_[t]])))
        continue;
      whole_types_.resize(out_.types.size());
      whole_types_[types_[t]] = !partial_;
      to = mapped(std::move(from));
    }
  }

  void map_entities() {
    entities_.clear();
    for (Entity &from : unit_->entities) {
      auto [it, added] = entity_ids_.try_emplace(from.name, out_.entities.size());
      entities_.push_back(it->second);
      if (added)
        out_.entities.emplace_back();
      Entity &to = out_.entities[it->second];
      const bool fuller = added || (from.place.valid() && !to.place.valid());
      if (from.annotations.empty() && to.annotations.empty()) {
        if (fuller)
          to = mapped(std::move(from));
        continue;
      }
      std::set<std::string> merged; // an attribute on any declaration holds for the function
      for (StringId a : to.annotations)
        merged.insert(out_.str(a));
      for (StringId a : from.annotations)
        merged.insert(unit_->str(a));
      if (fuller)
        to = mapped(from);
      to.annotations.clear();
      for (const std::string &a : merged)
        to.annotations.push_back(intern(a));
    }
  }

  void add_function(Function from) {
    if (!seen_bodies_.insert({entity(from.entity), from.body_hash}).second)
      return;
    const bool own = unit_->str(from.extent.file) == unit_->main_file;
    if (!partial_)
      whole_bodies_.insert(entity(from.entity));
    else if (!own && whole_bodies_.contains(entity(from.entity)))
      return;
    out_.functions.push_back(mapped(std::move(from)));
    // A header's body belongs to every target that includes it; which TU gave it must not show.
    out_.targets.push_back(own ? unit_->target : std::string());
    out_.partial_.push_back(partial_);
  }

  void sort_functions() {
    std::vector<std::uint32_t> order(out_.functions.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    // Of several bodies of one place the first is the one that is called: the one that says most.
    auto key = [&](std::uint32_t i) {
      const Function &f = out_.functions[i];
      const EntityName &n = out_.entities[f.entity].name;
      return std::tuple<const std::string &, std::uint32_t, std::uint32_t, const EntityName &, std::size_t, std::uint64_t>(
          out_.str(f.extent.file), f.extent.line, f.extent.column, n, ~f.ops.size(), f.body_hash);
    };
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); });
    std::vector<Function> functions;
    functions.reserve(order.size());
    std::vector<std::string> targets;
    std::vector<bool> partial;
    for (std::uint32_t i : order) {
      functions.push_back(std::move(out_.functions[i]));
      targets.push_back(std::move(out_.targets[i]));
      partial.push_back(out_.partial_[i]);
    }
    out_.functions = std::move(functions);
    out_.targets = std::move(targets);
    out_.partial_ = std::move(partial);
  }

  void index_overriders() {
    std::map<EntityId, std::vector<FunctionId>> direct; // base method → bodies that override it
    for (FunctionId f = 0; f < out_.functions.size(); ++f)
      for (EntityId base : out_.functions[f].overrides)
        direct[base].push_back(f);
    for (auto &[base, first] : direct) {
      std::set<FunctionId> all;
      std::vector<FunctionId> work = first;
      while (!work.empty()) {
        FunctionId f = work.back();
        work.pop_back();
        if (!all.insert(f).second)
          continue;
        if (auto it = direct.find(out_.functions[f].entity); it != direct.end())
          work.insert(work.end(), it->second.begin(), it->second.end());
      }
      out_.overriders_[base].assign(all.begin(), all.end());
    }
  }

  Program &out_;
  TUSummary *unit_ = nullptr;
  bool partial_ = false;            // the unit did not parse
  std::vector<bool> whole_types_;   // by TypeId: described by a TU that parsed
  std::set<EntityId> whole_bodies_; // entities with a body of a TU that parsed
  std::vector<StringId> strings_;
  std::vector<TypeId> types_;
  std::vector<bool> fresh_;
  std::vector<EntityId> entities_;
  llvm::StringMap<StringId> string_ids_;
  llvm::StringMap<TypeId> type_ids_;
  struct NameHash {
    std::size_t operator()(const EntityName &name) const {
      return llvm::hash_combine(llvm::StringRef(name.usr), name.ordinal, llvm::StringRef(name.build_namespace));
    }
  };
  std::unordered_map<EntityName, EntityId, NameHash> entity_ids_;
  std::set<std::pair<EntityId, std::uint64_t>> seen_bodies_;
  std::set<std::pair<std::string, Suppression>> suppressions_;
  std::set<Capability> capabilities_;
};

Program link(std::vector<TUSummary> units, bool whole) {
  std::sort(units.begin(), units.end(), [](const TUSummary &a, const TUSummary &b) {
    const bool a_last = did_not_parse(a), b_last = did_not_parse(b);
    return std::tie(a_last, a.main_file, a.target, a.strings, a.functions) <
           std::tie(b_last, b.main_file, b.target, b.strings, b.functions);
  });
  Program program;
  program.whole = whole;
  Linker linker(program);
  for (TUSummary &u : units)
    linker.add(std::move(u)); // which frees it
  linker.finish();
  program.limits_ = Limits(program.functions.size());
  return program;
}

llvm::ArrayRef<FunctionId> Program::bodies(EntityId e) const {
  auto it = bodies_.find(e);
  return it == bodies_.end() ? llvm::ArrayRef<FunctionId>() : llvm::ArrayRef<FunctionId>(it->second);
}

llvm::ArrayRef<FunctionId> Program::overriders(EntityId method) const {
  auto it = overriders_.find(method);
  return it == overriders_.end() ? llvm::ArrayRef<FunctionId>() : llvm::ArrayRef<FunctionId>(it->second);
}

namespace {

// The same code, wherever it stands.
bool same_code(Function a, Function b) {
  for (Function *f : {&a, &b}) {
    f->extent = {};
    f->body_hash = 0;
    for (Local &l : f->locals)
      l.place = {};
    for (Operation &op : f->ops)
      op.place = {};
    for (Block &block : f->blocks)
      block.branch.place = {};
  }
  return a == b;
}

} // namespace

FunctionId Program::body_for(FunctionId caller, EntityId callee, bool *ambiguous) const {
  llvm::ArrayRef<FunctionId> all = bodies(callee);
  if (all.empty())
    return none;
  if (all.size() == 1)
    return all.front();
  llvm::SmallVector<FunctionId, 4> whole; // what a TU with errors has of a name is asked where no other has it
  if (!partial_[caller])
    std::copy_if(all.begin(), all.end(), std::back_inserter(whole), [&](FunctionId f) { return !partial_[f]; });
  if (!whole.empty())
    all = whole;
  if (all.size() == 1)
    return all.front();
  auto only = [&](auto matches) {
    FunctionId found = none;
    for (FunctionId f : all)
      if (matches(f)) {
        if (found != none)
          return none;
        found = f;
      }
    return found;
  };
  if (FunctionId f = only([&](FunctionId f) { return functions[f].extent.file == functions[caller].extent.file; }); f != none)
    return f;
  if (!targets[caller].empty())
    if (FunctionId f = only([&](FunctionId f) { return targets[f] == targets[caller]; }); f != none)
      return f;
  // The same lines with different hashes: one header compiled with different macros. Any of them is what is written.
  FunctionId first = all.front();
  bool one_place =
      std::all_of(all.begin(), all.end(), [&](FunctionId f) { return functions[f].extent == functions[first].extent; });
  if (one_place)
    return first;
  // A source file that two programs have copies of.
  if (std::all_of(all.begin(), all.end(), [&](FunctionId f) { return same_code(functions[first], functions[f]); }))
    return first;
  if (ambiguous)
    *ambiguous = true;
  return none;
}

TypeId Program::strip_references(TypeId t) const {
  while (t != none && (types[t].kind == TypeKind::lvalue_reference || types[t].kind == TypeKind::rvalue_reference))
    t = types[t].pointee;
  return t;
}

TypeId Program::record_behind(TypeId t) const {
  for (unsigned i = 0; t != none && i < 4; ++i) {
    if (types[t].kind == TypeKind::record)
      return t;
    t = types[t].pointee;
  }
  return none;
}

llvm::SmallVector<TypeId, 4> Program::with_bases(TypeId t) const {
  llvm::SmallVector<TypeId, 4> all;
  if (t == none)
    return all;
  all.push_back(t);
  for (std::size_t i = 0; i < all.size() && i < 64; ++i)
    for (TypeId b : types[all[i]].bases)
      if (b != none && std::find(all.begin(), all.end(), b) == all.end())
        all.push_back(b);
  return all;
}

} // namespace tenterhook::analysis
