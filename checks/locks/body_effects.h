// What bodies of the program that run for an operation do to the locks of who runs them.
//
// lock_calls.cpp: a summary put in where its body runs. lock_runs.cpp: which bodies run behind virtual calls, callables,
// destructors and deleters.
#ifndef TENTERHOOK_CHECKS_LOCKS_BODY_EFFECTS_H
#define TENTERHOOK_CHECKS_LOCKS_BODY_EFFECTS_H

#include "guards/guard_effects.h"

namespace tenterhook::analysis {

class BodyEffects : public GuardEffects {
public:
  using GuardEffects::GuardEffects;
  // A virtual call or callable had more bodies than are followed.
  bool hit_limit() const { return hit_limit_; }

protected:
  bool apply_summary(const LockSummary &summary, FunctionId body, const Site &site, LockState &state, bool unsure = false);
  bool run_bodies(facts::OpId i, LockState &state);
  bool run_one_of(const std::vector<FunctionId> &bodies, facts::EntityId method, const AccessPath &object, const Site &site,
                  LockState &state, bool unsure);
  bool run_callbacks(facts::OpId i, LockState &state);
  void destroy_parts(facts::OpId i, const AccessPath &object, facts::TypeId type, LockState &state, unsigned depth);
  bool adopt_by_deleter(facts::OpId i, LockState &state);
  bool owner_method(facts::OpId i, LockState &state);

private:
  bool releases_in_destructor(facts::TypeId type) const;
  bool keeps_out(const LockCase &c, const LockSummary &summary, const ExitCase &exit, const Site &site, FunctionId body) const;
  bool as_made(const AccessPath &object) const;
  std::optional<Truth> passed(const Truth &parameter, bool holds, const Site &site, bool &fits) const;
  bool given(LockCase &c, const ExitCase &exit, const Site &site) const;
  void apply_exit(const ExitCase &exit, FunctionId body, const Site &site, LockCase &c, bool unsure) const;
  bool chosen(const LockCase &c, const ExitCase &exit, FunctionId body, const Site &site) const;
  bool may_run(const Known &known, const AccessPath &object, facts::EntityId method, std::int64_t body) const;
  std::vector<std::int64_t> alternatives(const std::vector<FunctionId> &bodies) const;
  std::vector<FunctionId> run_by(facts::OpId i, Link link) const;

  bool hit_limit_ = false;
};

} // namespace tenterhook::analysis

#endif
