// Blocking sites: which operations wait, and on what.
#include "analysis/blocking.h"
#include "llvm/Support/GlobPattern.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Blocking::Blocking(const Program &program, const Library &library, const CallGraph &calls, const Contexts &contexts,
                   const Descriptors &descriptors, BlockingOptions options)
    : program_(program), library_(library), calls_(calls), contexts_(contexts), descriptors_(descriptors),
      options_(std::move(options)), guards_(program), ready_(program, library, calls, guards_),
      callers_(program, library, calls, guards_, ready_) {
  find_stopped();
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].user_code && !is_stopped(f))
      for (OpId op = 0; op < program.functions[f].ops.size(); ++op)
        if (program.reachable(f, op))
          add_site(f, op);
  for (const BlockSite &site : sites_)
    told_.insert({site.in, site.op});
}

void Blocking::find_stopped() {
  std::vector<llvm::GlobPattern> allowed;
  for (const std::string &glob : options_.allowed)
    if (auto pattern = llvm::GlobPattern::create(glob))
      allowed.push_back(std::move(*pattern));
    else
      llvm::consumeError(pattern.takeError()); // the configuration checked it
  stopped_.resize(program_.entities.size(), false);
  for (EntityId e = 0; e < program_.entities.size(); ++e) {
    if (program_.entities[e].kind != EntityKind::function)
      continue;
    const FunctionModel *m = library_.function(e);
    stopped_[e] = (m && m->nonblocking) || library_.annotated(e, "clang::nonblocking") ||
                  library_.annotated(e, "tenterhook::nonblocking") ||
                  std::any_of(allowed.begin(), allowed.end(), [&](const llvm::GlobPattern &p) { return p.match(program_.qualified(e)); });
  }
}

// Whoever asks for O_NONBLOCK opens a pipe or a device: that does not wait.
bool Blocking::opens_without_waiting(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  return m && m->opens_descriptor && std::any_of(m->opens_nonblocking_when.begin(), m->opens_nonblocking_when.end(),
                                                 [&](const Condition &c) { return library_.holds(f, op, c); });
}

const Blocks *Blocking::clause(FunctionId f, const Operation &op, const std::vector<Blocks> &clauses, Certainty &certainty) const {
  auto holds = [&](const Condition &c) {
    if (c.kind == ConditionKind::fd_nonblocking) {
      auto fd = c.arg == receiver_arg ? llvm::SmallVector<Operand, 2>{op.receiver} : library_.subjects(op, {Subject::argument, c.arg});
      return !fd.empty() && descriptors_.mode(f, fd[0]) == DescriptorMode::nonblocking;
    }
    return library_.holds(f, op, c);
  };
  for (const Blocks &b : clauses) {
    if (!std::all_of(b.when.begin(), b.when.end(), holds) || std::any_of(b.unless.begin(), b.unless.end(), holds))
      continue;
    if (b.fd) {
      auto fd = b.fd_arg == receiver_arg ? llvm::SmallVector<Operand, 2>{op.receiver} : library_.subjects(op, {Subject::argument, b.fd_arg});
      DescriptorMode mode = fd.empty() ? DescriptorMode::unknown : descriptors_.mode(f, fd[0]);
      if (mode == DescriptorMode::nonblocking)
        return nullptr;
      if (mode == DescriptorMode::presumed_blocking)
        certainty = Certainty::likely;
      // Nobody seen opened it. In a program that uses non-blocking descriptors, that is most likely one of them.
      if (mode == DescriptorMode::unknown)
        certainty = options_.closed_world && !descriptors_.any_nonblocking() ? Certainty::likely : Certainty::possible;
    }
    if (b.possible)
      certainty = Certainty::possible;
    return &b;
  }
  return nullptr;
}

