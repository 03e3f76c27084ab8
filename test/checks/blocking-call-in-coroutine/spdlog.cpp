// spdlog: where a logger writes to is not seen at the call; a file sink writes to the disk.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <mutex>
#include <spdlog/spdlog_like.h>

task<> logs(std::shared_ptr<spdlog::logger> logger) {
  logger->debug("quiet");
  logger->info("text"); // finding: blocking-call-in-coroutine possible "may write to a log file" "asynchronous logger"
  co_await tick();
}
task<> flushes(spdlog::logger &logger) {
  logger.flush(); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> logs_by_default() {
  spdlog::warn("text"); // finding: blocking-call-in-coroutine possible
  co_await tick();
}
task<> opens() {
  auto logger = spdlog::basic_logger_mt("name", "file"); // finding: blocking-call-in-coroutine "opens a log file"
  co_await tick();
}
task<> writes(spdlog::sinks::basic_file_sink<std::mutex> &sink, spdlog::sinks::stdout_sink<std::mutex> &console) {
  console.log({});
  sink.log({}); // finding: blocking-call-in-coroutine "writes to a log file"
  co_await tick();
}
