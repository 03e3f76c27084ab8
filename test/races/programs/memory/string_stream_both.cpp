// A stringstream is an ordinary object: two writers race.
// tsan: unrun
// tsan-why: the stream's code lies in the C++ library, which is not instrumented; it reports what the headers inline, or nothing
#include <sstream>
#include <thread>

int main() {
  std::ostringstream out;
  std::thread thread([&out] {
    out << "from the thread"; // RACE(out)
  });
  out << "from main"; // RACE(out)
  thread.join();
  return out.str().empty();
}
