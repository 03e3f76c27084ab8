// Terminals and pipes: input waits for a person or for the other end. Output to the terminal is not reported.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <cstdio>
#include <iostream>
#include <sstream>
#include <unistd.h>

task<> standard_input(std::string line, int number, char *buffer) {
  std::getline(std::cin, line); // finding: blocking-call-in-coroutine "waits for"
  co_await tick();
}
task<> extraction(int number) {
  std::cin >> number; // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> characters() {
  use(std::cin.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> c_input(char *buffer, int number) {
  use(std::getchar());             // finding: blocking-call-in-coroutine
  std::scanf("%d", &number);       // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> c_lines(char *buffer) {
  std::fgets(buffer, 10, stdin); // finding: blocking-call-in-coroutine "waits for"
  co_await tick();
}
task<> descriptors(char *buffer) {
  read(STDIN_FILENO, buffer, 10); // finding: blocking-call-in-coroutine "waits for data on a descriptor"
  co_await tick();
}
task<> pipes(char *buffer) {
  int ends[2];
  pipe(ends);
  read(ends[0], buffer, 10); // finding: blocking-call-in-coroutine
  co_await tick();
}
void prompt(std::istream &in, std::string &line) {
  std::getline(in, line); // of whatever stream: not reported
}
task<> through_a_reference(std::string line) {
  prompt(std::cin, line);
  co_await tick();
}

// Output, and streams in memory.
task<> output(std::string text, int n) {
  std::cout << "hello " << n << std::endl;
  std::cerr << "hello\n";
  std::printf("%d\n", n);
  std::puts("hello");
  std::fprintf(stderr, "%d\n", n);
  write(STDOUT_FILENO, "hello", 5);
  std::istringstream in("1 2 3");
  in >> n;
  std::getline(in, text);
  std::ostringstream out;
  out << n;
  std::stringstream both;
  both << n;
  both >> n;
  co_await tick();
}
