// The thread half of the runtime in one small program: a checksum of many texts, computed by a pool, gathered through a
// queue, counted under a lock, and once more in child processes. Every type of docs/runtime-threads.md is used once.
#include <tenterhook/as_completed.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/mutex.h>
#include <tenterhook/process_pool.h>
#include <tenterhook/shared_mutex.h>
#include <tenterhook/thread_pool.h>

#include <cstdio>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

using namespace tenterhook;

namespace {

unsigned checksum(const std::string &text) {
  return std::accumulate(text.begin(), text.end(), 17u, [](unsigned sum, char each) { return sum * 31 + unsigned(each); });
}

// Readers share it, a writer has it alone.
class cache {
public:
  void store(const std::string &text, unsigned sum) {
    std::unique_lock writer(guard_);
    sums_[text] = sum;
  }
  std::size_t size() const {
    std::shared_lock reader(guard_);
    return sums_.size();
  }

private:
  mutable shared_mutex guard_;
  std::map<std::string, unsigned> sums_;
};

// Opens when it was counted down.
class gate {
public:
  explicit gate(int count) : left_(count) {}
  void count_down() {
    std::lock_guard guard(mutex_);
    if (--left_ == 0)
      opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return left_ == 0; });
  }

private:
  mutex mutex_;
  condition_variable opened_;
  int left_;
};

} // namespace

int main() {
  std::vector<std::string> texts;
  for (int i = 0; i != 100; ++i)
    texts.push_back("text " + std::to_string(i));

  // Children first: fork() wants a process without threads.
  process_pool<unsigned(const std::string &)> processes(2, checksum);

  thread_pool pool(2);
  std::vector<unsigned> expected = pool.map(texts, checksum);

  // Futures, in the order in which they become ready.
  std::vector<future<unsigned>> futures;
  for (const std::string &text : texts)
    futures.push_back(pool.submit([&text] { return checksum(text); }));
  bool right = true;
  for (auto [index, done] : as_completed(std::move(futures)))
    right = right && done.get() == expected[index];

  // A continuation, on the pool; an exception would go past it to get().
  future<std::string> report = pool.submit([&] { return checksum(texts[0]); }).then(pool, [](unsigned sum) {
    return "the first checksum is " + std::to_string(sum);
  });
  std::puts(report.get().c_str());

  // Workers over a bounded queue, which end when it is closed.
  blocking_queue<std::string> jobs(8);
  cache sums;
  gate ended(3);
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i != 3; ++i)
      workers.emplace_back([&] {
        while (std::optional<std::string> text = jobs.get()) {
          sums.store(*text, checksum(*text));
          jobs.task_done();
        }
        ended.count_down();
      });
    for (const std::string &text : texts)
      jobs.put(text);
    jobs.join(); // all are in the cache now
    right = right && sums.size() == texts.size();
    jobs.close();
    ended.wait();
  }

  // The same in the children; one that died would be an error of its item.
  std::size_t same = 0;
  std::size_t index = 0;
  for (const process_result<unsigned> &each : processes.try_map(texts))
    same += each.has_value() && each.value() == expected[index++];
  std::printf("%zu of %zu checksums agree between threads and processes\n", same, texts.size());
  return right && same == texts.size() ? 0 : 1;
}
