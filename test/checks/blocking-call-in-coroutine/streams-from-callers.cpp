// A file stream behind a reference or a pointer to a base: by what it was made as, and by what callers pass.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>

// In a member, by reference, pointer, unique_ptr and shared_ptr.
struct Log {
  explicit Log(const char *path) : file(new std::ofstream(path)), out(*file) {} // finding: blocking-call-in-coroutine
  void line(const char *text) { out << text << std::endl; } // finding: blocking-call-in-coroutine
  std::unique_ptr<std::ostream> file;
  std::ostream &out;
};
Log &log() {
  static Log l("app.log");
  return l;
}
struct Owner {
  std::unique_ptr<std::ostream> sink;
  std::shared_ptr<std::istream> source;
  std::ostream *plain = nullptr;
  void open(std::ofstream &f) {
    sink = std::make_unique<std::ofstream>();
    source = std::make_shared<std::ifstream>();
    plain = &f;
  }
  void writes() { *sink << 5; } // finding: blocking-call-in-coroutine
  void reads(char *b) { source->read(b, 3); } // finding: blocking-call-in-coroutine
  void puts() { plain->put('x'); } // finding: blocking-call-in-coroutine
};
struct InMemory {
  std::unique_ptr<std::ostream> sink = std::make_unique<std::ostringstream>();
  std::ostream &out = std::cout;
  void writes() { *sink << 5; }
  void prints() { out << "x" << std::flush; }
};
task<> members(Owner &o, InMemory &m, char *b) {
  co_await tick();
  log().line("hello");
  o.writes();
  o.reads(b);
  o.puts();
  m.writes();
  m.prints();
}

// As a parameter: whoever passes a file.
void print(std::ostream &o) { o << "x"; } // finding: blocking-call-in-coroutine "coroutine 'to_a_file'"
void print_number(std::ostream &, int);
void print_two_levels(std::ostream &o) { print_number(o, 2); }
void print_number(std::ostream &o, int n) { o << n; } // finding: blocking-call-in-coroutine
template <class Stream> void print_any(Stream &s) { s << 1; }
std::string read_line(std::istream &in) {
  std::string line;
  std::getline(in, line); // finding: blocking-call-in-coroutine
  return line;
}
task<> to_a_file(std::ofstream &f, std::ifstream &i) {
  co_await tick();
  print(f);
  print_two_levels(f);
  read_line(i);
}
task<> to_memory(std::ostringstream &s, std::istringstream &i) {
  co_await tick();
  print(s);
  print(std::cout);
  print_two_levels(s);
  print_any(s);
  read_line(i);
}
task<> to_what_is_not_known(std::ostream &s) {
  co_await tick();
  print(s);
  s << "x";
}

// In a local, and from a function.
std::ostream &chosen() {
  static std::ofstream f;
  return f;
}
std::unique_ptr<std::ostream> make(bool file) {
  if (file)
    return std::make_unique<std::ofstream>();
  return std::make_unique<std::ostringstream>();
}
task<> locals(std::ofstream &f) {
  std::ostream &o = f;
  o << "x"; // finding: blocking-call-in-coroutine likely
  std::ostream *p = &o;
  *p << "x"; // finding: blocking-call-in-coroutine likely
  chosen() << "x"; // finding: blocking-call-in-coroutine likely
  auto m = make(true);
  *m << "x"; // finding: blocking-call-in-coroutine possible
  co_await tick();
}
