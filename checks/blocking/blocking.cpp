// Blocking sites: which operations wait, and on what.
#include "blocking/blocking.h"
#include "program/elsewhere.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/GlobPattern.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Blocking::Blocking(const Program &program, const Library &library, const CallGraph &calls, const Contexts &contexts,
                   const Descriptors &descriptors, const Classes &classes, BlockingOptions options)
    : program_(program), library_(library), calls_(calls), contexts_(contexts), descriptors_(descriptors), classes_(classes),
      options_(std::move(options)), guards_(calls.guards()), ready_(program, library, calls, guards_),
      callers_(program, library, calls, guards_, ready_, descriptors, classes) {
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
    stopped_[e] =
        (m && m->nonblocking) || library_.annotated(e, "clang::nonblocking") ||
        library_.annotated(e, "tenterhook::nonblocking") ||
        std::any_of(allowed.begin(), allowed.end(), [&](const llvm::GlobPattern &p) { return p.match(program_.qualified(e)); });
  }
}

// Whoever asks for O_NONBLOCK opens a pipe or a device: that does not wait.
bool Blocking::opens_without_waiting(FunctionId f, const Operation &op) const {
  const FunctionModel *m = library_.function(op);
  return m && m->opens_descriptor &&
         std::any_of(m->opens_nonblocking_when.begin(), m->opens_nonblocking_when.end(),
                     [&](const Condition &c) { return library_.holds(f, op, c); });
}

// hints.ai_flags = AI_NUMERICHOST, or `addrinfo hints{AI_NUMERICHOST}`: whether all that is written there has the flag.
bool Blocking::flag_in_field(FunctionId f, const Operation &op, const Condition &c) const {
  auto subject = library_.subjects(op, {Subject::argument, c.arg});
  if (subject.empty() || subject[0].kind != OperandKind::path)
    return false;
  AccessPath object = subject[0].path.without_derefs();
  bool set = false, lacking = false;
  auto written = [&](const Operand &value) {
    std::optional<std::int64_t> v = library_.constant(f, value);
    if (!v || *v != 0) // it is zero before it is set
      (v && (*v & c.value) != 0 ? set : lacking) = true;
  };
  for (const Operation &w : program_.functions[f].ops) {
    if (w.kind == OpKind::construct && w.callee == none && w.type != none && w.path.without_derefs() == object) {
      const auto &fields = program_.types[w.type].fields;
      for (std::size_t a = 0; a < w.args.size() && a < fields.size(); ++a)
        if (fields[a].entity != none && Library::last_name(program_.qualified(fields[a].entity)) == c.text)
          written(w.args[a]);
    }
    if (w.kind != OpKind::access || (w.access & static_cast<unsigned>(AccessKind::write)) == 0)
      continue;
    AccessPath path = w.path.without_derefs();
    if (path.steps.empty() || path.steps.back().kind != StepKind::field || path.steps.back().field == none ||
        Library::last_name(program_.qualified(path.steps.back().field)) != c.text)
      continue;
    path.steps.pop_back();
    if (path == object)
      written(w.args.empty() ? Operand() : w.args[0]);
  }
  return set && !lacking;
}

// `timeval none{}; select(…, &none);`: whether all that is written to what the argument points to is 0.
bool Blocking::no_time(FunctionId f, OpId i, int arg) const {
  const Function &function = program_.functions[f];
  auto subject = library_.subjects(function.ops[i], {Subject::argument, arg});
  if (subject.empty() || subject[0].kind != OperandKind::path)
    return false;
  AccessPath object = subject[0].path.without_derefs();
  if (auto origins = library_.origins(f, subject[0]); origins.size() == 1 && origins[0].operand.kind == OperandKind::path)
    object = origins[0].operand.path.without_derefs();
  bool zero = false, other = false;
  auto written = [&](const Operand &value) { (library_.constant(f, value) == 0 ? zero : other) = true; };
  auto is_it = [&](const AccessPath &path) {
    return path.root == object.root && path.id == object.id && path.steps.size() >= object.steps.size() &&
           std::equal(object.steps.begin(), object.steps.end(), path.steps.begin());
  };
  auto handed_over = [&](const Operand &a) { return a.kind == OperandKind::path && is_it(a.path.without_derefs()); };
  for (OpId w = 0; w < function.ops.size(); ++w) {
    const Operation &op = function.ops[w];
    if (op.kind == OpKind::construct && op.path.without_derefs() == object)
      for (const Operand &a : op.args)
        written(a);
    else if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && is_it(op.path.without_derefs()))
      written(op.args.empty() ? Operand() : op.args[0]);
    else if (op.kind == OpKind::call && w != i && op.callee != function.ops[i].callee)
      other |= std::any_of(op.args.begin(), op.args.end(), handed_over);
  }
  return zero && !other;
}

