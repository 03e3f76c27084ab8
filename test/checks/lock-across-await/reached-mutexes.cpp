// RUN: %verify %s
// However the mutex is reached: `this`, nested fields, smart pointers, arrays, containers, accessors, statics.
#include "../Inputs/task.h"
#include <array>
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
    co_await tick(); // finding: lock-across-await certain "'state.mutex'"
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
