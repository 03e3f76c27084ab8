// Each thread has its own copy of the string, made before it starts: no race.
#include <string>
#include <thread>

int main() {
  std::string text = "start";
  std::thread thread([text]() mutable {
    text += " in the thread";
    return text.size();
  });
  text += " in main";
  thread.join();
  return text == "start in main" ? 0 : 1;
}
