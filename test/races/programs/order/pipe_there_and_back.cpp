// The object goes to the worker and comes back by promises; who has it touches it, one after the other: no race.
#include <future>
#include <memory>
#include <thread>

struct Frame {
  int pixels = 0;
};

int main() {
  std::promise<std::unique_ptr<Frame>> there, back;
  auto arriving = there.get_future();
  auto returning = back.get_future();
  std::thread worker([&] {
    std::unique_ptr<Frame> frame = arriving.get();
    frame->pixels *= 2;
    back.set_value(std::move(frame));
  });
  auto frame = std::make_unique<Frame>();
  frame->pixels = 10;
  there.set_value(std::move(frame));
  std::unique_ptr<Frame> done = returning.get();
  done->pixels++;
  worker.join();
  return done->pixels == 21 ? 0 : 1;
}
