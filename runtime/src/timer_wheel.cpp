// Finding and emptying the next slot of the wheel.
#include <tenterhook/timer_wheel.h>

#include <algorithm>
#include <utility>

namespace tenterhook {

bool timer_wheel::find(slot_place &found) noexcept {
  while (levels_used) {
    auto level = unsigned(std::countr_zero(levels_used));
    while (occupied[level]) {
      auto slot = unsigned(std::countr_zero(occupied[level]));
      if (!heads[level][slot]) { // all that was in it was cancelled
        occupied[level] &= occupied[level] - 1;
        continue;
      }
      unsigned shift = level * digit;
      std::uint64_t above = shift + digit >= 64 ? 0 : present >> (shift + digit) << (shift + digit);
      found = {level, slot, above | std::uint64_t(slot) << shift};
      return true;
    }
    levels_used &= levels_used - 1;
  }
  return false;
}

namespace {
// The older of two of one rank stays first.
timer_node *merge(timer_node *older, timer_node *newer) noexcept {
  timer_node *first = nullptr, **end = &first;
  while (older && newer) {
    timer_node *&next = newer->rank < older->rank ? newer : older;
    *end = next;
    end = &next->next;
    next = next->next;
  }
  *end = older ? older : newer;
  return first;
}

// By rank, in place and without memory: a merge sort of the runs that doubles them.
timer_node *sort(timer_node *unsorted) noexcept {
  timer_node *runs[64] = {}; // of 2^i nodes each, the longest are the oldest
  unsigned used = 0;
  while (timer_node *run = unsorted) {
    unsorted = run->next;
    run->next = nullptr;
    unsigned i = 0;
    for (; runs[i]; ++i)
      run = merge(std::exchange(runs[i], nullptr), run);
    runs[i] = run;
    used = std::max(used, i + 1);
  }
  timer_node *sorted = nullptr;
  for (unsigned i = 0; i != used; ++i)
    sorted = merge(runs[i], sorted);
  return sorted;
}

// Slots are filled at the front: turned around, the oldest is first; and what is to be fired is sorted. Every `link` is
// made right again.
void put_in_order(timer_node *&head, bool by_rank) noexcept {
  timer_node *turned = nullptr;
  bool sorted = true;
  while (timer_node *node = head) {
    head = node->next;
    node->next = turned;
    sorted = sorted && (!turned || node->rank <= turned->rank);
    turned = node;
  }
  head = by_rank && !sorted ? sort(turned) : turned;
  for (timer_node **at = &head; *at; at = &(*at)->next)
    (*at)->link = at;
}
} // namespace

std::uint64_t timer_wheel::advance(std::uint64_t tick) noexcept {
  std::uint64_t fired = 0;
  slot_place found;
  while (find(found) && found.start <= tick) {
    if (found.start > present)
      present = found.start;
    timer_node *due = heads[found.level][found.slot];
    heads[found.level][found.slot] = nullptr;
    occupied[found.level] &= ~(std::uint64_t(1) << found.slot);
    due->link = &due;
    put_in_order(due, found.level == 0);
    while (timer_node *node = due) {
      cancel(*node); // out of `due`, whose rest others may cancel meanwhile
      if (found.level == 0) {
        ++fired;
        node->fire(node);
      } else {
        place(*node);
      }
    }
  }
  if (tick > present)
    present = tick;
  return fired;
}

} // namespace tenterhook
