// Modes: a site that an object reaches in one of its modes alone, `if (mode_ == Mode::blocking) result.get();`, where a
// caller makes the object and nothing that it runs sets that mode. Or one that a function reaches for some values of a
// parameter alone, `if (how == How::blocking)`, where a caller gives a constant; or through what the object keeps to call.
//
// Only objects that a caller has to itself count: its locals and temporaries, made by a constructor that is seen. What
// is kept in members, or was given, may have been set by anybody.
#include "readiness/conditions.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static EntityId last_field(const AccessPath &path) {
  AccessPath p = path.without_derefs();
  return p.steps.empty() || p.steps.back().kind != StepKind::field ? none : p.steps.back().field;
}

// Whether an operation names the object, or a part of it.
static bool names(const Operand &o, const AccessPath &object) {
  return o.kind == OperandKind::path && o.path.root == object.root && o.path.id == object.id;
}

// Whether a callee may write what it is given: by reference, or by its address.
static bool may_write(const Program &program, const Operation &op, std::size_t a) {
  const auto *parameters = op.callee == none ? nullptr : &program.entities[op.callee].parameters;
  if (!parameters || a >= parameters->size() || (*parameters)[a].type == none || op.args[a].address || op.args[a].by_reference)
    return true;
  return program.types[(*parameters)[a].type].kind == TypeKind::lvalue_reference && !(*parameters)[a].pointee_const;
}

// Who writes a field, its constructors aside.
void Callers::collect_writes() const {
  if (!field_writes_.empty())
    return;
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const Function &function = program_.functions[f];
    auto writes = [&](const AccessPath &path) {
      if (EntityId written = last_field(path); written != none && !(function.constructor && path.root == RootKind::self))
        field_writes_[written].insert(f);
    };
    for (const Operation &op : function.ops) {
      if (op.kind == OpKind::access && op.access & ~static_cast<unsigned>(AccessKind::read))
        writes(op.path);
      if (op.use.kind == UseKind::stored)
        writes(op.use.target);
      if (op.kind != OpKind::call && op.kind != OpKind::construct)
        continue;
      if (op.callee != none && !program_.entities[op.callee].const_method)
        writes(op.receiver.path); // mode_.store(…)
      for (std::size_t a = 0; a < op.args.size(); ++a)
        if (may_write(program_, op, a))
          writes(op.args[a].path);
    }
  }
}

// Whether a function, a constructor aside, may write the field, itself or by what it calls.
bool Callers::sets(FunctionId asked, EntityId field) const {
  collect_writes();
  auto [it, added] = setters_.try_emplace(field);
  std::set<FunctionId> &out = it->second;
  if (added)
    if (auto direct = field_writes_.find(field); direct != field_writes_.end()) {
      std::vector<FunctionId> work(direct->second.begin(), direct->second.end());
      while (!work.empty()) {
        FunctionId f = work.back();
        work.pop_back();
        if (out.insert(f).second)
          for (auto [caller, edge] : calls_.callers(f))
            work.push_back(caller);
      }
    }
  return out.count(asked) != 0;
}

void Callers::require_mode(FunctionId f, const Guards::Edge &edge, Conditions &out) const {
  const Function &function = program_.functions[f];
  const Branch &branch = function.blocks[edge.from].branch;
  if (function.coroutine || branch.condition.kind != OperandKind::path) // what a coroutine awaits may change it
    return;
  AccessPath path = branch.condition.path.without_derefs();
  EntityId field = last_field(path);
  if (path.root != RootKind::self || path.steps.size() != 1 || field == none || sets(f, field))
    return;
  bool holds = (edge.succ == 0) != branch.negated;
  Decisive d;
  d.kind = Decisive::mode;
  d.field = field;
  d.value = branch.compares ? branch.value : 0;
  d.equal = branch.compares ? holds : !holds;
  out.push_back(std::move(d));
}

// Whether a parameter may be another than what was given.
bool Callers::rewritten(FunctionId f, LocalId parameter) const {
  auto [it, added] = rewritten_.try_emplace({f, parameter}, false);
  if (added)
    it->second = may_be_rewritten(f, parameter);
  return it->second;
}

