// The numbers of the limits, and what people are told of each.
#include "program/limits.h"

namespace tenterhook::analysis {

static_assert(limit_kinds <= 32, "a bit for each");

std::string to_string(Limit limit) {
  auto more_than = [&](const char *what) { return "more than " + std::to_string(limit_of(limit)) + what; };
  switch (limit) {
  case Limit::copies: return more_than(" places that a value may come from");
  case Limit::executors: return more_than(" places through which an executor is handed on");
  case Limit::overriders: return more_than(" classes that override a method");
  case Limit::kept: return more_than(" callables in one member");
  case Limit::formula: return more_than(" steps of what an answer means");
  case Limit::givers: return more_than(" functions through which what is ready is handed on");
  case Limit::conditions: return more_than(" conditions under which it reaches what blocks");
  case Limit::names: return more_than(" names of one object");
  case Limit::objects: return more_than(" objects of one name");
  case Limit::handles: return more_than(" handles of an executor, one of the other");
  case Limit::helpers: return more_than(" functions between an event's handler and its read");
  case Limit::lock_cases: return more_than(" combinations of locks at one place");
  case Limit::lock_exits: return more_than(" ways in which it leaves the locks of its callers");
  case Limit::lock_bodies: return more_than(" functions that lock or unlock behind one call");
  case Limit::lock_rounds: return more_than(" rounds of a recursion");
  case Limit::arrivals: return more_than(" ways by which threads come to it");
  case Limit::states: return more_than(" combinations of memory and locks on the ways through it");
  case Limit::creators: return more_than(" threads that create one the other");
  case Limit::pairs: return more_than(" accesses of one memory");
  }
  return {};
}

Limits::Limits(std::size_t functions) : hit_(std::make_unique<std::atomic<std::uint32_t>[]>(functions)), size_(functions) {}

std::vector<std::uint32_t> Limits::functions(Limit limit) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t f = 0; f < size_; ++f)
    if (hit_[f].load(std::memory_order_relaxed) & (1u << static_cast<unsigned>(limit)))
      out.push_back(f);
  return out;
}

} // namespace tenterhook::analysis
