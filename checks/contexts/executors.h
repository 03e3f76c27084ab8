// How many threads run what an executor is given, where any number of threads may run it: an asio::io_context.
//
// The *context* (the object whose run() threads call) is followed on both sides. Where work is handed over: through
// handles of it (get_executor(), strands, work guards, any_io_executor, sockets and timers made for it), whatever they are
// kept in, and up through callers to where the context is made. Where a thread calls run() on it: up in the same way, with a
// count of the threads (threads.h). A context that is only known as a member of some object is any object's.
//
// Where nobody seen runs any context of a library, who uses this program's code does: perhaps one thread, perhaps several. One
// thread at a time.
#ifndef TENTERHOOK_CHECKS_CONTEXTS_EXECUTORS_H
#define TENTERHOOK_CHECKS_CONTEXTS_EXECUTORS_H

#include "contexts/threads.h"

namespace tenterhook::analysis {

class Executors {
public:
  Executors(const Program &program, const Library &library, Threads &threads);

  // Who runs what operation `op` of `f` hands over to the executor that `clause` of its model names. Absent: no context that
  // several threads may run.
  std::optional<Threads::Count> running(FunctionId f, const facts::Operation &op, const models::ExecutorClause &clause);

private:
  using Where = std::pair<FunctionId, AccessPath>;
  struct Given { // contexts that a value may stand for
    std::set<Where> contexts;
    bool all = true; // false: it may stand for others
  };
  void add(FunctionId f, const facts::Operand &value, Given &out, unsigned depth);
  void add(FunctionId f, const AccessPath &path, facts::TypeId type, Given &out, unsigned depth);
  Threads::Tallies canonical(const Threads::Tallies &found, bool &all);
  Threads::Count count(const Given &given);
  bool is_context(facts::TypeId type) const;
  bool is_handle(facts::TypeId type) const;
  facts::TypeId type_of(FunctionId f, const AccessPath &path) const;
  void collect_stores();
  void find_drivers();

  const Program &program_;
  const Library &library_;
  Threads &threads_;
  std::set<facts::TypeId> contexts_;                      // classes whose objects threads run
  std::set<std::string> libraries_;                       // that these are of
  std::set<std::string> runnable_;                        // libraries whose models know such classes
  std::vector<std::pair<FunctionId, facts::OpId>> calls_; // of their run()
  std::map<facts::EntityId, std::vector<Value>> stores_;  // by field or global, of contexts and handles: what is kept there
  std::optional<Threads::Tallies> drivers_;               // by context: who runs it
};

} // namespace tenterhook::analysis

#endif
