// RUN: %verify %s
// However the mutex is reached: `this`, nested fields, smart pointers, arrays, containers, accessors, statics.
#include "../Inputs/task.h"
#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct shared_state {
  std::mutex mutex;
  int value = 0;
  std::mutex &lock_of() { return mutex; }
};
struct connection {
  std::shared_ptr<shared_state> state_;
  std::unique_ptr<shared_state> own_;
  std::mutex mutex_;
  mutable std::mutex mutable_;
  static inline std::mutex s_mutex_;
  std::array<std::mutex, 4> shards_;
  std::vector<shared_state> many_;
  std::map<std::string, shared_state> named_;
  std::mutex *borrowed_ = nullptr;

  task<> by_this() {
    std::lock_guard lock(mutex_);
    co_await tick(); // finding: lock-across-await certain "keeps 'mutex_' locked"
  }
  task<> by_this_fixed() {
    { std::lock_guard lock(mutex_); }
    co_await tick();
  }
  task<> by_this_explicitly() const {
    std::lock_guard lock(this->mutable_);
    co_await tick(); // finding: lock-across-await certain "'mutable_'"
  }
  task<> by_static() {
    std::lock_guard lock(s_mutex_);
    co_await tick(); // finding: lock-across-await certain "s_mutex_'"
  }
  task<> by_shared_pointer() {
    std::lock_guard lock(state_->mutex);
    co_await tick(); // finding: lock-across-await certain "'state_.mutex'"
  }
  task<> by_shared_pointer_unlocked() {
    std::unique_lock lock(state_->mutex);
    lock.unlock();
    co_await tick();
  }
  task<> by_hand_through_pointers() {
    state_->mutex.lock();
    co_await tick(); // finding: lock-across-await certain "'state_.mutex'"
    state_->mutex.unlock();
  }
  task<> by_hand_through_pointers_fixed() {
    state_->mutex.lock();
    own_->mutex.lock();
    own_->mutex.unlock();
    (*state_).mutex.unlock();
    co_await tick();
  }
  task<> by_hand_through_get() {
    state_.get()->mutex.lock();
    state_->mutex.unlock();
    co_await tick();
  }
  task<> by_unique_pointer() {
    std::lock_guard lock(own_->mutex);
    co_await tick(); // finding: lock-across-await certain "'own_.mutex'"
  }
  task<> by_array(int i) {
    std::lock_guard lock(shards_[i]);
    co_await tick(); // finding: lock-across-await certain
  }
  task<> by_array_by_hand(int i) {
    shards_[i].lock();
    shards_[i].unlock();
    co_await tick();
  }
  task<> by_vector(int i) {
    std::lock_guard lock(many_[i].mutex);
    co_await tick(); // finding: lock-across-await certain
  }
  task<> by_map() {
    std::lock_guard lock(named_["a"].mutex);
    co_await tick(); // finding: lock-across-await certain
  }
  task<> by_map_by_hand() {
    named_["a"].mutex.lock();
    named_["a"].mutex.unlock();
    co_await tick();
  }
  task<> by_at_by_hand() {
    many_.at(1).mutex.lock();
    many_.at(1).mutex.unlock();
    co_await tick();
  }
  task<> by_borrowed() {
    std::lock_guard lock(*borrowed_);
    co_await tick(); // finding: lock-across-await certain "'borrowed_'"
  }
  task<> by_local_reference() {
    std::mutex &m = state_->mutex;
    m.lock();
    state_->mutex.unlock();
    co_await tick();
  }
  task<> by_local_pointer() {
    auto *state = state_.get();
    state->mutex.lock();
    co_await tick(); // finding: lock-across-await certain
    state->mutex.unlock();
  }
  task<> by_local_copy_of_pointer() {
    auto state = state_;
    std::lock_guard lock(state->mutex);
    co_await tick(); // finding: lock-across-await certain "'state_.mutex'"
  }
  task<> by_accessor() {
    std::lock_guard lock(state_->lock_of());
    co_await tick(); // finding: lock-across-await certain
  }
  task<> by_accessor_by_hand() {
    state_->lock_of().lock();
    state_->lock_of().unlock();
    co_await tick();
  }
  task<> by_range() {
    for (auto &s : many_) {
      std::lock_guard lock(s.mutex);
      co_await tick(); // finding: lock-across-await certain "'many_.mutex'"
    }
  }
  task<> by_range_fixed() {
    for (auto &s : many_) {
      s.mutex.lock();
      s.mutex.unlock();
      co_await tick();
    }
  }
};
std::mutex &global_mutex() {
  static std::mutex mutex;
  return mutex;
}
task<> function_static() {
  std::lock_guard lock(global_mutex());
  co_await tick(); // finding: lock-across-await certain
}
task<> own_static() {
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  co_await tick(); // finding: lock-across-await certain "mutex'"
}
task<> deep(connection &c) {
  std::lock_guard lock(c.state_->mutex);
  co_await tick(); // finding: lock-across-await certain "'c.state_.mutex'"
}
task<> structured() {
  static std::pair<std::mutex, int> both;
  auto &[mutex, count] = both;
  std::lock_guard lock(mutex);
  co_await save(count); // finding: lock-across-await certain
}
task<> made_shared() {
  auto state = std::make_shared<shared_state>();
  std::lock_guard lock(state->mutex);
  co_await tick(); // finding: lock-across-await certain "'state.mutex'"
}

