// The unguarded private method is called by the constructor only: no race.
#include <mutex>

class Grid {
public:
  Grid() { fill(); }
  void set(int at, int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    cells_[at] = value;
  }
  int get(int at) {
    std::lock_guard<std::mutex> lock(mutex_);
    return cells_[at];
  }

private:
  void fill() {
    for (int &cell : cells_)
      cell = 1;
  }
  std::mutex mutex_;
  int cells_[4];
};

int use(Grid &grid);
int use(Grid &grid) {
  grid.set(1, 2);
  return grid.get(1);
}
