// += writes the string that the other thread copies.
#include <string>
#include <thread>

int main() {
  std::string text = "start";
  std::thread thread([&text] {
    text += " and a rather long rest of it"; // RACE(text)
  });
  std::string copy = text; // RACE(text)
  thread.join();
  return copy.empty();
}
