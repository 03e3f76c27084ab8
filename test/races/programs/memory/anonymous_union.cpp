// The anonymous union's members overlap, though they look like fields of the struct.
#include <thread>

struct Token {
  int tag = 0;
  union {
    int number;
    unsigned bits;
  };
};

static Token token;

int main() {
  std::thread a([] {
    token.number = -1; // RACE(number)
  });
  std::thread b([] {
    token.bits = 7; // RACE(number)
  });
  a.join();
  b.join();
  return token.tag;
}
