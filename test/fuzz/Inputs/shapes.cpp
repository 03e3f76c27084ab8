// A seed for mutants: each kind of expression, statement and declaration that the walkers of checks/extract look at, in
// one file that parses fast. It is no example of anything.
#include <coroutine>
#include <mutex>

struct task {
  struct promise_type {
    task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int) { return {}; }
    auto await_transform(task t) { return t; }
    auto await_transform(std::suspend_always s) { return s; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) { return h; }
  void await_resume() {}
  std::coroutine_handle<promise_type> handle;
};

template <class T> concept Lockable = requires(T &t) { t.lock(); t.unlock(); };

struct part {
  int first = 1;
  int second{first + 1};
  struct { int inner[3]; } deep;
};

template <class T> struct box {
  T *begin() { return items; }
  T *end() { return items + 3; }
  T items[3];
  template <class F> auto each(F f) -> decltype(f(items[0])) {
    for (auto &item : *this) f(item);
    return f(items[0]);
  }
};

template <class T> struct holder {
  box<T> parts;
  int sum() {
    int all = 0;
    for (auto &p : parts) all += p.first;
    return all;
  }
};

class base {
public:
  explicit base(int n = 3) : n_(n), parts_{.first = n, .second = 2} {}
  base(const base &) = default;
  virtual ~base() { delete next_; }
  virtual int run(int by = default_step()) { return n_ += by; }
  static int default_step() { return 2; }

protected:
  int n_;
  int *pointer_ = &n_;
  part parts_;
  base *next_ = nullptr;
};

class derived final : public base {
public:
  using base::base;
  derived(int a, int b) try : base(a), lock_(mutex_), reference_(n_) { n_ = b; } catch (...) { throw; }
  int run(int by) override {
    std::lock_guard guard(mutex_);
    return by ? base::run(by) : reference_;
  }
  operator bool() const { return n_ != 0; }
  derived &operator+=(int n) { return n_ += n, *this; }
  task operator()(int n) &;

private:
  std::mutex mutex_;
  std::unique_lock<std::mutex> lock_;
  int &reference_ = n_;
};

inline int counter = base::default_step();
thread_local part per_thread{4, 5};
template <class T> T zero = T();
auto at_start = [](int n) { return n + counter; };

task derived::operator()(int n) & {
  auto captured = [this, n, copy = n + 1, &ref = n]<class T>(T by) mutable { return run(by + copy + ref); };
  co_await task(*this ? task{} : task{});
  for (int i = 0; i < n; ++i) co_yield captured(i);
  co_return;
}

template <Lockable L> int under(L &lock, auto &&work) requires(sizeof(L) > 1) {
  lock.lock();
  struct guard {
    L &of;
    ~guard() { of.unlock(); }
  } held{lock};
  return work();
}

task session(derived &object, part *p, holder<part> &all) {
  auto [first, second, deep] = *p;
  if (std::unique_lock held(*new std::mutex); held && first) co_await object(second);
  switch (int k = all.sum(); k) {
  case 1 ... 3: ++p->second; break;
  case 4: goto out;
  default: p[1].deep.inner[k % 3] = (void(first), k);
  }
  do {
    try {
      if (!object) throw object.run(1);
    } catch (const int &e) {
      first = e;
    } catch (...) {
      co_return;
    }
  } while (first-- > 0);
out:
  part made[] = {{.first = 1}, {2, 3}};
  base *b = new (std::nothrow) derived(1, 2);
  auto method = &base::run;
  (b->*method)(made[0].first), b->~base();
  static int calls = at_start(1);
  int value = ({ int t = calls; t * 2; });
  all.parts.each([&](auto &q) { return q.first + value + zero<int>; });
  std::mutex m;
  under(m, [=, &m] { return noexcept(m.lock()) ? 1 : static_cast<int>(sizeof(m)); });
  if constexpr (sizeof(int) == 4) co_await std::suspend_always{};
  while (bool on = object) { object += on; continue; }
  delete b;
}

int main(int argc, char **argv) {
  derived object(argc, 1);
  holder<part> all{};
  session(object, all.parts.items, all).handle.resume();
  return argv[0][0] == 'x' ? object.run(2) : int(object.operator bool());
}
