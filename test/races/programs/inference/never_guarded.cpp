// The mutex guards the queue; the debug name is never touched under it, so no contract covers it: no finding.
#include <mutex>
#include <string>
#include <vector>

class Worker {
public:
  void set_debug_name(const char *name) { debug_name_ = name; }
  const char *debug_name() const { return debug_name_; }
  void push(int job) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(job);
  }
  bool idle() {
    std::lock_guard<std::mutex> lock(mutex_);
    return jobs_.empty();
  }

private:
  std::mutex mutex_;
  std::vector<int> jobs_;
  const char *debug_name_ = "";
};

bool use(Worker &worker);
bool use(Worker &worker) {
  worker.set_debug_name("w");
  worker.push(1);
  return worker.idle() && worker.debug_name() != nullptr;
}