bool Callers::may_be_rewritten(FunctionId f, LocalId parameter) const {
  const Function &function = program_.functions[f];
  const AccessPath path{RootKind::local, parameter, {}, false};
  TypeId type = function.locals[parameter].type;
  if (type != none && program_.types[type].kind == TypeKind::lvalue_reference) {
    const auto &declared = program_.entity_of(f).parameters;
    if (parameter >= declared.size() || !declared[parameter].pointee_const)
      return true;
  }
  return std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
    if (op.kind == OpKind::access && op.path == path && op.access & ~static_cast<unsigned>(AccessKind::read))
      return true;
    if (op.kind == OpKind::closure)
      if (FunctionId body = program_.body_for(f, op.callee); body != none)
        return std::any_of(program_.functions[body].captures.begin(), program_.functions[body].captures.end(),
                           [&](const Capture &c) { return c.source.by_reference && names(c.source, path); });
    for (std::size_t a = 0; a < op.args.size(); ++a)
      if ((op.args[a].address || op.args[a].by_reference) && names(op.args[a], path) && may_write(program_, op, a))
        return true;
    return false;
  });
}

// `switch (how) { case How::blocking: … }`, `if (wait) …`.
void Callers::require_value(FunctionId f, const Guards::Edge &edge, Conditions &out) const {
  const Function &function = program_.functions[f];
  Readiness::learned(function.blocks[edge.from], edge.succ, [&](const Operand &condition, Readiness::Answer answer) {
    const AccessPath path = condition.path.without_derefs();
    if (condition.kind != OperandKind::path || !path.is_local(path.id) || path.id >= function.parameter_count)
      return false;
    TypeId type = program_.strip_references(function.locals[path.id].type);
    if (type == none || program_.types[type].kind == TypeKind::pointer || rewritten(f, path.id))
      return false;
    Decisive d;
    d.kind = Decisive::number;
    d.parameter = path.id;
    d.value = answer.value;
    d.equal = answer.equal;
    out.push_back(std::move(d));
    return true;
  });
}

// Whether a call gives another value than the one that is asked for.
bool Callers::excludes(FunctionId caller, const Operation &call, const Decisive &d) const {
  auto given = d.parameter < call.args.size() ? library_.constant(caller, call.args[d.parameter]) : std::nullopt;
  return given && (*given == d.value) != d.equal;
}

std::optional<Decisive> Callers::kept(FunctionId f, OpId i, FunctionId body) const {
  const Operand &called = program_.functions[f].ops[i].receiver;
  const AccessPath path = called.path.without_derefs();
  const EntityId field = last_field(path);
  if (called.kind != OperandKind::path || path.root != RootKind::self || path.steps.size() != 1 || field == none)
    return std::nullopt;
  // Of what holds more than that, each is one way of many: to tell them apart is to walk all ways to each.
  const auto edges = calls_.edges(f);
  if (static_cast<std::size_t>(llvm::count_if(edges, [&](const Edge &e) { return e.op == i; })) > limit_of(Limit::kept)) {
    program_.limits().hit(Limit::kept, f);
    return std::nullopt;
  }
  collect_writes();
  if (auto others = field_writes_.find(field); others != field_writes_.end())
    return std::nullopt;
  Decisive d;
  d.kind = Decisive::keeps;
  d.field = field;
  d.value = body;
  return d;
}

// What an operation writes to.
static std::optional<AccessPath> target_of(const Program &program, const Operation &op) {
  if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write))
    return op.path.without_derefs();
  if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path &&
      Library::is_assignment(program.qualified(op.callee)))
    return op.receiver.path.without_derefs();
  if (op.use.kind == UseKind::stored)
    return op.use.target.without_derefs();
  return std::nullopt;
}

static bool is_within(const AccessPath &path, const AccessPath &whole) {
  return path.root == whole.root && path.id == whole.id && whole.steps.size() <= path.steps.size() &&
         std::equal(whole.steps.begin(), whole.steps.end(), path.steps.begin());
}

