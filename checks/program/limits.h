// Limits of the analyses, in one table: what was hit, and in which function. A limit cuts an answer off so that no program
// takes for ever; what lies behind it counts as not known. Each that is hit is named in the report.
//
// Not here: nesting of types and operands that no program reaches, and what only lowers a confidence.
#ifndef TENTERHOOK_CHECKS_PROGRAM_LIMITS_H
#define TENTERHOOK_CHECKS_PROGRAM_LIMITS_H

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tenterhook::analysis {

enum class Limit : std::uint8_t {
  copies,      // a value followed through copies, or to places that it may come from
  executors,   // an executor handed from place to place
  overriders,  // classes of an object, told apart at a virtual call
  kept,        // callables kept in one field, told apart by who made the object
  formula,     // steps of what answers to questions mean
  givers,      // what gives what gives a ready thing
  conditions,  // conditions under which one function reaches a site
  names,       // names by which one function knows objects, where the threads that run it for each are counted
  objects,     // objects that one such name may stand for
  handles,     // handles of handles of an executor's context
  helpers,     // functions between a handler and its read
  lock_cases,  // combinations of locks at one place
  lock_exits,  // ways in which a function leaves its callers' locks
  lock_bodies, // bodies with effects on locks behind one call
  lock_rounds, // analyses of a function in a recursion
  arrivals,    // ways by which threads come to one function, told apart for one memory
  pairs,       // accesses of one memory, told apart
  states,      // combinations of memory and locks with which one function is looked at
  creators,    // threads that create one the other
};
inline constexpr unsigned limit_kinds = static_cast<unsigned>(Limit::creators) + 1;

constexpr std::size_t limit_of(Limit limit) {
  switch (limit) {
  case Limit::copies: return 16;
  case Limit::executors: return 8;
  case Limit::overriders: return 16;
  case Limit::kept: return 32;
  case Limit::formula: return 4096;
  case Limit::givers: return 6;
  case Limit::conditions: return 4096;
  case Limit::names: return 8;
  case Limit::objects: return 16;
  case Limit::handles: return 10;
  case Limit::helpers: return 3;
  case Limit::lock_cases: return 48;
  case Limit::lock_exits: return 48;
  case Limit::lock_bodies: return 16;
  case Limit::lock_rounds: return 64;
  case Limit::arrivals: return 16;
  case Limit::pairs: return 256;
  case Limit::states: return 512;
  case Limit::creators: return 3;
  }
  return 0;
}
// What is told of it: "more than 48 combinations of locks at one place".
std::string to_string(Limit limit);

// Which limits were hit in which functions. Safe from many threads; what is read while others write is one of both.
class Limits {
public:
  explicit Limits(std::size_t functions = 0);
  void hit(Limit limit, std::uint32_t function) const {
    if (function < size_)
      hit_[function].fetch_or(1u << static_cast<unsigned>(limit), std::memory_order_relaxed);
  }
  // By number.
  std::vector<std::uint32_t> functions(Limit limit) const;

private:
  std::unique_ptr<std::atomic<std::uint32_t>[]> hit_; // by FunctionId: a bit for each limit
  std::size_t size_ = 0;
};

} // namespace tenterhook::analysis

#endif
