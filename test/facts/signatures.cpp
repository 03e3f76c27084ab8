// What is known of functions without a body: parameters, what they may write, language linkage, exceptions; and Clang's
// thread-safety attributes with their expressions as paths.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <functional>

#define CAPABILITY(x) __attribute__((capability(x)))
#define SCOPED __attribute__((scoped_lockable))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define PT_GUARDED_BY(x) __attribute__((pt_guarded_by(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TRY(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define SHARED(...) __attribute__((requires_shared_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

class CAPABILITY("mutex") Mutex {
public:
  void lock() ACQUIRE();
  void unlock() RELEASE();
  bool try_lock() TRY(true);
};
class SCOPED Guard {
public:
  Guard(Mutex *m) ACQUIRE(m);
  ~Guard() RELEASE();
};
Mutex global_mutex;
int counted GUARDED_BY(global_mutex);

class Account {
public:
  void deposit(int) EXCLUDES(mutex_);
  int locked_balance() const SHARED(mutex_);
  void move_to(Account *other) REQUIRES(mutex_, other->mutex_);
  int balance(int x = 1) const noexcept;

private:
  mutable Mutex mutex_;
  int balance_ GUARDED_BY(mutex_);
  int *log_ PT_GUARDED_BY(&mutex_);
};
extern "C" long read_all(int, const char *, void *, ...);
void keep(std::function<void()>, std::function<void()> &&);

void use(Account *a, Account *b) {
  a->move_to(b);
  a->balance(1);
  a->deposit(1);
  a->locked_balance();
  read_all(1, "", a);
  keep(nullptr, nullptr);
  Guard g(&global_mutex);
  ++counted;
}
struct Reader {
  Account a;
};
Reader reader;

// CHECK-DAG: function-entity Account::move_to(Account *)
// CHECK-DAG: function-entity Account::balance(int = default) : int [const noexcept]
// CHECK-DAG: function-entity read_all(int, const char *, void *, ...) : long [C]
// CHECK-DAG: function-entity keep(std::function<void ()>, std::function<void ()> &&)
// CHECK-DAG: field-entity Account::mutex_ : Mutex [mutable]
// CHECK-DAG: capability guarded_by(global_mutex) on counted
// CHECK-DAG: capability guarded_by(this->mutex_) on Account::balance_
// CHECK-DAG: capability pt_guarded_by(this->mutex_) on Account::log_
// CHECK-DAG: capability requires_capability(this->mutex_, {{.*}}mutex_) on Account::move_to
// CHECK-DAG: capability requires_shared_capability(this->mutex_) on Account::locked_balance
// CHECK-DAG: capability locks_excluded(this->mutex_) on Account::deposit
// CHECK-DAG: type Mutex [{{.*}}] capability(mutex)
// CHECK-DAG: type Guard [{{.*}}scoped-capability{{.*}}]
