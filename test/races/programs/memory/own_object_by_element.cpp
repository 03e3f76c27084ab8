// Each thread is given an object that was made for it in the loop, by way of an element that keeps it.
#include <thread>
#include <vector>

struct State {
  long sum = 0;
};
struct Arg {
  State *state = nullptr;
};

void body(Arg *arg) {
  State *state = arg->state;
  state->sum += 1;
}

int main() {
  Arg *args = new Arg[4];
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    args[i].state = new State;
    threads.emplace_back(body, &args[i]);
  }
  for (std::thread &thread : threads)
    thread.join();
  long sum = 0;
  for (int i = 0; i < 4; ++i) {
    sum += args[i].state->sum;
    delete args[i].state;
  }
  delete[] args;
  return sum < 0;
}
