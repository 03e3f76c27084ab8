// A function's static is initialised once, and each caller waits for it; afterwards it is only read: no race.
#include <string>
#include <thread>

static const std::string &greeting() {
  static std::string text = std::string("hello, ") + "world";
  return text;
}

int main() {
  std::size_t a = 0, b = 0;
  std::thread first([&a] { a = greeting().size(); });
  std::thread second([&b] { b = greeting().size(); });
  first.join();
  second.join();
  return a == b ? 0 : 1;
}
