// A second class holds the mutex of the first while it works on its fields: the contract is kept, no race.
#include <mutex>

class Model {
public:
  void set(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    value_ = value;
  }
  friend class View;

private:
  std::mutex mutex_;
  int value_ = 0;
};

class View {
public:
  explicit View(Model &model) : model_(model) {}
  int draw() {
    std::lock_guard<std::mutex> lock(model_.mutex_);
    return model_.value_ * 2;
  }
  void double_it() {
    std::lock_guard<std::mutex> lock(model_.mutex_);
    model_.value_ *= 2;
  }

private:
  Model &model_;
};

int use(Model &model);
int use(Model &model) {
  model.set(3);
  View view(model);
  view.double_it();
  return view.draw();
}
