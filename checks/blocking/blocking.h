// What blocks a thread: operations whose model says that they wait, for arguments under which they do. What is known not
// to wait where it stands is left out; on what the callers decide, a site says in `unless`. Who reaches them is in reach.h.
#ifndef TENTERHOOK_CHECKS_BLOCKING_BLOCKING_H
#define TENTERHOOK_CHECKS_BLOCKING_BLOCKING_H

#include "contexts/contexts.h"
#include "readiness/conditions.h"
#include "readiness/descriptors.h"

namespace tenterhook::analysis {

struct BlockSite {
  FunctionId in = none;
  facts::OpId op = none;
  models::BlockClass cls = models::BlockClass::wait;
  std::string callee;  // "std::this_thread::sleep_for"; for destructors "~std::jthread"
  std::string what;    // completes "the thread …"
  std::string instead; // advice; may be empty
  Certainty certainty = Certainty::certain;
  facts::AccessPath object; // what it works on: a stream, a descriptor, a future; invalid if it has no name
  Conditions unless;
};

struct BlockingOptions {
  std::set<models::BlockClass> classes; // those that count
  std::vector<std::string> allowed;     // globs of qualified names that count as not blocking
};

class Blocking {
public:
  Blocking(const Program &program, const Library &library, const CallGraph &calls, const Contexts &contexts,
           const Descriptors &descriptors, const Classes &classes, BlockingOptions options);

  // Every blocking site, by function and operation.
  const std::vector<BlockSite> &sites() const { return sites_; }
  // Whether the operation is a site, or known not to wait: it says more than what is inside it.
  bool told(FunctionId f, facts::OpId op) const { return told_.count({f, op}) != 0; }
  // Whether what the operation destroys was released before: nothing is left of it.
  bool released(FunctionId f, facts::OpId destroy) const;
  // Declared, modelled or configured not to block.
  bool is_stopped(FunctionId f) const { return stopped_[program_.functions[f].entity]; }
  const Program &program() const { return program_; }
  const Library &library() const { return library_; }
  const CallGraph &calls() const { return calls_; }
  const Contexts &contexts() const { return contexts_; }
  const Readiness &ready() const { return ready_; }
  const Callers &callers() const { return callers_; }

private:
  void find_stopped();
  void add_site(FunctionId f, facts::OpId op);
  // The end of an object of this type at `object`, its members and what it owns included.
  void add_destructor(FunctionId f, facts::OpId op, const facts::AccessPath &object, facts::TypeId type, unsigned depth,
                      Certainty certainty = Certainty::likely);
  const models::Blocks *async_result(FunctionId f, facts::OpId op, const facts::AccessPath &object, std::string &callee) const;
  const models::Blocks *deleter(FunctionId f, const facts::AccessPath &pointer, std::string &callee) const;
  void add_emptied(FunctionId f, facts::OpId op);
  bool no_time(FunctionId f, facts::OpId op, int arg) const;
  bool past(FunctionId f, const facts::Operation &op, int arg) const;
  bool before_past(FunctionId f, const facts::Operation &op) const;
  bool opens_without_waiting(FunctionId f, const facts::Operation &op) const;
  bool locks(const facts::Operation &op) const;
  bool shown_elsewhere(FunctionId f, const facts::AccessPath &object) const;
  facts::AccessPath object(FunctionId f, const facts::Operation &op, const models::Blocks &clause) const;
  bool given_up(FunctionId f, const facts::AccessPath &object) const; // moved from or detached somewhere
  const models::Blocks *clause(FunctionId f, facts::OpId op, const models::FunctionModel &model, BlockSite &site) const;
  bool of_class(FunctionId f, const facts::Operation &op, const models::Condition &condition, BlockSite &site) const;
  enum class Watched : std::uint8_t { no, perhaps, ready }; // watched.cpp
  Watched watched(FunctionId f, facts::OpId op, const models::Blocks &clause) const;
  Watched watched(FunctionId f, facts::OpId op, const facts::Operand &descriptor, unsigned depth) const;
  bool asked_about(FunctionId loop, const facts::Operand &passed) const;
  bool registered_with(FunctionId handler, const facts::AccessPath &descriptor) const;
  bool has_room(FunctionId f, const facts::Operation &op, const models::Blocks &b) const;
  bool waits_on(FunctionId f, facts::OpId op, const facts::Operand &descriptor, BlockSite &site) const;
  bool flag_in_field(FunctionId f, const facts::Operation &op, const models::Condition &condition) const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const Contexts &contexts_;
  const Descriptors &descriptors_;
  const Classes &classes_;
  BlockingOptions options_;
  const GuardsOf &guards_;
  Readiness ready_;
  Callers callers_;
  std::vector<BlockSite> sites_;
  std::set<std::pair<FunctionId, facts::OpId>> told_;
  std::vector<bool> stopped_; // by EntityId
};

} // namespace tenterhook::analysis

#endif
