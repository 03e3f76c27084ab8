// From a blocking site back to the roots on event loops.
#include "analysis/blocking.h"
#include <algorithm>
#include <deque>
#include <map>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// Does `f` end the walk? Its operation `op` leads to the site.
std::optional<RootKindOnLoop> Blocking::root(FunctionId f, OpId op, Certainty &certainty) const {
  const Function &function = program_.functions[f];
  if (function.coroutine) {
    if (function.generator || !contexts_.on_loop(f, op))
      return std::nullopt; // a generator runs on whoever pulls it
    ContextMask mask = contexts_.at(f, op);
    if (!(mask & context_loop))
      certainty = std::min(certainty, mask & (context_unseen | context_main) ? Certainty::likely : Certainty::possible);
    return RootKindOnLoop::coroutine;
  }
  const Entity &entity = program_.entities[function.entity];
  llvm::StringRef name = Library::last_name(program_.str(entity.qualified));
  if (name == "await_ready" || name == "await_suspend" || name == "await_resume") {
    // Awaited by coroutines that are seen, and by pools alone?
    bool seen = false, loop = false;
    for (auto [caller, edge] : calls_.callers(f)) {
      const Edge &e = calls_.edges(caller)[edge];
      seen = true;
      loop |= contexts_.on_loop(caller, e.op);
    }
    if (seen && !loop)
      return std::nullopt;
    certainty = std::min(certainty, Certainty::likely);
    return RootKindOnLoop::awaiter;
  }
  // Handed to a loop. Others may call it too, as the loop's own code does where it is analyzed: it is a callback still.
  if (const Origin &origin = contexts_.origin(f); (contexts_.of(f) & context_loop) && origin.valid()) {
    if (!origin.sure || own_thread(origin))
      certainty = std::min(certainty, Certainty::likely);
    return RootKindOnLoop::callback;
  }
  return std::nullopt;
}

// The parameter whose value, and nothing else, an operand is.
std::optional<LocalId> Blocking::parameter(FunctionId f, const Operand &operand) const {
  auto origins = library_.origins(f, operand);
  if (origins.size() != 1 || origins[0].function != f || origins[0].operand.kind != OperandKind::path)
    return std::nullopt;
  AccessPath path = origins[0].operand.path.without_derefs();
  const Function &function = program_.functions[f];
  if (path.root != RootKind::local || !path.steps.empty() || path.id >= function.parameter_count)
    return std::nullopt;
  for (const Operation &op : function.ops) // timeout += 1ms
    if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && op.receiver.path.is_local(path.id))
      if (llvm::StringRef name = Library::last_name(program_.qualified(op.callee));
          name.starts_with("operator") && name.ends_with("=") && name != "operator==")
        return std::nullopt;
  return path.id;
}

// wait_for(timeout) in a function that was given the timeout; recv(fd, …, flags).
std::vector<Decisive> Blocking::decisive(FunctionId f, const Operation &op, const Blocks &clause) const {
  std::vector<Decisive> out;
  for (Condition c : clause.unless) {
    if (c.kind != ConditionKind::arg_zero && c.kind != ConditionKind::arg_equals && c.kind != ConditionKind::arg_has_flag)
      continue;
    auto subject = library_.subjects(op, {Subject::argument, c.arg});
    if (subject.empty())
      continue;
    if (auto p = parameter(f, subject[0])) {
      c.arg = static_cast<int>(*p);
      out.push_back({*p, std::move(c)});
    }
  }
  return out;
}

