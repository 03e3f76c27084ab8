// The mutex lies in the base class, the field in the derived one, and one method of it does not lock.
#include <mutex>

class Locked {
protected:
  std::mutex mutex_;
};

class Score : public Locked {
public:
  void add(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    points_ += n; // RACE(points)
  }
  void halve() {
    std::lock_guard<std::mutex> lock(mutex_);
    points_ /= 2; // RACE(points)
  }
  int points() {
    std::lock_guard<std::mutex> lock(mutex_);
    return points_;
  }
  bool won() const {
    return points_ > 100; // RACE(points)
  }

private:
  int points_ = 0;
};

bool use(Score &score);
bool use(Score &score) {
  score.add(3);
  score.halve();
  return score.won() && score.points() > 0;
}
