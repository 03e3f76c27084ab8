// Descriptors: stores, openings and switches are collected once; a mode is then followed back on demand.
#include "readiness/descriptors.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

void Descriptors::Seen::operator|=(const Seen &o) {
  nonblocking |= o.nonblocking;
  blocking |= o.blocking;
  unknown |= o.unknown;
  datagram |= o.datagram;
  other |= o.other;
  room = std::min(room, o.room);
}

Descriptors::Descriptors(const Program &program, const Library &library, const CallGraph &calls)
    : program_(program), library_(library), calls_(calls) {
  for (const Creation &c : calls.creations())
    created_[c.coroutine].push_back({c.in, c.op});
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    for (OpId op = 0; op < program.functions[f].ops.size(); ++op)
      collect(f, op);
  switch_parameters();
  find_switching_methods();
}

std::vector<std::pair<FunctionId, OpId>> Descriptors::calls(FunctionId body) const {
  std::vector<std::pair<FunctionId, OpId>> out;
  for (auto [caller, edge] : calls_.callers(body))
    if (const Edge e = calls_.edges(caller)[edge];
        e.link == Link::direct || e.link == Link::virtual_call || e.link == Link::value || program_.functions[body].constructor)
      out.push_back({caller, e.op});
  if (auto made = created_.find(body); made != created_.end())
    out.insert(out.end(), made->second.begin(), made->second.end());
  return out;
}

bool Descriptors::is_descriptor(TypeId t) const {
  t = program_.strip_references(t);
  const TypeModel *m = library_.type(t);
  return t != none && (program_.types[t].kind == TypeKind::integer || (m && m->blocking_descriptor));
}

// An array or a library's container of ints: pipe() and socketpair() leave two descriptors there.
bool Descriptors::holds_descriptors(FunctionId f, const AccessPath &path) const {
  TypeId type = none;
  if (!path.steps.empty())
    type = path.steps.back().kind == StepKind::field && path.steps.back().field != none
               ? program_.entities[path.steps.back().field].type
               : none;
  else if (path.root == RootKind::local)
    type = program_.functions[f].locals[path.id].type;
  else if (path.root == RootKind::global)
    type = program_.entities[path.id].type;
  type = program_.strip_references(type);
  if (type == none)
    return false;
  const Type &t = program_.types[type];
  if (t.kind == TypeKind::array)
    return t.pointee != none && is_descriptor(t.pointee);
  const TypeModel *m = library_.type(type);
  return m && m->owns_arguments && !t.args.empty() && t.args[0] != none && is_descriptor(t.args[0]);
}

// What a library's class gives of itself (`fds.data()`, `*fds.begin()`) is a part of that object; null: it is no such thing.
const Operand *Descriptors::part_of(const Value &value) const {
  if (value.operand.kind != OperandKind::result)
    return nullptr;
  const Operation &op = program_.functions[value.function].ops[value.operand.op];
  bool number = op.prvalue_result && op.type != none && program_.types[op.type].kind == TypeKind::integer;
  bool named = op.receiver.kind == OperandKind::path || op.receiver.kind == OperandKind::result;
  return op.kind == OpKind::call && op.callee != none && program_.entities[op.callee].system && named && !number ? &op.receiver
                                                                                                                 : nullptr;
}

// Where an operand comes from; of parts, what they are parts of.
std::vector<Value> Descriptors::wholes(FunctionId f, const Operand &operand) const {
  std::vector<Value> out, work{{f, operand}};
  std::set<std::pair<FunctionId, OpId>> seen;
  while (!work.empty()) {
    Value from = work.back();
    work.pop_back();
    for (const Value &v : library_.origins(from.function, from.operand)) {
      if (v.operand.kind == OperandKind::select) { // socket &s = is_v6 ? v6_ : v4_;
        for (const Operand &choice : v.operand.choices)
          work.push_back({v.function, choice});
        continue;
      }
      const Operand *whole = part_of(v);
      if (!whole)
        out.push_back(v);
      else if (seen.insert({v.function, v.operand.op}).second) {
        out.push_back({v.function, *whole}); // a container is itself, whatever it was made from
        work.push_back({v.function, *whole});
      }
    }
  }
  return out;
}

