// A library whose source is built with the project.
#pragma once
#include "../../../Inputs/task.h"
#include <thread>

namespace vendor {
namespace detail {
inline void wait() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
} // namespace detail
inline void load() { detail::wait(); }
template <typename F> void for_each(F f) { f(); }
inline task<> poll() {
  detail::wait();
  co_await tick();
}
} // namespace vendor