// Locked by one name and unlocked by another: what nobody can tell is not certain.
struct item {
  std::mutex mutex;
  item *next = nullptr;
  int n = 0;
};
struct items {
  item *first;
  std::shared_ptr<item> shared;
  std::vector<item *> all;
  std::map<int, item> by_number;
};
task<> copy_of_shared(items &i) {
  auto copy = i.shared;
  copy->mutex.lock();
  i.shared->mutex.unlock();
  co_await tick();
}
task<> copy_of_shared_held(items &i) {
  i.shared->mutex.lock();
  { auto copy = i.shared; }
  co_await tick(); // finding: lock-across-await certain
}
task<> pointer_set_later(items &i) {
  item *one;
  one = i.first;
  one->mutex.lock();
  i.first->mutex.unlock();
  co_await tick();
}
task<> pointer_set_twice(items &i, bool other) {
  item *one = i.first;
  if (other)
    one = i.shared.get();
  one->mutex.lock();
  if (other)
    i.shared->mutex.unlock();
  else
    i.first->mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> iterator_and_element(items &i) {
  auto it = i.by_number.find(1);
  it->second.mutex.lock();
  i.by_number.at(1).mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> element_and_pointer(items &i) {
  i.all[0]->mutex.lock();
  item *one = i.all.front();
  one->mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> hand_over_hand(item *start) {
  start->mutex.lock();
  for (item *at = start; at;) {
    item *next = at->next;
    if (next)
      next->mutex.lock();
    at->mutex.unlock();
    at = next;
  }
  co_await tick(); // finding: lock-across-await likely
}
void unlock_all(std::initializer_list<std::mutex *> all) {
  for (std::mutex *mutex : all)
    mutex->unlock();
}
task<> listed(item &a) {
  a.mutex.lock();
  unlock_all({&a.mutex});
  co_await tick(); // finding: lock-across-await likely
}
task<> wrapped_reference(item &a) {
  std::reference_wrapper<std::mutex> wrapped(a.mutex);
  wrapped.get().lock();
  a.mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
struct unlocker {
  void (*unlock)(void *);
  void *mutex;
  ~unlocker() { unlock(mutex); }
};
task<> by_void_pointer(item &a) {
  a.mutex.lock();
  { unlocker end{[](void *mutex) { static_cast<std::mutex *>(mutex)->unlock(); }, &a.mutex}; }
  co_await tick();
}
// Others are others: two parameters, members of one object, another class of lock.
task<> another_parameter(item &a, item &b) {
  a.mutex.lock();
  b.mutex.unlock();
  co_await tick(); // finding: lock-across-await certain "'a.mutex'"
}
task<> another_member(item &a) {
  a.mutex.lock();
  a.next->mutex.unlock();
  co_await tick(); // finding: lock-across-await certain "'a.mutex'"
}
std::recursive_mutex *any_recursive();
task<> another_class(item &a) {
  a.mutex.lock();
  any_recursive()->unlock();
  co_await tick(); // finding: lock-across-await certain "'a.mutex'"
}
