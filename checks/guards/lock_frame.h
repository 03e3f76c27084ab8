// One function's place in the lock domain, and what every part of the transfer does to a case: hold, release, move, fork.
#ifndef TENTERHOOK_CHECKS_GUARDS_LOCK_FRAME_H
#define TENTERHOOK_CHECKS_GUARDS_LOCK_FRAME_H

#include "lockstate/lock_summary.h"

namespace tenterhook::analysis {

class LockFrame {
public:
  LockFrame(const LockWorld &world, FunctionId f)
      : world_(world), program_(world.program), library_(world.library), f_(f), function_(program_.functions[f]),
        paths_(program_, library_, world.names, f), asked_(function_), written_(function_.parameter_count) {
    for (const facts::Operation &op : function_.ops)
      if (op.kind == facts::OpKind::access && op.access & ~static_cast<unsigned>(facts::AccessKind::read) &&
          op.path.is_local(op.path.id) && op.path.id < function_.parameter_count)
        written_[op.path.id] = true;
  }
  const LockPaths &paths() const { return paths_; }

protected:
  AccessPath path_of(const facts::Operand &operand) const { return paths_.of(operand); }
  AccessPath home(facts::OpId op) const { return paths_.home(op); }
  void know(LockCase &c, const Truth &truth, bool holds) const; // if it is asked
  void hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, facts::OpId op, bool recursive = false,
                    bool assumed = false) const;
  void release(LockCase &c, const AccessPath &lock) const;
  void doubt(LockCase &c, const AccessPath &unlocked) const;
  bool known_to_callers(const AccessPath &guard) const;
  void let_go(LockCase &c, const AccessPath &guard) const;
  void take_from_callers(LockCase &c, const AccessPath &guard, bool shared) const;
  bool has_deleter(const AccessPath &guard) const;
  void fork(facts::OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
            std::optional<std::int64_t> success_is = std::nullopt) const;
  bool moves(const facts::Operand &operand) const;
  std::vector<AccessPath> lent(const facts::Operand &operand) const;
  static bool any_in(const LockCase &c, const AccessPath &object);
  static bool any_in(const LockState &state, const AccessPath &object);
  void move_object(const AccessPath &from, const AccessPath &to, LockState &state);
  bool means_one(const AccessPath &path) const;
  bool may_be_one(const AccessPath &a, const AccessPath &b) const;
  facts::TypeId type_of(const AccessPath &path) const;

  const LockWorld &world_;
  const Program &program_;
  const Library &library_;
  FunctionId f_;
  const facts::Function &function_;
  LockPaths paths_;
  Asked asked_;
  std::vector<bool> written_; // by parameter: it is written, or lent
};

} // namespace tenterhook::analysis

#endif
