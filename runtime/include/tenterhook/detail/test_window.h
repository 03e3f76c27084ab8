// Named places at which a race has its window: the tests make the window wide there. Nothing at all outside of the
// tests, which compile the runtime's sources with TENTERHOOK_TEST_WINDOWS.
//
// A place is where one side has told the other of something and still has a step of its own to do. What may go away in
// between is what the test then takes away.
#ifndef TENTERHOOK_DETAIL_TEST_WINDOW_H
#define TENTERHOOK_DETAIL_TEST_WINDOW_H

#if defined(TENTERHOOK_TEST_WINDOWS)
#include <atomic>

namespace tenterhook::detail {
// Called at each place by whatever thread is there; null: nothing is. The test that sets it takes it back.
inline std::atomic<void (*)(const char *place) noexcept> test_window{nullptr};
} // namespace tenterhook::detail

#define TENTERHOOK_TEST_WINDOW(place)                                                                                            \
  do {                                                                                                                           \
    if (auto *widen = ::tenterhook::detail::test_window.load(std::memory_order_acquire))                                         \
      widen(place);                                                                                                              \
  } while (false)
#else
#define TENTERHOOK_TEST_WINDOW(place) ((void)0)
#endif

#endif
