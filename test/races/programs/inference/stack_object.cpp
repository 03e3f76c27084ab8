// The object with a mutex is a local that never leaves the function; its field is reached directly here, guarded elsewhere.
#include <mutex>

struct Tally {
  std::mutex mutex;
  int votes = 0;
  void vote() {
    std::lock_guard<std::mutex> lock(mutex);
    ++votes;
  }
  void void_vote() {
    std::lock_guard<std::mutex> lock(mutex);
    --votes;
  }
};

int count_quickly(int n);
int count_quickly(int n) {
  Tally tally;
  tally.votes = n;
  tally.vote();
  tally.void_vote();
  return tally.votes;
}
