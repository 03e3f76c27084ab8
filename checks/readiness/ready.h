// Waits that do not wait: what a function knows about the thing that it waits for, and about its own thread.
//
// A thing is ready where a question said so (asked by name of the models or by a function of the program that asks, the
// answer kept in a variable or not), where it was waited for before, or where it comes from what gives ready things.
#ifndef TENTERHOOK_CHECKS_READINESS_READY_H
#define TENTERHOOK_CHECKS_READINESS_READY_H

#include "calls/call_graph.h"
#include "program/dominators.h"

namespace tenterhook::analysis {

// It writes into what it is given: it takes from a descriptor, and does not wait until others do.
bool takes(const Program &program, const facts::Operation &op);

class Readiness {
public:
  Readiness(const Program &program, const Library &library, const CallGraph &calls, const GuardsOf &guards)
      : program_(program), library_(library), calls_(calls), guards_(guards) {}

  // Whether what the wait `op` waits for is there by then, for all that is seen.
  bool known(FunctionId f, facts::OpId op) const;
  // Whether the argument or receiver `object` of `op` is ready.
  bool known(FunctionId f, facts::OpId op, const facts::Operand &object) const;
  // Whether `object` comes from what gives ready things only: awaited results, continuations' arguments, placeholders.
  bool given(FunctionId f, const facts::Operand &object) const { return given(f, object, 0); }
  // Whether a question said so, on the way to `op` in this function, and nothing else is asked.
  bool asked(FunctionId f, facts::OpId op, const facts::Operand &object) const {
    return object.kind == facts::OperandKind::path && guarded(f, op, object.path.without_derefs());
  }
  // Whether the object that `destroy` destroys was awaited before.
  bool awaited_before(FunctionId f, facts::OpId destroy) const;
  // Whether the promise of the future that `op` waits for was given to what perhaps kept it at once.
  bool perhaps_kept(FunctionId f, facts::OpId op) const;
  struct Answer { // to a question: `value`, or anything but it
    std::int64_t value = 0;
    bool equal = true;
    auto operator<=>(const Answer &) const = default;
  };
  // What is known where a block went on to successor `succ`, as long as `tell` wants more.
  static void learned(const facts::Block &block, unsigned succ, llvm::function_ref<bool(const facts::Operand &, Answer)> tell);
  // Whether `op` runs on no loop: the coroutine has no executor, the loop was asked whether this is its thread, or it is a
  // new process that runs it.
  bool off_loop(FunctionId f, facts::OpId op) const { return guarded(f, op, std::nullopt); }

private:
  struct Known {
    facts::Operand condition;
    Answer answer;
  };
  enum class Means : std::uint8_t { nothing, yes, impossible }; // impossible: there is no such answer
  using Thing = std::optional<facts::AccessPath>;               // that is ready; without one: the thread, which is not the loop's
  struct Asked {
    Thing thing;
    facts::OpId before = none;                                       // that runs with what is known
    std::shared_ptr<unsigned> steps = std::make_shared<unsigned>(0); // of one formula, variables in variables included
    unsigned depth = 0;
  };
  using Written = std::map<facts::AccessPath, std::vector<std::pair<facts::OpId, facts::Operand>>>;
  // questions.cpp
  const Written &written(FunctionId f) const;
  bool guarded(FunctionId f, facts::OpId op, const Thing &thing) const;
  template <class Parts, class Part> static Means each(const Parts &parts, const Part &part);
  template <class Parts, class Part> static Means some(const Parts &parts, const Part &part);
  Means means(FunctionId f, const facts::Operand &condition, Answer answer, Asked asked) const;
  Means means_equal(FunctionId f, const facts::Operand &left, const facts::Operand &right, facts::Relation relation, bool holds,
                    const Asked &asked) const;
  bool runs_again(FunctionId f, facts::OpId op) const;
  Means means_kept(FunctionId f, const facts::Operand &variable, Answer answer, const Asked &asked) const;
  Means means_asked(FunctionId f, facts::OpId question, Answer answer, const Asked &asked) const;
  Means means_more(FunctionId f, const facts::Operand &more, const facts::Operand &less, bool strictly, const Asked &asked) const;
  bool polls(FunctionId f, facts::OpId question, const facts::AccessPath &descriptor) const;
  bool returns_it(FunctionId f, Answer answer, const Thing &thing) const;
  bool is_this_thread(FunctionId f, const facts::Operand &operand) const;
  bool is_no_executor(FunctionId f, const facts::Operand &operand) const;
  std::optional<facts::AccessPath> inside(FunctionId f, const facts::Operation &call, FunctionId body,
                                          const facts::AccessPath &object) const;
  bool changed(FunctionId f, const facts::AccessPath &object, facts::OpId from, facts::OpId to) const;
  bool waited(FunctionId f, facts::OpId op, const facts::AccessPath &object) const;
  bool signalled(FunctionId f, facts::OpId op, const facts::Operand &object) const;
  bool asserted(FunctionId f, facts::OpId op, const facts::AccessPath &object) const;
  const std::vector<Known> &needed_to_return(FunctionId f) const;
  bool resumed(FunctionId f, const facts::AccessPath &object) const;
  bool given(FunctionId f, const facts::Operand &object, unsigned depth) const;
  FunctionId written_in(FunctionId f) const;
  bool hands_ready(FunctionId f, facts::OpId op) const;
  const facts::Operand *whole_of(const facts::Operation &made, facts::TypeId type) const;
  bool given_whole(FunctionId f, const facts::Operand &object, facts::TypeId type, unsigned depth) const;
  bool given_as_argument(FunctionId f, const facts::AccessPath &parameter) const;
  bool given_by_callers(FunctionId f, const facts::AccessPath &parameter, unsigned depth) const;
  bool given_by_await(FunctionId f, const facts::Operation &await, facts::TypeId type, unsigned depth) const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const GuardsOf &guards_;
  // Filled on demand: operations that hand a function over, by function; methods of the awaiter protocol, by class.
  mutable std::map<FunctionId, std::vector<std::pair<FunctionId, facts::OpId>>> handed_;
  mutable std::map<FunctionId, std::vector<std::pair<FunctionId, facts::OpId>>> created_; // who makes one of a coroutine
  mutable std::map<facts::TypeId, std::map<std::string, FunctionId>> awaiters_;
  mutable bool collected_ = false;
  mutable std::map<FunctionId, Written> written_;                         // what a function puts into members and parts of locals
  mutable std::map<FunctionId, std::vector<Known>> needed_;               // what needed_to_return said
  mutable std::map<std::tuple<FunctionId, Answer, Thing>, bool> returns_; // what returns_it said
  void collect() const;
};

} // namespace tenterhook::analysis

#endif
