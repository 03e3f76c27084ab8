// Which thread it is, asked as a formula: what does not run on the loop's thread may wait.
// RUN: %verify %s --config %S/Inputs/ready.yaml
#include "../Inputs/task.h"
#include <future>
#include <thread>

namespace library {
struct Loop {
  bool is_mine() const;
};
} // namespace library
void use(int);

struct Service {
  library::Loop *loop;
  std::thread::id id;
  bool open = true;
  bool here() const { return loop->is_mine(); }
  bool elsewhere() const { return std::this_thread::get_id() != id; }
  bool is_mine() const { return open; } // a name says nothing
  void kept(std::future<int> f) {
    const bool mine = loop->is_mine();
    if (!mine)
      use(f.get());
  }
  void in_a_helper(std::future<int> f) {
    if (here())
      return;
    use(f.get());
  }
  void by_its_id(std::future<int> f) {
    if (elsewhere())
      use(f.get());
  }
  void by_a_kept_id(std::future<int> f) {
    auto self = std::this_thread::get_id();
    if (self == id)
      return;
    use(f.get());
  }
  void with_more(std::future<int> f, bool closing) {
    if (!closing && !here())
      use(f.get());
  }
  void or_more(std::future<int> f, bool closing) {
    if (closing || !here())
      use(f.get()); // finding: blocking-call-in-coroutine
  }
  void the_other_way(std::future<int> f) {
    if (std::this_thread::get_id() == id)
      use(f.get()); // finding: blocking-call-in-coroutine
  }
  void by_name(std::future<int> f) {
    if (!is_mine())
      use(f.get()); // finding: blocking-call-in-coroutine
  }
};
task<> stops(Service s, std::future<int> a, std::future<int> b, std::future<int> c) {
  s.kept(std::move(a));
  s.in_a_helper(std::move(a));
  s.by_its_id(std::move(a));
  s.by_a_kept_id(std::move(a));
  s.with_more(std::move(a), false);
  s.or_more(std::move(b), false);
  s.the_other_way(std::move(c));
  s.by_name(std::move(c));
  co_await tick();
}
