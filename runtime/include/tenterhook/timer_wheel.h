// A hierarchical timer wheel: insert and cancel in constant time, whatever their number, and no allocation: the nodes
// lie in what waits. 11 levels of 64 slots hold any 64-bit tick, so nothing ever wraps.
//
// Invariant: a node of tick t lies on the level of the highest 6-bit digit in which t and the present tick differ, in
// the slot that this digit of t names. So all slots of a level lie in the future, the lowest level that has a node has
// the next one, and a node moves down at most once a level. A bit of `occupied` may be stale (its slot empty), never
// missing. Nodes of one tick fire in the order of their ranks, those of one rank in the order of their insertion. Not
// thread-safe. Tick and rank are whatever the owner makes of them.
#ifndef TENTERHOOK_TIMER_WHEEL_H
#define TENTERHOOK_TIMER_WHEEL_H

#include <bit>
#include <cstdint>
#include <optional>

namespace tenterhook {

struct timer_node {
  timer_node *next = nullptr;
  timer_node **link = nullptr; // what points at this node; null: not in a wheel
  std::uint64_t tick = 0;
  std::int64_t rank = 0;                         // within its tick; set by the owner before insert()
  void (*fire)(timer_node *) noexcept = nullptr; // it is out of the wheel then; may insert, cancel and free any node

  bool is_waiting() const noexcept { return link != nullptr; }
};

class timer_wheel {
public:
  explicit timer_wheel(std::uint64_t present_tick = 0) noexcept : present(present_tick) {}
  timer_wheel(const timer_wheel &) = delete;
  timer_wheel &operator=(const timer_wheel &) = delete;

  // Fires at the first advance() to `tick` or later, or at the next one if that is past. `fire` is set by the caller.
  void insert(timer_node &node, std::uint64_t tick) noexcept {
    node.tick = tick > present ? tick : present;
    place(node);
  }

  // O(1). No-op for one that is not waiting.
  static void cancel(timer_node &node) noexcept {
    if (!node.link)
      return;
    *node.link = node.next;
    if (node.next)
      node.next->link = node.link;
    node.link = nullptr;
  }

  std::uint64_t now() const noexcept { return present; }

  // No timer fires before this tick; at it, advance() has something to do (fire, or move nodes down). Empty: no timer.
  std::optional<std::uint64_t> next() noexcept {
    slot_place found;
    return find(found) ? std::optional(found.start) : std::nullopt;
  }

  // Fires everything up to and including `tick`. Returns how many.
  std::uint64_t advance(std::uint64_t tick) noexcept;

private:
  static constexpr unsigned digit = 6, slots = 1u << digit, levels = 11;
  struct slot_place {
    unsigned level, slot;
    std::uint64_t start;
  };

  void place(timer_node &node) noexcept {
    auto level = unsigned(63 - std::countl_zero((node.tick ^ present) | (slots - 1))) / digit;
    auto slot = unsigned(node.tick >> (level * digit)) & (slots - 1);
    timer_node *&head = heads[level][slot];
    node.next = head;
    if (head)
      head->link = &node.next;
    head = &node;
    node.link = &head;
    occupied[level] |= std::uint64_t(1) << slot;
    levels_used |= 1u << level;
  }
  bool find(slot_place &found) noexcept;

  std::uint64_t present;
  std::uint32_t levels_used = 0; // as `occupied`: may be stale
  std::uint64_t occupied[levels] = {};
  timer_node *heads[levels][slots] = {};
};

} // namespace tenterhook

#endif