std::vector<std::uint32_t> Descriptors::descriptor_parameters(FunctionId f) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t p = 0; p < program_.functions[f].parameter_count; ++p)
    if (is_descriptor(program_.functions[f].locals[p].type))
      out.push_back(p);
  return out;
}

void Descriptors::collect(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  auto keep = [&](const AccessPath &path, const Operand &value) {
    // (of locals, Library::origins knows all but the elements of arrays)
    if (auto k = key(f, path);
        k && (k->function == any_function || !path.without_derefs().steps.empty() || holds_descriptors(f, path)))
      stores_[*k].push_back({f, value});
  };
  if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() &&
      is_descriptor(op.args[0].type))
    keep(op.path, op.args[0]);
  if (op.kind != OpKind::call && op.kind != OpKind::construct)
    return;
  Operand result;
  result.kind = OperandKind::result;
  result.op = i;
  result.type = op.type;
  if (op.kind == OpKind::call && op.use.kind == UseKind::stored && is_descriptor(op.type))
    keep(op.use.target, result);
  if (const FunctionModel *m = library_.function(op)) {
    if (m->sets_nonblocking &&
        std::all_of(m->sets_nonblocking_when.begin(), m->sets_nonblocking_when.end(),
                    [&](const Condition &c) { return library_.holds(f, op, c, /*unknown_is=*/true); }) &&
        std::none_of(m->sets_nonblocking_unless.begin(), m->sets_nonblocking_unless.end(),
                     [&](const Condition &c) { return library_.holds(f, op, c); }))
      for (const Operand &o : library_.subjects(op, *m->sets_nonblocking))
        note_switch(f, i, o);
    if (m->opens_descriptor)
      for (const Operand &arg : op.args) // pipe2(ends, flags)
        for (const Value &v : wholes(f, arg))
          if (v.operand.kind == OperandKind::path && holds_descriptors(v.function, v.operand.path))
            if (auto k = key(v.function, v.operand.path))
              stores_[*k].push_back({f, result});
  }
  if (op.kind == OpKind::construct && op.callee == none && op.type != none) // Connection{fd, address}
    for (std::size_t a = 0; a < op.args.size() && a < program_.types[op.type].fields.size(); ++a)
      if (const FieldInfo &field = program_.types[op.type].fields[a]; field.entity != none && is_descriptor(field.type))
        stores_[{any_function, field.entity}].push_back({f, op.args[a]});
}

// A switch of what an operand names, and of what it is a copy of.
void Descriptors::note_switch(FunctionId f, OpId op, const Operand &operand) {
  auto add = [&](FunctionId in, const Operand &o) {
    std::optional<Key> k = o.kind == OperandKind::path       ? key(in, o.path)
                           : o.kind == OperandKind::constant ? std::optional(Key{a_number, static_cast<std::uint32_t>(o.value)})
                                                             : std::nullopt;
    if (!k)
      return;
    if (k->function == any_function && k->id < program_.entities.size() && program_.entities[k->id].kind == EntityKind::field) {
      bool own = o.path.root == RootKind::self && o.path.without_derefs().steps.size() == 1;
      if (own && !program_.functions[in].constructor)
        methods_[k->id].insert(in);
      else
        switched_otherwise_.insert(k->id);
    }
    auto &places = switches_[*k];
    if (std::find(places.begin(), places.end(), std::pair(f, op)) != places.end())
      return;
    bool first = places.empty();
    places.push_back({f, op});
    if (first && k->function != any_function && k->function != a_number &&
        k->id < program_.functions[k->function].parameter_count)
      switched_parameters_.push_back({k->function, k->id});
  };
  add(f, operand);
  for (const Value &v : wholes(f, operand))
    add(v.function, v.operand);
}

// set_nonblocking(fd): what a parameter becomes, the argument becomes.
void Descriptors::switch_parameters() {
  while (!switched_parameters_.empty()) {
    auto [body, parameter] = switched_parameters_.back();
    switched_parameters_.pop_back();
    for (auto [f, i] : calls(body))
      if (const Operation &op = program_.functions[f].ops[i]; parameter < op.args.size())
        note_switch(f, i, op.args[parameter]);
  }
}

