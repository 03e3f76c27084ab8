// The worker writes how far it is, main shows it meanwhile: a plain double.
#include <chrono>
#include <cstdio>
#include <thread>

struct Download {
  double progress = 0;
  void run() {
    for (int step = 1; step <= 4; ++step) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      progress = step / 4.0; // RACE(progress)
    }
  }
};

int main() {
  Download download;
  std::thread worker(&Download::run, &download);
  for (int i = 0; i < 3; ++i) {
    std::printf("%.0f %%\n", download.progress * 100); // RACE(progress)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  worker.join();
  std::printf("%.0f %%\n", download.progress * 100);
  return 0;
}
