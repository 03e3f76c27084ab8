// The view looks into the string that main changes.
#include <string>
#include <string_view>
#include <thread>

int main() {
  std::string text = "abc";
  std::string_view view = text;
  bool found = false;
  std::thread thread([&found, view] {
    found = view[1] == 'x'; // RACE(text)
  });
  text[1] = 'x'; // RACE(text)
  thread.join();
  return found && text.empty();
}
