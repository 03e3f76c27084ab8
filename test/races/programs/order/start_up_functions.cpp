// The configuration is written by functions called from main before it starts the workers, and never after: no race.
#include <map>
#include <string>
#include <thread>
#include <vector>

static std::map<std::string, int> options;

static void set_option(const char *name, int value) { options[name] = value; }

static void load_defaults() {
  set_option("threads", 2);
  set_option("depth", 5);
}

static int option(const char *name) {
  auto found = options.find(name);
  return found == options.end() ? 0 : found->second;
}

int main() {
  load_defaults();
  std::vector<std::thread> workers;
  std::vector<int> seen(2);
  for (int i = 0; i < option("threads"); ++i)
    workers.emplace_back([&seen, i] { seen[i] = option("depth"); });
  for (auto &worker : workers)
    worker.join();
  return seen[0] == seen[1] ? 0 : 1;
}
