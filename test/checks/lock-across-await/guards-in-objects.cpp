// RUN: %verify %s
// Guards inside of other objects: members, optional, unique_ptr, pair, containers.
#include "../Inputs/task.h"
#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

std::mutex g_mutex;
struct aggregate {
  std::unique_lock<std::mutex> lock;
  int n = 0;
};
struct transaction {
  explicit transaction(std::mutex &m) : lock_(m) {}
  void commit() { lock_.unlock(); }
  std::unique_lock<std::mutex> lock_;
};
class scope {
public:
  scope() : lock_(g_mutex) { use(1); }

private:
  std::lock_guard<std::mutex> lock_;
};
class outer_scope {
  scope inner_;
};
struct opened {
  std::unique_lock<std::mutex> lock;
  void open() { lock = std::unique_lock<std::mutex>(g_mutex); }
  void close() { lock.unlock(); }
};

task<> in_aggregate() {
  aggregate a{std::unique_lock(g_mutex)};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_aggregate_designated() {
  aggregate a{.lock = std::unique_lock(g_mutex), .n = 1};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_aggregate_unlocked() {
  aggregate a{std::unique_lock(g_mutex)};
  a.lock.unlock();
  co_await tick();
}
task<> in_aggregate_ended() {
  { aggregate a{std::unique_lock(g_mutex)}; }
  co_await tick();
}
task<> in_aggregate_moved() {
  aggregate kept;
  {
    aggregate a{std::unique_lock(g_mutex)};
    kept = std::move(a);
  }
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_class() {
  transaction t(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_class_committed() {
  transaction t(g_mutex);
  t.commit();
  co_await tick();
}
task<> in_class_ended() {
  { transaction t(g_mutex); }
  co_await tick();
}
task<> in_class_default() {
  scope s;
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_class_default_ended() {
  { scope s; }
  co_await tick();
}
task<> in_class_nested() {
  outer_scope s;
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> assigned_by_method() {
  opened o;
  o.open();
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> assigned_by_method_closed() {
  opened o;
  o.open();
  o.close();
  co_await tick();
}
task<> in_optional() {
  std::optional<std::lock_guard<std::mutex>> lock;
  lock.emplace(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_optional_reset() {
  std::optional<std::lock_guard<std::mutex>> lock;
  lock.emplace(g_mutex);
  lock.reset();
  co_await tick();
}
task<> in_optional_nullopt() {
  std::optional<std::unique_lock<std::mutex>> lock(std::in_place, g_mutex);
  lock = std::nullopt;
  co_await tick();
}
task<> in_optional_in_place() {
  std::optional<std::unique_lock<std::mutex>> lock(std::in_place, g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_optional_unlocked() {
  std::optional<std::unique_lock<std::mutex>> lock(std::in_place, g_mutex);
  lock->unlock();
  co_await tick();
}
task<> in_optional_empty() {
  std::optional<std::lock_guard<std::mutex>> lock;
  co_await tick();
}
task<> in_optional_sometimes(bool c) {
  std::optional<std::lock_guard<std::mutex>> lock;
  if (c)
    lock.emplace(g_mutex);
  use(1);
  if (c)
    lock.reset();
  co_await tick();
}
task<> in_unique_ptr() {
  auto lock = std::make_unique<std::lock_guard<std::mutex>>(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_unique_ptr_reset() {
  auto lock = std::make_unique<std::unique_lock<std::mutex>>(g_mutex);
  lock.reset();
  co_await tick();
}
task<> in_unique_ptr_null() {
  auto lock = std::make_unique<std::unique_lock<std::mutex>>(g_mutex);
  lock = nullptr;
  co_await tick();
}
task<> in_unique_ptr_from_new() {
  std::unique_ptr<std::lock_guard<std::mutex>> lock(new std::lock_guard<std::mutex>(g_mutex));
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> on_heap() {
  auto *lock = new std::lock_guard<std::mutex>(g_mutex);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
  delete lock;
}
task<> on_heap_deleted() {
  auto *lock = new std::lock_guard<std::mutex>(g_mutex);
  delete lock;
  co_await tick();
}
task<> in_pair() {
  std::pair<std::unique_lock<std::mutex>, int> held(std::unique_lock(g_mutex), 1);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_tuple() {
  std::tuple<std::unique_lock<std::mutex>> held{std::unique_lock(g_mutex)};
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_vector() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.emplace_back(g_mutex);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_vector_cleared() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.emplace_back(g_mutex);
  held.clear();
  co_await tick();
}
task<> in_lambda_capture() {
  auto keep = [lock = std::unique_lock(g_mutex)] { return lock.owns_lock(); };
  co_await tick(); // finding: lock-across-await "'g_mutex'"
  use(keep());
}

// A guard that an object keeps, locked by a method that returns nothing, or something else.
class store {
public:
  void begin() { lock_.lock(); }
  bool try_begin() {
    lock_.lock();
    return true;
  }
  task<> begin_later() {
    lock_.lock();
    co_return;
  }
  void end() { lock_.unlock(); }

private:
  std::unique_lock<std::mutex> lock_{g_mutex, std::defer_lock};
};
task<> in_member_of_a_parameter(store &s) {
  s.begin();
  co_await tick(); // finding: lock-across-await likely "locks 's.lock_', in 'store::begin'"
  s.end();
  co_await tick();
}
task<> in_member_with_a_result(store &s) {
  use(s.try_begin());
  co_await tick(); // finding: lock-across-await likely "locks 's.lock_', in 'store::try_begin'"
}
task<> in_member_awaited(store &s) {
  co_await s.begin_later();
  co_await tick(); // finding: lock-across-await likely "locks 's.lock_', in 'store::begin_later'"
}
task<> guard_of_a_caller(std::unique_lock<std::mutex> &lock) {
  lock.lock();
  co_await tick(); // finding: lock-across-await "locks 'lock'"
}

// Made by no one's constructor, in a base, in arrays, in options that a function gives back.
struct with_initialiser {
  std::lock_guard<std::mutex> lock{g_mutex};
};
struct derived : with_initialiser {
  int n = 0;
};
std::optional<std::unique_lock<std::mutex>> maybe(bool c) {
  if (c)
    return std::nullopt;
  return std::unique_lock(g_mutex);
}
void acquire_into(std::optional<std::unique_lock<std::mutex>> &out) { out.emplace(g_mutex); }
task<> in_default_member() {
  with_initialiser w;
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_base() {
  derived d;
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_base_ended() {
  { derived d; }
  co_await tick();
}
task<> in_array() {
  std::unique_lock<std::mutex> locks[2] = {std::unique_lock(g_mutex), {}};
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_array_unlocked() {
  std::unique_lock<std::mutex> locks[2] = {std::unique_lock(g_mutex), {}};
  locks[0].unlock();
  co_await tick();
}
task<> in_returned_optional_checked(bool c) {
  if (auto lock = maybe(c))
    use(1);
  else
    co_await tick();
}
task<> in_returned_optional_has_value(bool c) {
  auto lock = maybe(c);
  if (!lock.has_value())
    co_await tick();
  else
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> in_optional_of_caller() {
  std::optional<std::unique_lock<std::mutex>> lock;
  acquire_into(lock);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_chosen(bool c) {
  std::unique_lock<std::mutex> lock = c ? std::unique_lock(g_mutex) : std::unique_lock<std::mutex>();
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_pair_unlocked() {
  std::pair<std::unique_lock<std::mutex>, int> held(std::unique_lock(g_mutex), 1);
  held.first.unlock();
  co_await tick();
}
task<> in_tuple_unlocked() {
  std::tuple<std::unique_lock<std::mutex>> held{std::unique_lock(g_mutex)};
  std::get<0>(held).unlock();
  co_await tick();
}
task<> in_vector_unlocked() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.push_back(std::unique_lock(g_mutex));
  held.back().unlock();
  co_await tick();
}
task<> in_vector_all_unlocked() { // there is an element, so the loop runs
  std::vector<std::unique_lock<std::mutex>> held;
  held.push_back(std::unique_lock(g_mutex));
  for (auto &lock : held)
    lock.unlock();
  co_await tick();
}
task<> in_vector_perhaps_all_unlocked(bool c) {
  std::vector<std::unique_lock<std::mutex>> held;
  if (c)
    held.emplace_back(g_mutex);
  for (auto &lock : held)
    lock.unlock();
  co_await tick();
}
task<> in_vector_looked_at() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.push_back(std::unique_lock(g_mutex));
  for (auto &lock : held)
    use(lock.owns_lock());
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> in_vector_within_the_loop() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.push_back(std::unique_lock(g_mutex));
  for (auto &lock : held) {
    co_await tick(); // finding: lock-across-await "'g_mutex'"
    lock.unlock();
  }
  co_await tick();
}
task<> in_vector_unlocked_at_times(bool c) {
  std::vector<std::unique_lock<std::mutex>> held;
  held.push_back(std::unique_lock(g_mutex));
  for (auto &lock : held)
    if (c)
      lock.unlock();
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
// The whole object is swapped or exchanged away.
task<> optional_swapped() {
  std::optional<std::unique_lock<std::mutex>> a(g_mutex), b;
  std::swap(a, b);
  b.reset();
  co_await tick();
}
task<> optional_swapped_and_kept() {
  std::optional<std::unique_lock<std::mutex>> a(g_mutex), b;
  a.swap(b);
  a.reset();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> optional_exchanged() {
  std::optional<std::unique_lock<std::mutex>> a(g_mutex);
  { auto gone = std::exchange(a, std::nullopt); }
  co_await tick();
}
task<> pointer_swapped() {
  auto a = std::make_unique<std::unique_lock<std::mutex>>(g_mutex);
  std::unique_ptr<std::unique_lock<std::mutex>> b;
  a.swap(b);
  b.reset();
  co_await tick();
}
task<> pointer_exchanged() {
  auto a = std::make_unique<std::lock_guard<std::mutex>>(g_mutex);
  { auto gone = std::exchange(a, nullptr); }
  co_await tick();
}
task<> pointer_exchanged_and_kept() {
  auto a = std::make_unique<std::lock_guard<std::mutex>>(g_mutex);
  auto kept = std::exchange(a, nullptr);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> vector_swapped() {
  std::vector<std::unique_lock<std::mutex>> a, b;
  a.push_back(std::unique_lock(g_mutex));
  a.swap(b);
  b.clear();
  co_await tick();
}
task<> in_vector_of_a_loop(std::vector<std::mutex *> all) {
  std::vector<std::unique_lock<std::mutex>> held;
  for (std::mutex *m : all)
    held.emplace_back(*m);
  for (auto &lock : held)
    lock.unlock();
  co_await tick();
}

// Bindings name the parts of a pair.
static std::mutex first_half, second_half;
task<> bound_and_unlocked() {
  auto [x, y] = std::pair{std::unique_lock(first_half), std::unique_lock(second_half)};
  x.unlock();
  y.unlock();
  co_await tick();
}
task<> bound_in_a_tuple_and_unlocked() {
  auto [x, y, z] = std::tuple{std::unique_lock(first_half), std::unique_lock(second_half), std::unique_lock(g_mutex)};
  z.unlock();
  y.unlock();
  x.unlock();
  co_await tick();
}
task<> one_part_unlocked() {
  auto [x, y] = std::pair{std::unique_lock(first_half), std::unique_lock(second_half)};
  x.unlock();
  co_await tick(); // finding: lock-across-await certain "'second_half'"
}
task<> the_other_part_unlocked() {
  auto [x, y] = std::pair{std::unique_lock(first_half), std::unique_lock(second_half)};
  y.unlock();
  co_await tick(); // finding: lock-across-await certain "'first_half'"
}
task<> locked_again() {
  auto [x, y] = std::pair{std::unique_lock(first_half), std::unique_lock(second_half)};
  x.unlock();
  y.unlock();
  y.lock();
  co_await tick(); // finding: lock-across-await certain "'second_half'"
}
task<> kept_in_parts() {
  auto [x, y] = std::pair{std::unique_lock(first_half), std::unique_lock(second_half)};
  co_await tick(); // finding: lock-across-await certain
}
task<> unlocked_by_get() {
  std::pair both{std::unique_lock(first_half), std::unique_lock(second_half)};
  std::get<0>(both).unlock();
  std::get<1>(both).unlock();
  co_await tick();
}

// Lists within lists, and std::array: what is in them ends with them.
struct whole {
  aggregate part;
  int n = 0;
};
struct row {
  std::unique_lock<std::mutex> locks[2];
};
task<> nested_list() {
  whole object{{std::unique_lock(g_mutex)}, 3};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> nested_list_ends() {
  { whole object{{std::unique_lock(g_mutex)}, 3}; }
  co_await tick();
}
task<> nested_list_unlocked() {
  whole object{{std::unique_lock(g_mutex)}, 3};
  object.part.lock.unlock();
  co_await tick();
}
task<> nested_lists_in_array() {
  whole all[2] = {{{std::unique_lock(first_half)}, 3}, {{std::unique_lock(second_half)}, 3}};
  co_await tick(); // finding: lock-across-await certain "'first_half' and 'second_half'"
}
task<> nested_lists_in_array_end() {
  { whole all[2] = {{{std::unique_lock(first_half)}, 3}, {{std::unique_lock(second_half)}, 3}}; }
  co_await tick();
}
task<> array_member_ends() {
  { row object{{std::unique_lock(first_half), std::unique_lock(second_half)}}; }
  { row object{std::unique_lock(first_half), std::unique_lock(second_half)}; }
  co_await tick();
}
task<> std_array() {
  std::array<std::unique_lock<std::mutex>, 2> both{std::unique_lock(first_half), std::unique_lock(second_half)};
  co_await tick(); // finding: lock-across-await certain "'first_half' and 'second_half'"
}
task<> std_array_ends() {
  { std::array<std::unique_lock<std::mutex>, 2> both{std::unique_lock(first_half), std::unique_lock(second_half)}; }
  co_await tick();
}
task<> std_array_unlocked() {
  std::array<std::unique_lock<std::mutex>, 2> both{std::unique_lock(first_half), std::unique_lock(second_half)};
  both[0].unlock();
  both[1].unlock();
  co_await tick();
}
task<> moved_in_nested_list() {
  whole object;
  object.part.lock = std::unique_lock(g_mutex);
  { whole other{{std::move(object.part.lock)}, 3}; }
  co_await tick();
}

// What nobody can say of the parts: some of them, or all, are let go.
task<> resized_away(std::size_t n) {
  std::vector<std::unique_lock<std::mutex>> all;
  all.emplace_back(g_mutex);
  all.resize(n);
  co_await tick(); // finding: lock-across-await likely "'g_mutex'"
}
task<> applied() {
  std::tuple both{std::unique_lock(first_half), std::unique_lock(second_half)};
  std::apply([](auto &...lock) { (lock.unlock(), ...); }, both);
  co_await tick();
}