// `x.run = slow; y.run = quick; y.run();`: the last that this function puts there on every way counts, if nothing behind it
// may put something else there: a write to the whole object, through another pointer, by a call that is given the object, or
// by a lambda that holds it.
std::optional<bool> Callers::put_here(FunctionId f, OpId i, FunctionId body) const {
  const Function &function = program_.functions[f];
  const Operand &called = function.ops[i].receiver;
  if (called.kind != OperandKind::path || called.path.root != RootKind::local)
    return std::nullopt;
  const AccessPath path = called.path.without_derefs();
  const EntityId field = last_field(path);
  if (field == none || llvm::any_of(path.steps, [](const PathStep &s) { return s.kind != StepKind::field; }))
    return std::nullopt;
  OpId last = none;
  std::vector<OpId> others; // may change it
  for (OpId w = 0; w < function.ops.size(); ++w) {
    const Operation &op = function.ops[w];
    const std::optional<AccessPath> target = w == i ? std::nullopt : target_of(program_, op);
    if (target == path) {
      if (!guards_(f).before(w, i))
        return std::nullopt;
      last = last == none || guards_(f).before(last, w) ? w : last;
      continue;
    }
    if (target &&
        (is_within(path, *target) || (last_field(*target) == field && (target->root != path.root || target->id != path.id))))
      others.push_back(w);
    auto may_change = [&](const Operand &o) { return o.kind == OperandKind::path && is_within(path, o.path.without_derefs()); };
    if (op.kind == OpKind::closure) // whenever it is called
      for (FunctionId lambda : program_.bodies(op.callee))
        if (llvm::any_of(program_.functions[lambda].captures, [&](const Capture &c) { return may_change(c.source); }))
          return std::nullopt;
    const bool looks = op.kind == OpKind::call && op.callee != none && op.args.empty() && program_.entities[op.callee].system &&
                       program_.entities[op.callee].const_method; // pointer->, pointer.get()
    if (w != i && !looks && (op.kind == OpKind::call || op.kind == OpKind::construct) &&
        (may_change(op.receiver) || llvm::any_of(op.args, may_change)))
      others.push_back(w);
  }
  if (last == none || !llvm::all_of(others, [&](OpId other) { return guards_(f).before(other, last); }))
    return std::nullopt;
  const Operation &put = function.ops[last];
  if (put.args.size() != 1 || (put.args[0].kind != OperandKind::closure && put.args[0].kind != OperandKind::function))
    return std::nullopt;
  auto bodies = program_.bodies(put.args[0].entity);
  return bodies.empty() ? std::nullopt : std::optional(llvm::is_contained(bodies, body));
}

// Whether the constructor of the object on which a call is made puts another body into the field.
bool Callers::holds_other(FunctionId caller, OpId at, const Decisive &d) const {
  const Operation &call = program_.functions[caller].ops[at];
  FunctionId in = caller;
  OpId made = none;
  if (auto here = maker(caller, at, d.field)) {
    made = *here;
  } else if (const AccessPath &path = call.receiver.path;
             call.receiver.kind == OperandKind::path && path.root == RootKind::global && path.steps.empty()) {
    if (globals_.empty())
      for (FunctionId f = 0; f < program_.functions.size(); ++f)
        for (OpId i = 0; i < program_.functions[f].ops.size(); ++i)
          if (const Operation &op = program_.functions[f].ops[i];
              op.kind == OpKind::construct && op.path.root == RootKind::global && op.path.steps.empty())
            globals_[op.path.id].push_back({f, i});
    if (auto it = globals_.find(path.id); it != globals_.end() && it->second.size() == 1)
      std::tie(in, made) = it->second.front();
  }
  const Operation *construct = made == none ? nullptr : &program_.functions[in].ops[made];
  FunctionId maker = !construct || construct->kind != OpKind::construct || construct->callee == none
                         ? none
                         : program_.body_for(in, construct->callee);
  if (maker == none)
    return false;
  const Flow &flow = calls_.flow();
  const auto body = static_cast<FunctionId>(d.value);
  auto other = [&](FunctionId f, const Operand &given, auto &&again) -> bool {
    const Sources sources = flow.sources(f, given);
    return !sources.empty() && std::all_of(sources.begin(), sources.end(), [&](const Source &s) {
      if (s.kind == Source::body)
        return s.a != body;
      if (s.kind == Source::parameter && s.a == maker && f == maker && s.b < construct->args.size())
        return again(in, construct->args[s.b], again);
      return s.kind == Source::cell && !flow.held(s).test(body);
    });
  };
  bool any = false;
  for (OpId i = 0; i < program_.functions[maker].ops.size(); ++i) {
    const Operation &op = program_.functions[maker].ops[i];
    Operand result;
    result.kind = OperandKind::result;
    result.op = i;
    const AccessPath &to = op.kind == OpKind::construct ? op.path : op.kind == OpKind::access ? op.path : op.use.target;
    bool writes = op.kind == OpKind::access ? (op.access & static_cast<unsigned>(AccessKind::write)) != 0
                                            : op.kind == OpKind::construct || op.use.kind == UseKind::stored;
    if (!writes || to.root != RootKind::self || last_field(to) != d.field)
      continue;
    if (!other(maker, op.kind == OpKind::access && !op.args.empty() ? op.args[0] : result, other))
      return false;
    any = true;
  }
  return any;
}

bool Callers::never(FunctionId coroutine, const Conditions &conditions) const {
  if (!has(conditions, Decisive::number) && !has(conditions, Decisive::keeps))
    return false;
  if (created_.empty())
    for (const Creation &c : calls_.creations())
      created_[c.coroutine].push_back(c);
  auto made = created_.find(coroutine);
  return made != created_.end() && std::all_of(made->second.begin(), made->second.end(), [&](const Creation &c) {
           const Operation &call = program_.functions[c.in].ops[c.op];
           bool direct = call.kind == OpKind::call && call.callee != none && !call.virtual_call &&
                         program_.body_for(c.in, call.callee) == coroutine;
           return direct && std::any_of(conditions.begin(), conditions.end(), [&](const Decisive &d) {
                    return (d.kind == Decisive::number && excludes(c.in, call, d)) ||
                           (d.kind == Decisive::keeps && holds_other(c.in, c.op, d));
                  });
         });
}

