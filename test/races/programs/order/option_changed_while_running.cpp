// The same function that fills the table at start-up is called once more while a worker looks into it.
#include <map>
#include <string>
#include <thread>

static std::map<std::string, int> options;

static void set_option(const char *name, int value) {
  options[name] = value; // RACE(options)
}

static int option(const char *name) {
  return static_cast<int>(options.count(name)); // RACE(options)
}

int main() {
  set_option("threads", 2);
  int seen = 0;
  std::thread worker([&seen] { seen = option("depth"); });
  set_option("depth", 5);
  worker.join();
  return seen > 5;
}
