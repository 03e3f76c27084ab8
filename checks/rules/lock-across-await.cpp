// lock-across-await: a coroutine suspends while it holds a lock that blocks threads.
//
// One finding per acquisition: the first suspension (in source order) is the place, the others are related.
#include "rules/rule.h"
#include <algorithm>
#include <map>

namespace tenterhook::rules {

using namespace facts;
using analysis::HeldAtSuspension;

namespace {

struct Key { // one acquisition as a person wrote it; template instantiations share it
  Place since;
  std::string lock;
  auto operator<=>(const Key &) const = default;
};

std::string lock_names(const Context &context, const HeldAtSuspension &held) {
  std::string names;
  for (const analysis::AccessPath &lock : held.guard.locks) {
    std::string name = analysis::spell(context.program(), held.in, lock);
    names += (names.empty() ? "'" : ", '") + (name.empty() ? std::string("lock") : name) + "'";
  }
  return names;
}

void add_acquisition(const Context &context, const HeldAtSuspension &held, findings::Finding &finding) {
  const Function &function = context.program().functions[held.in];
  findings::Step step{lane(context, held.in), 1, {}, ""};
  std::string locks = lock_names(context, held);
  const analysis::AccessPath &guard = held.guard.guard;
  if (held.guard.since == none) {
    if (guard.root == RootKind::local && guard.id < function.locals.size())
      step.place = context.place(function.locals[guard.id].place);
    else
      step.place = context.place(function.extent);
    step.message = "receives the guard " + locks + ", locked";
  } else {
    const Operation &op = function.ops[held.guard.since];
    step.place = context.place(op.place);
    std::string name = guard.valid() ? analysis::spell(context.program(), held.in, guard) : std::string();
    if (held.guard.assumed)
      step.message = "takes the guard that '" + callee_name(context, op) + "' returns";
    else if (!name.empty() && guard.root == RootKind::local)
      step.message = "locks " + locks + " through '" + name + "'";
    else
      step.message = "locks " + locks;
    if (op.kind == OpKind::call && !held.guard.assumed)
      if (analysis::FunctionId body = context.program().body_for(held.in, op.callee);
          body != none && !context.analysis.locks.summary(body).exits.empty()) {
        step.message += ", in '" + callee_name(context, op) + "'";
        finding.related.push_back({context.place(context.program().functions[body].extent), "the lock is acquired by " + call_it(context, body)});
      }
  }
  finding.witness.push_back(step);
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  std::map<Key, std::vector<const HeldAtSuspension *>> groups;
  for (const HeldAtSuspension &held : context.analysis.locks.held_at_suspensions()) {
    if (!context.reportable(held.in))
      continue;
    const Function &function = context.program().functions[held.in];
    Place since = held.guard.since == none ? function.extent : function.ops[held.guard.since].place;
    groups[{since, lock_names(context, held)}].push_back(&held);
  }
  for (auto &[key, group] : groups) {
    auto place_of = [&](const HeldAtSuspension *h) { return context.program().functions[h->in].ops[h->suspension].place; };
    std::sort(group.begin(), group.end(), [&](auto *a, auto *b) {
      return std::tuple(place_of(a), !a->always, a->in) < std::tuple(place_of(b), !b->always, b->in);
    });
    const HeldAtSuspension &first = *group.front();
    const Operation &op = context.program().functions[first.in].ops[first.suspension];
    findings::Finding f;
    f.rule = "lock-across-await";
    f.place = context.place(op.place);
    std::string locks = lock_names(context, first);
    const char *verb = op.kind == OpKind::yield ? "co_yield" : "co_await";
    f.what = call_it(context, first.in) + " keeps " + locks + " locked while it is suspended here; every thread that needs " +
             (first.guard.locks.size() > 1 ? "one of them" : "it") + " stops until this coroutine resumes" +
             (first.guard.shared ? "." : ", and another thread may then unlock it.");
    f.instead = std::string("Unlock before the ") + verb + ", or use an async mutex, whose lock is awaited.";
    f.confidence = first.always && !first.guard.assumed ? findings::Confidence::certain : findings::Confidence::likely;
    add_acquisition(context, first, f);
    f.witness.push_back({lane(context, first.in), 1, f.place, "suspends with " + locks + " locked"});
    std::vector<Place> also;
    for (const HeldAtSuspension *h : group)
      if (Place p = place_of(h); p != op.place && (also.empty() || also.back() != p)) {
        also.push_back(p);
        f.related.push_back({context.place(p), "also suspends here, with the same lock"});
      }
    f.function = context.program().display(first.in);
    f.identity = analysis::identity(context.program(), first.in, first.guard.locks.front());
    f.target = context.program().targets[first.in];
    out.push_back(std::move(f));
  }
}

} // namespace

extern const Rule lock_across_await;
const Rule lock_across_await{{"lock-across-await", Category::deadlock, true, World::open, 833, "0.1.0",
                              "a coroutine is suspended while it holds a lock that blocks threads", nullptr},
                             run};

} // namespace tenterhook::rules