void Blocking::add_site(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  if (op.kind == OpKind::destroy)
    return add_destructor(f, i, op.type, 0);
  if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none || stopped_[op.callee])
    return;
  // co_await timer.sleep(): what gives an awaitable does not wait itself.
  TypeId result = op.kind == OpKind::call ? program_.strip_references(op.type) : none;
  if (op.use.kind == UseKind::awaited || (result != none && program_.types[result].awaitable && op.prvalue_result))
    return;
  BlockSite site{f, i, BlockClass::wait, program_.qualified(op.callee), "", "", Certainty::certain, {}, {}};
  const FunctionModel *m = library_.function(op);
  if (m && m->nonblocking)
    return;
  auto add = [&] {
    // What does not wait is not entered either.
    if (ready_.known(f, i) || ready_.without_executor(f, i) || (site.cls == BlockClass::disk && opens_without_waiting(f, op))) {
      told_.insert({f, i});
      return;
    }
    if (site.cls == BlockClass::wait) {
      if (auto p = callers_.parameter(f, op.receiver))
        site.unless.push_back({*p, {}, Decisive::ready});
      if (ready_.perhaps_kept(f, i))
        site.certainty = Certainty::possible;
    }
    Conditions required = callers_.required(f, i);
    site.unless.insert(site.unless.end(), required.begin(), required.end());
    std::sort(site.unless.begin(), site.unless.end());
    sites_.push_back(site);
  };
  if (m) {
    if (llvm::StringRef(site.callee).contains("::__")) // a library's base class: std::__basic_future::wait
      site.callee = m->name;
    if (const Blocks *b = clause(f, op, m->blocks, site.certainty)) {
      site.cls = b->cls;
      site.what = b->what;
      site.instead = b->instead;
      site.object = object(f, op, *b);
      site.unless = callers_.decisive(f, op, *b);
      if (options_.classes.count(site.cls))
        add();
      return;
    }
  }
  if (op.kind == OpKind::construct && options_.classes.count(BlockClass::lock) && locks(op)) {
    site.cls = BlockClass::lock;
    site.what = "waits for a lock";
    site.callee = program_.str(program_.types[op.type].qualified);
    sites_.push_back(site);
    return;
  }
  if (library_.annotated(op.callee, "clang::blocking") || library_.annotated(op.callee, "tenterhook::blocking")) {
    site.what = "runs a function that is declared blocking";
    add();
  }
}

// std::lock_guard guard(mutex), without a tag that says otherwise.
bool Blocking::locks(const Operation &op) const {
  const GuardType *guard = library_.guard(op.type);
  return guard && guard->on_construction && !op.args.empty() &&
         std::none_of(op.args.begin(), op.args.end(), [&](const Operand &a) {
           return library_.tag(a.type) != GuardTag::none || program_.record_behind(a.type) == program_.record_behind(op.type);
         });
}

// The stream, descriptor or handle that a call works on: its receiver, the object that it makes, the descriptor of its
// model, or the handle that C functions take first (fclose(f)) or last (fread(…, f)).
AccessPath Blocking::object(FunctionId f, const Operation &op, const Blocks &clause) const {
  auto named = [](const AccessPath &path) { return path.valid() && path.root != RootKind::result; };
  if (clause.fd && clause.fd_arg != receiver_arg)
    if (auto fd = library_.subjects(op, {Subject::argument, clause.fd_arg}); !fd.empty() && named(fd[0].path))
      return fd[0].path;
  if (named(op.receiver.path))
    return op.receiver.path;
  if (op.kind == OpKind::construct)
    return named(op.path) ? op.path : AccessPath();
  switch (clause.cls) {
  case BlockClass::socket:
  case BlockClass::pipe:
  case BlockClass::disk:
  case BlockClass::process:
  case BlockClass::database:
  case BlockClass::http:
    break;
  default:
    return {};
  }
  auto is_handle = [&](TypeId t) {
    t = program_.strip_references(t);
    if (t != none && program_.types[t].kind == TypeKind::pointer)
      t = program_.types[t].pointee;
    return t != none && program_.types[t].kind == TypeKind::record;
  };
  const FunctionModel *m = library_.function(op);
  if (op.use.kind == UseKind::stored && (is_handle(op.type) || (m && m->opens_descriptor)))
    return op.use.target;
  for (int index : {0, -1})
    if (auto arg = library_.subjects(op, {Subject::argument, index}); !arg.empty() && named(arg[0].path)) {
      if (is_handle(arg[0].type))
        return arg[0].path;
      for (const Value &v : library_.origins(f, arg[0]))
        if (v.operand.kind == OperandKind::result)
          if (const FunctionModel *opener = library_.function(program_.functions[v.function].ops[v.operand.op]);
              opener && opener->opens_descriptor)
            return arg[0].path;
    }
  return {};
}

