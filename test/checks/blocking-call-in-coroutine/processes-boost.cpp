// Boost.Process: starting a process waits until the child runs its program, or tells why it cannot.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <boost/process_like.h>
#include <utility>
namespace bp = boost::process;
using namespace std::chrono_literals;

task<> starts() {
  bp::ipstream out;
  bp::child compiler("cc -v", bp::std_out > out); // finding: blocking-call-in-coroutine "'boost::process::child::child' waits until a child process runs its program" "on a thread pool"
  compiler.detach();
  co_await tick();
}
task<> starts_a_line(std::string line) {
  bp::child shell(line); // finding: blocking-call-in-coroutine
  co_await tick();
  use(shell.running());
}
task<> starts_on_a_context(boost::asio::io_context &context) {
  bp::child child("ls", context); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> starts_and_forgets() {
  bp::spawn("ls"); // finding: blocking-call-in-coroutine "'boost::process::spawn'"
  co_await tick();
}
task<> runs() {
  use(bp::system("make")); // finding: blocking-call-in-coroutine "runs a program and waits for it" "async_system"
  co_await tick();
}
task<> waits(bp::child &child) {
  child.wait(); // finding: blocking-call-in-coroutine "waits for a child process to end"
  co_await tick();
}
task<> waits_a_second(bp::child &child) {
  use(child.wait_for(1s)); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> waits_for_a_group(bp::group &group) {
  group.wait(); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> reads(bp::ipstream &out) {
  std::string line;
  while (std::getline(out, line)) // finding: blocking-call-in-coroutine "waits for the other end of a pipe"
    use(line.size());
  co_await tick();
}
task<> reads_words(bp::ipstream &out) {
  std::string word;
  out >> word; // finding: blocking-call-in-coroutine "waits for the other end of a pipe"
  co_await tick();
}
task<> reads_a_pipe(bp::async_pipe &pipe) {
  char data[16];
  use(pipe.read_some(data)); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> quiet(boost::asio::io_context &context, bp::async_pipe &pipe, bp::child other) {
  char data[16];
  bp::child none;
  bp::child runs_already(4711);
  bp::child moved(std::move(other));
  use(moved.running());
  use(moved.wait_for(0s));
  use(moved.exit_code());
  pipe.async_read_some(data, [](std::error_code, std::size_t) {});
  bp::async_system(context, [](std::error_code, int) {}, "ls");
  co_await tick();
}
// What is told of the end of a process runs on the loop.
void tells(boost::asio::io_context &context, bp::v2::process &process) {
  bp::async_system(context, [](std::error_code, int) { bp::system("ls"); }, "ls"); // finding: blocking-call-in-coroutine "a callback of an event loop"
  process.async_wait([](std::error_code, int) { bp::system("ls"); });              // finding: blocking-call-in-coroutine "a callback of an event loop"
}

task<> second_version(boost::asio::any_io_executor executor, std::vector<std::string> arguments) {
  bp::v2::process started(executor, "/bin/ls", arguments); // finding: blocking-call-in-coroutine "runs its program"
  co_await tick();
}
task<> second_version_on_a_context(boost::asio::io_context &context, std::vector<std::string> arguments) {
  bp::v2::process started(context, "/bin/ls", arguments); // finding: blocking-call-in-coroutine "runs its program"
  co_await tick();
}
task<> second_version_waits(bp::v2::process &process) {
  use(process.wait()); // finding: blocking-call-in-coroutine "waits for a child process to end" "Await async_wait."
  co_await tick();
}
task<> second_version_runs(bp::v2::process process) {
  use(bp::v2::execute(std::move(process))); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> second_version_launches(boost::asio::io_context &context, std::vector<std::string> arguments) {
  bp::v2::posix::vfork_launcher launch;
  auto started = launch(context, "/bin/ls", arguments); // finding: blocking-call-in-coroutine "runs its program"
  co_await tick();
}
task<> second_version_quiet(boost::asio::any_io_executor executor) {
  bp::v2::process runs_already(executor, 4711);
  bp::v2::process none(executor);
  use(runs_already.running());
  co_await tick();
}
