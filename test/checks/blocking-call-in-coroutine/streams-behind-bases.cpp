// RUN: %verify %s
// A stream behind a reference, a pointer or a smart pointer to std::ostream is what the whole program binds to it.
#include "../Inputs/task.h"
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

std::ofstream opened("a.log"); // before main
std::string text();

// --- always a file ---
struct ByReference {
  explicit ByReference(std::ostream &o) : out(o) {}
  void line(const char *t) { out << t; } // finding: blocking-call-in-coroutine
  std::ostream &out;
};
ByReference by_reference(opened);
task<> uses_reference() {
  co_await tick();
  by_reference.line("x");
}
struct ByPointer {
  std::ostream *out = &opened;
  void line(const char *t) { *out << t; } // finding: blocking-call-in-coroutine
};
task<> uses_pointer(ByPointer &p) {
  co_await tick();
  p.line("x");
}
struct ByOwner {
  std::unique_ptr<std::ostream> out = std::make_unique<std::ofstream>();
  void line(const char *t) { *out << t; } // finding: blocking-call-in-coroutine
  void flush() { out->flush(); } // finding: blocking-call-in-coroutine
};
task<> uses_owner(ByOwner &o) {
  co_await tick();
  o.line("x");
  o.flush();
}
struct Assigned {
  std::shared_ptr<std::ostream> out;
  void open(const char *path);
  void line(const char *t) { *out << t; } // finding: blocking-call-in-coroutine
};
void Assigned::open(const char *) { out = std::make_shared<std::ofstream>(); }
task<> uses_assigned(Assigned &a) {
  co_await tick();
  a.line("x");
}
std::ostream &sink() { return opened; }
task<> by_a_getter() {
  co_await tick();
  sink() << "x"; // finding: blocking-call-in-coroutine
}
void into(std::ostream &out) { out << "x"; } // finding: blocking-call-in-coroutine
task<> by_a_parameter() {
  co_await tick();
  into(opened);
}
task<> by_a_local() {
  co_await tick();
  std::ostream &out = opened;
  out.write("x", 1); // finding: blocking-call-in-coroutine
}
task<> made() {
  ByPointer pointer;
  co_await uses_pointer(pointer);
  ByOwner owner;
  co_await uses_owner(owner);
}
struct Reads {
  std::ifstream file;
  std::istream &in = file;
  int next() { return in.get(); } // finding: blocking-call-in-coroutine
};
task<> reads(Reads &r) {
  co_await tick();
  r.next();
}

task<> made_to_read() {
  Reads r;
  co_await reads(r);
}

// --- no file, or not always: silent ---
struct ToString {
  std::ostringstream memory;
  std::ostream &out = memory;
  void line(const char *t) { out << t; }
};
task<> to_string(ToString &s) {
  co_await tick();
  s.line("x");
}
struct Either {
  std::ofstream file;
  std::ostringstream memory;
  std::ostream &out;
  explicit Either(bool c) : out(c ? static_cast<std::ostream &>(file) : memory) {}
  void line(const char *t) { out << t; }
};
task<> either(Either &e) {
  co_await tick();
  e.line("x");
}
struct Terminal {
  std::ostream &out = std::cout;
  void line(const char *t) { out << t; }
};
task<> terminal(Terminal &t) {
  co_await tick();
  t.line("x");
}
struct Given {
  explicit Given(std::ostream &o) : out(o) {}
  void line(const char *t) { out << t; }
  std::ostream &out;
};
task<> given(Given &g) { // made where nobody looks
  co_await tick();
  g.line("x");
}
void two_kinds(std::ostream &out) { out << "x"; }
task<> memory_only() {
  co_await tick();
  std::ostringstream s;
  two_kinds(s);
}
void other_caller() { two_kinds(opened); }