// now() - 1s
bool Blocking::before_past(FunctionId f, const Operation &op) const {
  if (op.kind != OpKind::call || op.callee == none || op.args.size() != 2 ||
      Library::last_name(program_.qualified(op.callee)) != "operator-")
    return false;
  auto by = library_.constant(f, op.args[1]);
  return by && *by >= 0 && past(f, op, 0);
}

// time_point{}, time_point::min(), now(): whether all that the argument may be is over.
bool Blocking::past(FunctionId f, const Operation &op, int arg) const {
  auto subject = library_.subjects(op, {Subject::argument, arg});
  auto origins = subject.empty() ? llvm::SmallVector<Value, 4>() : library_.origins(f, subject[0]);
  return !origins.empty() && std::all_of(origins.begin(), origins.end(), [&](const Value &v) {
    if (v.operand.kind != OperandKind::result)
      return false;
    const Operation &made = program_.functions[v.function].ops[v.operand.op];
    const FunctionModel *m = library_.function(made);
    return (made.kind == OpKind::construct && made.args.empty()) || (m && m->past_time) || before_past(v.function, made);
  });
}

// Behind a reference or a pointer to a base. Where that hangs on the callers, the site says so.
bool Blocking::of_class(FunctionId f, const Operation &op, const Condition &c, BlockSite &site) const {
  auto subject =
      c.arg == receiver_arg ? llvm::SmallVector<Operand, 2>{op.receiver} : library_.subjects(op, {Subject::argument, c.arg});
  if (subject.empty() || program_.record_behind(subject[0].type) == none)
    return false;
  Classes::Seen seen = classes_.is(f, subject[0], c.text);
  if (seen.yes) {
    site.certainty = std::min(site.certainty, seen.other || !seen.parameters.empty() || !program_.whole ? Certainty::possible
                                                                                                        : Certainty::likely);
    return true;
  }
  if (seen.parameters.size() != 1 || program_.functions[f].coroutine)
    return false;
  Decisive d;
  d.kind = Decisive::type;
  d.parameter = *seen.parameters.begin();
  d.condition = c;
  site.unless.push_back(std::move(d));
  return true;
}

// By the descriptor's mode: false if it is non-blocking. Where that hangs on the callers, the site says so.
bool Blocking::waits_on(FunctionId f, OpId i, const Operand &fd, BlockSite &site) const {
  DescriptorMode mode = descriptors_.mode(f, i, fd);
  AccessPath path = fd.path.without_derefs();
  bool own_field = fd.kind == OperandKind::path && path.root == RootKind::self && path.steps.size() == 1 &&
                   path.steps[0].kind == StepKind::field;
  if (mode == DescriptorMode::nonblocking && own_field && !program_.functions[f].coroutine &&
      descriptors_.switched_by_methods(path.steps[0].field) && !descriptors_.switches(f, path.steps[0].field)) {
    Decisive d;
    d.kind = Decisive::switched;
    d.field = path.steps[0].field;
    site.unless.push_back(std::move(d));
    site.certainty = program_.whole ? Certainty::likely : Certainty::possible;
    return true;
  }
  if (mode == DescriptorMode::nonblocking)
    return false;
  if (mode == DescriptorMode::blocking)
    return true;
  const TypeModel *type = library_.type(fd.type); // a library's object starts as a blocking one
  bool presumed = program_.whole || (type && type->blocking_descriptor);
  site.certainty = presumed ? Certainty::likely : Certainty::possible; // nobody seen opened it, perhaps
  if (mode == DescriptorMode::unknown)
    return true;
  Decisive d;
  d.kind = Decisive::descriptor;
  if (program_.functions[f].coroutine)
    site.certainty = Certainty::possible;
  else if (auto p = callers_.parameter(f, fd))
    d.parameter = *p;
  else if (own_field)
    d.field = path.steps[0].field;
  else
    site.certainty = Certainty::possible;
  if (d.parameter != none || d.field != none)
    site.unless.push_back(std::move(d));
  return true;
}

// A few bytes into a new pipe: they wait only where nobody has read for long.
bool Blocking::has_room(FunctionId f, const Operation &op, const Blocks &b) const {
  if (!b.bytes)
    return false;
  auto fd = library_.subjects(op, {Subject::argument, b.fd_arg}), bytes = library_.subjects(op, {Subject::argument, *b.bytes});
  auto written = fd.empty() || bytes.empty() ? std::nullopt : library_.constant(f, bytes[0]);
  return written && *written <= descriptors_.room(f, fd[0]);
}