// What a field is once operation `made` of `f` has made its object; absent if that is not seen.
std::optional<std::int64_t> Callers::initial_value(FunctionId f, OpId made, EntityId field, unsigned depth) const {
  const Operation &op = program_.functions[f].ops[made];
  FunctionId body = op.callee == none || op.virtual_call || depth > 3 ? none : program_.body_for(f, op.callee);
  if (body == none)
    return std::nullopt;
  const Function &maker = program_.functions[body];
  std::optional<std::int64_t> value;
  for (OpId i = 0; i < maker.ops.size(); ++i) {
    const Operation &o = maker.ops[i];
    std::optional<std::int64_t> one;
    if (op.kind == OpKind::construct) { // its constructor writes it
      if (o.kind != OpKind::access || !(o.access & static_cast<unsigned>(AccessKind::write)) || last_field(o.path) != field)
        continue;
      if (!o.args.empty() && o.args[0].kind == OperandKind::constant)
        one = o.args[0].value;
    } else { // a function gives it back as it was made
      if (o.use.kind != UseKind::returned)
        continue;
      one = initial_value(body, i, field, depth + 1);
    }
    if (!one || (value && *value != *one))
      return std::nullopt;
    value = one;
  }
  return value;
}

bool Callers::on_own_object(const Operation &call) const {
  return call.receiver.kind == OperandKind::path &&
         call.receiver.path.without_derefs() == AccessPath{RootKind::self, none, {}, false};
}

// The operation that makes the object on which `at` is called, if the caller has that object to itself and nothing in it
// is changed between, as far as all is seen.
std::optional<OpId> Callers::maker(FunctionId caller, OpId at, EntityId field) const {
  const Function &function = program_.functions[caller];
  const Operation &call = function.ops[at];
  AccessPath object = call.receiver.path;
  if (call.receiver.kind == OperandKind::result) {
    OpId made = call.receiver.op;
    if (function.ops[made].kind != OpKind::construct && !function.ops[made].prvalue_result)
      return std::nullopt;
    return made;
  }
  if (call.receiver.kind != OperandKind::path || !object.is_local(object.id) || object.id < function.parameter_count ||
      sets(caller, field))
    return std::nullopt;
  TypeId type = function.locals[object.id].type;
  if (type == none || program_.types[type].kind != TypeKind::record)
    return std::nullopt;
  OpId made = none;
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    bool makes =
        (op.kind == OpKind::construct && op.path == object) || (op.use.kind == UseKind::stored && op.use.target == object);
    if (makes && made != none)
      return std::nullopt;
    if (makes) {
      made = i;
      continue;
    }
    if (op.kind == OpKind::access && op.path.is_local(object.id) && op.access & ~static_cast<unsigned>(AccessKind::read))
      return std::nullopt;
    // Whoever is not seen may set it.
    bool seen = op.callee != none && program_.body_for(caller, op.callee) != none;
    if (op.kind == OpKind::closure) {
      FunctionId body = program_.body_for(caller, op.callee);
      if (body != none)
        for (const Capture &c : program_.functions[body].captures)
          if (names(c.source, object))
            return std::nullopt;
    } else if (op.kind != OpKind::destroy && op.kind != OpKind::access && op.kind != OpKind::await && !seen &&
               (names(op.receiver, object) ||
                std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { return names(a, object); }))) {
      return std::nullopt;
    }
  }
  return made == none ? std::nullopt : std::optional(made);
}

Callers::Mode Callers::mode_at(FunctionId caller, OpId at, const Decisive &d) const {
  if (sets(caller, d.field))
    return Mode::any;
  const Operation &call = program_.functions[caller].ops[at];
  if (on_own_object(call))
    return Mode::of_caller;
  auto made = maker(caller, at, d.field);
  if (!made)
    return Mode::any;
  if (auto value = initial_value(caller, *made, d.field, 0))
    return (*value == d.value) == d.equal ? Mode::any : Mode::other;
  // Made without a word: its members' initialisers are not seen, and say one thing for all objects.
  const Operation &op = program_.functions[caller].ops[*made];
  bool by_default =
      op.kind == OpKind::construct && op.args.empty() && (op.callee == none || program_.body_for(caller, op.callee) == none);
  return by_default ? Mode::untold : Mode::any;
}

} // namespace tenterhook::analysis