// From a function to a caller: false if what it passes makes the call not wait. Otherwise `unless` speaks of the caller.
bool Blocking::pass_on(FunctionId caller, const Operation &call, std::vector<Decisive> &unless, Certainty &certainty) const {
  std::vector<Decisive> outer;
  for (Decisive &d : unless) {
    if (d.kind == Decisive::mode) {
      Mode mode = mode_at(caller, call, d);
      if (mode == Mode::other)
        return false;
      if (mode == Mode::untold)
        certainty = std::min(certainty, Certainty::possible);
      if (mode == Mode::of_caller)
        outer.push_back(std::move(d));
      continue;
    }
    if (d.parameter >= call.args.size())
      continue;
    const Operand &arg = call.args[d.parameter];
    if (d.kind == Decisive::ready ? awaited_done(caller, arg) : d.kind == Decisive::argument && library_.holds(caller, call, d.condition))
      return false;
    if (auto p = parameter(caller, arg)) {
      d.condition.arg = static_cast<int>(*p);
      outer.push_back({*p, std::move(d.condition), d.kind});
    } else if (d.kind == Decisive::null && library_.constant(caller, arg) != 0) {
      certainty = std::min(certainty, Certainty::possible); // given something, which is seldom null
    }
  }
  unless = std::move(outer);
  return true;
}

std::vector<Reach> Blocking::reached_from(const BlockSite &site) const {
  struct Visit {
    FunctionId f;
    OpId op;   // leads towards the site
    Link link; // how `op` leads to the next visit
    std::int64_t next; // index of the visit nearer to the site; -1 at the site
    Certainty certainty;
    std::vector<Decisive> unless;
    std::string executable; // that the chain is part of; empty if nothing on it says
  };
  std::vector<Visit> visits{{site.in, site.op, Link::direct, -1, site.certainty, site.unless, {}}};
  std::set<std::pair<FunctionId, std::string>> seen{{site.in, std::string()}};
  std::vector<Reach> reaches;
  for (std::size_t v = 0; v < visits.size(); ++v) {
    Visit visit = visits[v];
    Certainty certainty = visit.certainty;
    if (auto kind = root(visit.f, visit.op, certainty)) {
      Reach reach{visit.f, *kind, {}, certainty};
      for (std::int64_t at = static_cast<std::int64_t>(v); at >= 0; at = visits[at].next)
        reach.chain.push_back({visits[at].f, visits[at].op, visits[at].link});
      reaches.push_back(std::move(reach));
      continue;
    }
    if (program_.functions[visit.f].coroutine)
      continue; // on a pool, or a generator: its callers do not run it in place
    std::vector<std::pair<FunctionId, std::uint32_t>> callers = calls_.callers(visit.f);
    std::sort(callers.begin(), callers.end());
    for (auto [caller, edge] : callers) {
      const Edge &e = calls_.edges(caller)[edge];
      // An operation that is a site itself says more than what is inside it.
      if (is_stopped(caller) || site_ops_.count({caller, e.op}) != 0)
        continue;
      std::vector<Decisive> unless;
      Certainty along = visit.certainty;
      // Through make_shared<T>(…), a constructor gets the arguments as they stand.
      if (e.link == Link::direct || e.link == Link::virtual_call ||
          (e.link == Link::callback && program_.functions[visit.f].constructor)) {
        unless = visit.unless;
        if (!pass_on(caller, program_.functions[caller].ops[e.op], unless, along))
          continue;
      }
      if (e.link == Link::destructor && awaited_before(caller, e.op))
        continue;
      // Which executable, once a callable that one of them stored is on the way.
      std::string executable = visit.executable;
      if (e.link == Link::value && executable.empty() && executables_.count(program_.targets[visit.f]))
        executable = program_.targets[visit.f];
      if (!executable.empty() && executables_.count(program_.targets[caller]) && program_.targets[caller] != executable)
        continue;
      if (!seen.insert({caller, executable}).second)
        continue;
      require_null(caller, e.op, unless);
      require_mode(caller, e.op, unless);
      // Which override or which stored callable it is, only a run can tell.
      Certainty most = !e.sure ? Certainty::possible
                       : e.link == Link::virtual_call || e.link == Link::value ? Certainty::likely
                                                                              : Certainty::certain;
      visits.push_back({caller, e.op, e.link, static_cast<std::int64_t>(v), std::min(along, most), std::move(unless),
                        std::move(executable)});
    }
  }
  std::sort(reaches.begin(), reaches.end(), [](const Reach &a, const Reach &b) {
    if (a.certainty != b.certainty)
      return a.certainty > b.certainty;
    return std::pair(a.chain.size(), a.root) < std::pair(b.chain.size(), b.root);
  });
  return reaches;
}

} // namespace tenterhook::analysis