// Who calls a switching method on its own object switches as well.
void Descriptors::find_switching_methods() {
  for (auto &[field, methods] : methods_) {
    std::vector<FunctionId> work(methods.begin(), methods.end());
    while (!work.empty()) {
      const auto callers = calls(work.back());
      work.pop_back();
      for (auto [f, i] : callers) {
        const Operand &on = program_.functions[f].ops[i].receiver;
        if (on.kind != OperandKind::path || on.path.root != RootKind::self || !on.path.without_derefs().steps.empty())
          continue;
        if (program_.functions[f].constructor)
          switched_otherwise_.insert(field);
        else if (methods.insert(f).second)
          work.push_back(f);
      }
    }
  }
}

bool Descriptors::switched_by_methods(EntityId field) const {
  return methods_.count(field) != 0 && switched_otherwise_.count(field) == 0;
}

bool Descriptors::switches(FunctionId f, EntityId field) const {
  auto it = methods_.find(field);
  return it != methods_.end() && it->second.count(f) != 0;
}

std::optional<Descriptors::Key> Descriptors::key(FunctionId f, const AccessPath &path) const {
  for (auto it = path.steps.rbegin(); it != path.steps.rend(); ++it)
    if (it->kind == StepKind::field)
      return Key{any_function, it->field};
  if (path.root == RootKind::global)
    return Key{any_function, path.id};
  if (path.root == RootKind::local)
    return Key{f, path.id};
  return std::nullopt;
}

Descriptors::Seen Descriptors::opened(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  Seen out;
  auto any = [&](const std::vector<Condition> &conditions, bool unknown_is) {
    return std::any_of(conditions.begin(), conditions.end(),
                       [&](const Condition &c) { return library_.holds(f, op, c, unknown_is); });
  };
  if (any(m->opens_nonblocking_when, false))
    out.nonblocking = true;
  else
    (any(m->opens_nonblocking_when, true) ? out.unknown : out.blocking) = true;
  (any(m->opens_datagram_when, false) ? out.datagram : out.other) = true;
  out.room = m->opens_with_room;
  return out;
}

// Whether what the key names may have been switched before operation `at` of `f`.
bool Descriptors::switched(const Key &k, FunctionId f, OpId at) const {
  auto it = switches_.find(k);
  if (it == switches_.end())
    return false;
  if (k.function != f || at == none) // of a field: in whichever order its methods run
    return true;
  const Function &function = program_.functions[f];
  std::set<BlockId> seen;
  std::vector<BlockId> work; // blocks that run after a switch
  for (auto [in, op] : it->second) {
    if (in != f)
      return true;
    for (BlockId b = 0; b < function.blocks.size(); ++b)
      if (function.blocks[b].first <= op && op < function.blocks[b].first + function.blocks[b].count) {
        if (op <= at && at < function.blocks[b].first + function.blocks[b].count)
          return true;
        work.push_back(b);
      }
  }
  while (!work.empty()) {
    BlockId b = work.back();
    work.pop_back();
    for (BlockId next : function.blocks[b].succs)
      if (next != none && seen.insert(next).second) {
        if (function.blocks[next].first <= at && at < function.blocks[next].first + function.blocks[next].count)
          return true;
        work.push_back(next);
      }
  }
  return false;
}

