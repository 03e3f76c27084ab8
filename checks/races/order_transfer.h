// What single operations do to the threads that are alive: created, joined, handed on, destroyed; and what edges say of them.
#ifndef TENTERHOOK_CHECKS_RACES_ORDER_TRANSFER_H
#define TENTERHOOK_CHECKS_RACES_ORDER_TRANSFER_H

#include "program/dataflow.h"
#include "races/order.h"

namespace tenterhook::analysis {

class OrderTransfer {
public:
  using State = Digest;

  OrderTransfer(Order &order, FunctionId f, facts::OpId fresh);

  State entry() const { return {}; }
  void transfer(facts::OpId op, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state) const;
  bool unwinds(facts::OpId op, const facts::Block &, State &) const { return order_.program_.may_throw(f_, op); }

private:
  void find_loops();
  void leave(const Handle &handle, State &state) const; // whoever was waited for by it has ended
  void create(facts::OpId op, State &state) const;
  void call(facts::OpId op, State &state) const;
  void move(facts::OpId op, State &state) const;
  void destroy(const facts::Operation &op, State &state) const;
  void end_in(const AccessPath &object, State &state) const;
  bool ends_threads(OriginId id) const;

  Order &order_;
  FunctionId f_;
  const facts::Function &function_;
  facts::OpId fresh_;
  bool waits_ = false;                                                      // for a condition variable
  std::set<std::pair<facts::BlockId, unsigned>> loops_;                     // edges out of loops
  std::map<std::pair<facts::BlockId, unsigned>, std::set<Handle>> leaving_; // by edge out of a loop: what the loop has joined
};

} // namespace tenterhook::analysis

#endif
