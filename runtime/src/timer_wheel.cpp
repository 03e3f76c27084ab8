// Finding and emptying the next slot of the wheel.
#include <tenterhook/timer_wheel.h>

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
// Slots are filled at the front: turned around, the oldest is first. Every `link` is made right again.
void reverse(timer_node *&head) noexcept {
  timer_node *turned = nullptr;
  while (timer_node *node = head) {
    head = node->next;
    node->next = turned;
    turned = node;
  }
  head = turned;
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
    reverse(due);
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
