// A queue of jobs for a pool of threads: no asio, much of the standard library.
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <map>
#include <mutex>
#include <queue>
#include <regex>
#include <string>
#include <thread>
#include <vector>

class Pool {
public:
  explicit Pool(unsigned size) {
    for (unsigned i = 0; i < size; ++i)
      threads_.emplace_back([this](std::stop_token stop) { work(stop); });
  }
  ~Pool() {
    for (std::jthread &thread : threads_)
      thread.request_stop();
    more_.notify_all();
  }
  template <typename F> auto submit(F f) -> std::future<decltype(f())> {
    auto task = std::make_shared<std::packaged_task<decltype(f())()>>(std::move(f));
    std::lock_guard lock(mutex_);
    jobs_.push([task] { (*task)(); });
    more_.notify_one();
    return task->get_future();
  }

private:
  void work(std::stop_token stop) {
    for (;;) {
      std::unique_lock lock(mutex_);
      more_.wait(lock, stop, [this] { return !jobs_.empty(); });
      if (jobs_.empty())
        return;
      auto job = std::move(jobs_.front());
      jobs_.pop();
      lock.unlock();
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any more_;
  std::queue<std::function<void()>> jobs_;
  std::vector<std::jthread> threads_;
};

std::map<std::string, int> count_words(const std::filesystem::path &path) {
  static const std::regex word("[a-z]+");
  std::map<std::string, int> counts;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);)
    for (std::sregex_iterator it(line.begin(), line.end(), word), end; it != end; ++it)
      ++counts[it->str()];
  return counts;
}

int main(int argc, char **argv) {
  Pool pool(std::thread::hardware_concurrency());
  std::vector<std::future<std::map<std::string, int>>> parts;
  for (int i = 1; i < argc; ++i)
    parts.push_back(pool.submit([path = argv[i]] { return count_words(path); }));
  std::map<std::string, int> sum;
  for (auto &part : parts)
    for (const auto &[word, count] : part.get())
      sum[word] += count;
  for (const auto &[word, count] : sum)
    std::cout << word << ' ' << count << '\n';
}
