// Which coroutines and loop callbacks reach the blocking sites, and how: what the walk of reach_graph.h says.
//
// Each question is answered by one near linear pass for all sites together: the best way (the surest; of those the
// shortest; of those by FunctionId), the set of roots (along strongly connected components), what all ways go through
// (dominators). So all ways count, and no way hides another.
#ifndef TENTERHOOK_CHECKS_REACH_REACH_H
#define TENTERHOOK_CHECKS_REACH_REACH_H

#include "reach/reach_graph.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <array>
#include <deque>

namespace tenterhook::analysis {

struct Hop { // operation `op` of `in` leads to the next hop's function
  FunctionId in = none;
  facts::OpId op = none;
  Link link = Link::direct;
};

struct Reach { // a root and its chain to the site; chain.back() is the site's own operation
  FunctionId root = none;
  RootKindOnLoop kind = RootKindOnLoop::coroutine;
  std::vector<Hop> chain;
  Certainty certainty = Certainty::certain;
};

// An operation of code that may be reported: it waits, or leads into code that may not be reported and waits there.
struct Reached {
  Hop at;
  const BlockSite *site = nullptr; // where the best way ends
  FunctionId root = none;          // where it begins
  Certainty certainty = Certainty::certain;
  std::uint32_t length = 0; // hops
  bool in_root() const { return at.in == root; }

  // For Reaching: the node that the operation is in (none: a root), and the way into code that may not be reported
  // (none: the operation is the site).
  std::uint32_t node = facts::none, in = facts::none, to = facts::none; // `to`: the node that `in` leads to
  RootKindOnLoop kind = RootKindOnLoop::coroutine;                      // of the root, if the operation is in it
};

class Reaching {
public:
  // `reportable`: functions whose operations may be reported. Roots that may not are a library's own.
  Reaching(const Blocking &blocking, llvm::function_ref<bool(FunctionId)> reportable);

  // What some root reaches. An operation may be there several times, under different conditions.
  const std::vector<Reached> &reached() const { return reached_; }
  // The best way, whole.
  Reach way(const Reached &reached) const;
  // Adds the roots that reach it, as indices into `roots()`.
  void add_roots(const Reached &reached, llvm::BitVector &out) const;
  const std::vector<FunctionId> &roots() const { return roots_; } // sorted

  // Bodies written at one place (instances of a template) are one: which.
  std::uint32_t written(FunctionId f) const { return written_[f]; }
  // The nearest body, but itself, that every way from a root to this one goes through; `none` where there is none.
  std::uint32_t through(std::uint32_t written) const;

private:
  static constexpr std::size_t levels = 3;      // by Certainty: ways that are at least so sure
  struct Up {                                   // the way from a root
    std::uint32_t length = 0, in = facts::none; // no hops: there is none
    FunctionId root = none;
  };
  struct Down {                                 // the way to a site, through code that may not be reported
    std::uint32_t length = 0, in = facts::none; // `in` none: the site is here
    const BlockSite *site = nullptr;
    std::uint32_t member = facts::none; // of a set's node: the body that it goes on with
  };
  void find_ways_up();
  void find_ways_down();
  void collect();
  bool settle(Reached &out, llvm::function_ref<Down(std::size_t)> down, Certainty in_root) const;
  void find_roots();
  void find_written();
  void find_dominators();

  ReachGraph graph_;
  const Program &program_;
  std::vector<bool> reportable_;               // by FunctionId
  std::vector<std::array<Up, levels>> up_;     // by node
  std::vector<std::array<Down, levels>> down_; // by node
  std::vector<Reached> reached_;
  std::vector<FunctionId> roots_;
  std::vector<std::uint32_t> root_set_; // by node: index into …
  std::deque<llvm::BitVector> root_sets_;
  std::vector<std::uint32_t> written_; // by FunctionId, ascending
  std::uint32_t most_written_ = 0;
  std::unique_ptr<Dominators> dominators_; // of what is written, from 0, which stands for all roots
};

} // namespace tenterhook::analysis

#endif