void Blocking::add_destructor(FunctionId f, OpId i, TypeId type, unsigned depth) {
  type = program_.strip_references(type);
  const Operation &op = program_.functions[f].ops[i];
  if (type == none || depth > 4 || !op.path.valid() || given_up(f, op.path)) // no path: an argument that was moved in
    return;
  const TypeModel *m = library_.type(type);
  const Blocks *b = m && m->destructor_blocks ? &*m->destructor_blocks : nullptr;
  std::string callee = "~" + program_.str(program_.types[type].qualified);
  OpId at = i;
  if (!b) {
    Operand object;
    object.kind = op.path.root == RootKind::result ? OperandKind::result : OperandKind::path;
    object.op = op.path.id;
    object.path = op.path;
    for (const Value &v : library_.origins(f, object))
      if (v.operand.kind == OperandKind::result && v.operand.op < program_.functions[v.function].ops.size()) {
        const Operation &made = program_.functions[v.function].ops[v.operand.op];
        if (const FunctionModel *maker = library_.function(made); maker && maker->result_destructor_blocks) {
          b = &*maker->result_destructor_blocks;
          callee += " of the result of " + program_.qualified(made.callee);
          if (op.path.root == RootKind::result && v.function == f && v.operand.op == op.path.id)
            at = v.operand.op; // a temporary: what a reader looks for is the call, not the brace that ends it
        }
      }
  }
  if (b && options_.classes.count(b->cls)) {
    sites_.push_back({f, at, b->cls, callee, b->what, b->instead, Certainty::likely, op.path, {}});
    return;
  }
  if (m && m->owns_arguments)
    for (TypeId a : program_.types[type].args)
      add_destructor(f, i, a, depth + 1);
  // Members are destroyed with the object; a user-written destructor's body has its own operations.
  if (program_.types[type].kind != TypeKind::record ||
      (program_.types[type].destructor != none && program_.body_for(f, program_.types[type].destructor) != none))
    return;
  for (TypeId base : program_.types[type].bases)
    add_destructor(f, i, base, depth + 1);
  for (const FieldInfo &field : program_.types[type].fields)
    if (field.type != none && program_.types[field.type].kind == TypeKind::record)
      add_destructor(f, i, field.type, depth + 1);
}

// Whether the object (or its part that waits) was moved from, detached, joined or never given anything to wait for.
bool Blocking::given_up(FunctionId f, const AccessPath &object) const {
  auto part_of_it = [&](const AccessPath &p) {
    return p.root == object.root && p.id == object.id && p.steps.size() >= object.steps.size() &&
           std::equal(object.steps.begin(), object.steps.end(), p.steps.begin());
  };
  if (object.root == RootKind::result && object.steps.empty()) { // a temporary: what takes it waits, or not
    const ResultUse &use = program_.functions[f].ops[object.id].use;
    if (use.kind == UseKind::receiver && use.user != none) { // std::async(…).get()
      const FunctionModel *m = library_.function(program_.functions[f].ops[use.user]);
      return m && m->joins;
    }
    return library_.moved_away(f, object);
  }
  bool empty = false, touched = false;
  for (const Operation &op : program_.functions[f].ops) {
    if (op.kind == OpKind::construct && op.path == object)
      empty = op.args.empty();
    if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && part_of_it(op.receiver.path)) {
      touched = true;
      llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
      const FunctionModel *m = library_.function(op);
      if (method == "detach" || (m && !m->blocks.empty() && m->joins)) // a join blocks there, not here
        return true;
    }
    touched |= op.use.kind == UseKind::stored && op.use.target == object && !(op.kind == OpKind::construct && op.args.empty());
    for (const Operand &a : op.args) {
      if (a.kind != OperandKind::path || !part_of_it(a.path))
        continue;
      touched = true;
      const TypeModel *m = library_.type(a.type);
      if ((a.moved || op.kind == OpKind::ret) && (a.path == object || (m && m->destructor_blocks)))
        return true;
    }
  }
  const TypeModel *m = object.root == RootKind::local ? library_.type(program_.functions[f].locals[object.id].type) : nullptr;
  return empty && !touched && m && m->destructor_blocks;
}

} // namespace tenterhook::analysis