Descriptors::Seen Descriptors::look_at_value(const Value &v, OpId at, std::set<Key> &seen) const {
  Seen out;
  const Operand &o = v.operand;
  if (o.kind == OperandKind::constant) {
    if (o.value < 0)
      return out;                                                                             // none
    bool is_switched = switches_.count({a_number, static_cast<std::uint32_t>(o.value)}) != 0; // 0: standard input
    (is_switched ? out.nonblocking : out.blocking) = out.other = true;
    out.room = 0;
    return out;
  }
  if (o.kind == OperandKind::select) {
    for (const Operand &choice : o.choices)
      out |= look(v.function, at, choice, seen);
    return out;
  }
  if (o.kind == OperandKind::result) {
    const Operation &op = program_.functions[v.function].ops[o.op];
    if (const FunctionModel *m = library_.function(op); m && m->opens_descriptor)
      return opened(v.function, op);
    if (const Operand *whole = part_of(v))
      return seen.insert({v.function, a_part + v.operand.op}).second ? look(v.function, at, *whole, seen) : out;
    FunctionId body =
        op.kind != OpKind::call || op.callee == none || op.virtual_call ? none : program_.body_for(v.function, op.callee);
    if (body != none && !program_.functions[body].coroutine) { // `int make() { return socket(…); }`
      if (!seen.insert({body, none}).second)
        return out;
      for (OpId r = 0; r < program_.functions[body].ops.size(); ++r)
        if (const Operation &ret = program_.functions[body].ops[r]; ret.kind == OpKind::ret && !ret.args.empty())
          out |= look(body, r, ret.args[0], seen);
    }
  } else if (o.kind == OperandKind::path) {
    if (auto k = key(v.function, o.path)) {
      if (!seen.insert(*k).second)
        return out; // what is being looked at adds nothing
      if (switched(*k, v.function, at)) {
        out.nonblocking = true;
        return out;
      }
      if (auto kept = stores_.find(*k); kept != stores_.end())
        for (const Value &value : kept->second)
          out |= look(value.function, none, value.operand, seen);
      if (k->function < program_.functions.size() && k->id < program_.functions[k->function].parameter_count &&
          is_descriptor(program_.functions[k->function].locals[k->id].type)) // what it is called with
        for (auto [f, i] : calls(k->function))
          if (const Operation &op = program_.functions[f].ops[i]; k->id < op.args.size())
            out |= look(f, none, op.args[k->id], seen);
    }
  }
  if (!out.nonblocking && !out.blocking) {
    out.unknown = out.other = true;
    out.room = 0;
  }
  return out;
}

Descriptors::Seen Descriptors::look(FunctionId f, OpId at, const Operand &operand, std::set<Key> &seen) const {
  Seen out;
  if (operand.kind == OperandKind::path)
    if (auto k = key(f, operand.path); k && switched(*k, f, at)) {
      out.nonblocking = true;
      return out;
    }
  auto origins = library_.origins(f, operand);
  for (const Value &v : origins) {
    // That a local's address was taken says nothing of it, where it is known what it was given.
    bool itself = v.operand.kind == OperandKind::path && v.operand.path.root == RootKind::local &&
                  v.operand.path.without_derefs().steps.empty() &&
                  v.operand.path.id >= program_.functions[v.function].parameter_count;
    if (itself && origins.size() > 1)
      continue;
    out |= look_at_value(v, v.function == f ? at : none, seen);
  }
  return out;
}

DescriptorMode Descriptors::mode(FunctionId f, OpId at, const Operand &descriptor) const {
  std::set<Key> visited;
  Seen seen = look(f, at, descriptor, visited);
  if (seen.nonblocking)
    return seen.blocking || seen.unknown ? DescriptorMode::either : DescriptorMode::nonblocking;
  return seen.blocking ? DescriptorMode::blocking : DescriptorMode::unknown;
}

bool Descriptors::datagram(FunctionId f, const Operand &descriptor) const {
  std::set<Key> visited;
  Seen seen = look(f, none, descriptor, visited);
  return seen.datagram && !seen.other;
}

std::int64_t Descriptors::room(FunctionId f, const Operand &descriptor) const {
  std::set<Key> visited;
  Seen seen = look(f, none, descriptor, visited);
  return seen.unknown || !seen.blocking ? 0 : seen.room;
}

std::optional<Operand> Descriptors::given_to_field(FunctionId f, OpId made, EntityId field) const {
  const Operation &op = program_.functions[f].ops[made];
  if (op.kind == OpKind::construct && op.callee == none && op.type != none) {
    const auto &fields = program_.types[op.type].fields;
    for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a)
      if (fields[a].entity == field)
        return op.args[a];
  }
  FunctionId body = op.kind != OpKind::construct || op.callee == none ? none : program_.body_for(f, op.callee);
  auto kept = body == none ? stores_.end() : stores_.find({any_function, field});
  if (kept == stores_.end())
    return std::nullopt;
  std::optional<Operand> given;
  for (const Value &v : kept->second) {
    if (v.function != body)
      continue;
    auto origins = library_.origins(body, v.operand);
    if (given || origins.size() != 1 || origins[0].function != body || origins[0].operand.kind != OperandKind::path)
      return std::nullopt;
    AccessPath path = origins[0].operand.path.without_derefs();
    if (path.root != RootKind::local || !path.steps.empty() || path.id >= op.args.size())
      return std::nullopt;
    given = op.args[path.id];
  }
  return given;
}

} // namespace tenterhook::analysis
