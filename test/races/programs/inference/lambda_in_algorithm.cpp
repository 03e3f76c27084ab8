// The lambda runs inside the algorithm's call, so under the lock: no race.
#include <algorithm>
#include <mutex>
#include <vector>

class Scores {
public:
  void add(int score) {
    std::lock_guard<std::mutex> lock(mutex_);
    scores_.push_back(score);
    best_ = std::max(best_, score);
  }
  int at_best() {
    std::lock_guard<std::mutex> lock(mutex_);
    return static_cast<int>(std::count_if(scores_.begin(), scores_.end(), [this](int score) { return score == best_; }));
  }
  int best() {
    std::lock_guard<std::mutex> lock(mutex_);
    return best_;
  }

private:
  std::mutex mutex_;
  std::vector<int> scores_;
  int best_ = 0;
};

int use(Scores &scores);
int use(Scores &scores) {
  scores.add(4);
  return scores.at_best() + scores.best();
}
