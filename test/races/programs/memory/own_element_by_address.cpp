// Each thread is given the address of its own element, which is filled before it starts.
#include <thread>
#include <vector>

struct Arg {
  int from = 0;
  long sum = 0;
};

void body(Arg *arg) {
  for (int i = arg->from; i < arg->from + 10; ++i)
    arg->sum += i;
}

int main() {
  Arg args[4];
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    args[i].from = 10 * i;
    threads.emplace_back(body, &args[i]);
  }
  for (std::thread &thread : threads)
    thread.join();
  return args[0].sum < 0;
}