const Blocks *Blocking::clause(FunctionId f, OpId i, const FunctionModel &model, BlockSite &site) const {
  const Operation &op = program_.functions[f].ops[i];
  auto descriptor = [&](int arg) {
    return arg == receiver_arg ? llvm::SmallVector<Operand, 2>{op.receiver} : library_.subjects(op, {Subject::argument, arg});
  };
  auto holds = [&](const Condition &c) {
    if (c.kind == ConditionKind::fd_nonblocking || c.kind == ConditionKind::fd_datagram) {
      auto fd = descriptor(c.arg);
      return !fd.empty() &&
             (c.kind == ConditionKind::fd_datagram ? descriptors_.datagram(f, fd[0])
                                                   : descriptors_.mode(f, i, fd[0]) == DescriptorMode::nonblocking);
    }
    if (c.kind == ConditionKind::arg_past)
      return past(f, op, c.arg);
    if (c.kind == ConditionKind::arg_no_time)
      return no_time(f, i, c.arg);
    if (c.kind == ConditionKind::arg_has_flag && !c.text.empty())
      return flag_in_field(f, op, c);
    return library_.holds(f, op, c);
  };
  const Certainty before = site.certainty;
  auto needed = [&](const Condition &c) { return holds(c) || (c.kind == ConditionKind::arg_type && of_class(f, op, c, site)); };
  for (const Blocks &b : model.blocks) {
    site.unless.clear();
    site.certainty = before;
    if (!std::all_of(b.when.begin(), b.when.end(), needed) || std::any_of(b.unless.begin(), b.unless.end(), holds))
      continue;
    Conditions decisive = callers_.decisive(f, op, b);
    site.unless.insert(site.unless.end(), decisive.begin(), decisive.end());
    if (b.fd)
      if (auto fd = descriptor(b.fd_arg); !waits_on(f, i, fd.empty() ? Operand() : fd[0], site))
        return nullptr;
    if (b.possible || has_room(f, op, b))
      site.certainty = Certainty::possible;
    if (b.parks_fiber) {
      Decisive d;
      d.kind = Decisive::fiber;
      site.unless.push_back(std::move(d));
    }
    return &b;
  }
  site.unless.clear();
  return nullptr;
}

void Blocking::add_site(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  if (op.kind == OpKind::destroy)
    return add_destructor(f, i, op.path, op.type, 0);
  add_emptied(f, i);
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
  const Operand *reads_at = nullptr; // what it waits for data at
  auto add = [&] {
    const bool io = site.cls == BlockClass::socket || site.cls == BlockClass::pipe;
    const bool ready = io ? reads_at && ready_.asked(f, i, *reads_at) : ready_.known(f, i);
    // What does not wait is not entered either.
    if (ready || ready_.off_loop(f, i) || (site.cls == BlockClass::disk && opens_without_waiting(f, op))) {
      told_.insert({f, i});
      return;
    }
    if (site.cls == BlockClass::wait) {
      if (auto object = callers_.of_callers(f, op.receiver)) {
        Decisive ready;
        ready.kind = Decisive::ready;
        ready.object = *object;
        site.unless.push_back(std::move(ready));
      }
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
    if (const Blocks *b = clause(f, i, *m, site)) {
      site.cls = b->cls;
      site.what = b->what;
      site.instead = b->instead;
      site.object = object(f, op, *b);
      if (b->reads || (b->fd && takes(program_, op)))
        reads_at = b->fd_arg == receiver_arg                              ? &op.receiver
                   : static_cast<std::size_t>(b->fd_arg) < op.args.size() ? &op.args[static_cast<std::size_t>(b->fd_arg)]
                                                                          : nullptr;
      if (shown_elsewhere(f, site.object))
        site.certainty = Certainty::possible;
      const Watched by_loop = watched(f, i, *b);
      if (by_loop == Watched::perhaps)
        site.certainty = Certainty::possible;
      if (by_loop == Watched::ready)
        told_.insert({f, i});
      else if (options_.classes.count(site.cls))
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

// Whether code that was not looked at is given `object`: a helper that asks whether it is ready, or changes its mode.
bool Blocking::shown_elsewhere(FunctionId f, const AccessPath &object) const {
  if (program_.whole || !object.valid())
    return false;
  AccessPath path = object.without_derefs();
  return llvm::any_of(program_.functions[f].ops, [&](const Operation &op) {
    if ((op.kind != OpKind::call && op.kind != OpKind::construct) || !is_elsewhere(program_, op.callee) || library_.function(op))
      return false;
    auto is_it = [&](const Operand &a) { return a.kind == OperandKind::path && a.path.without_derefs() == path; };
    return is_it(op.receiver) || llvm::any_of(op.args, is_it);
  });
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
  case BlockClass::http: break;
  default: return {};
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

} // namespace tenterhook::analysis
