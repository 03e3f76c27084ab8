// A class without any mutex makes no promise about threads, and none is seen: no finding.
#include <vector>

class Stack {
public:
  void push(int value) { values_.push_back(value); }
  int pop() {
    int last = values_.back();
    values_.pop_back();
    ++pops_;
    return last;
  }
  int pops() const { return pops_; }

private:
  std::vector<int> values_;
  int pops_ = 0;
};

int use(Stack &stack);
int use(Stack &stack) {
  stack.push(1);
  return stack.pop() + stack.pops();
}
