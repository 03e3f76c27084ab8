// The few declarations of spdlog that a test needs.
#pragma once
#include <memory>
namespace spdlog {
class logger {
public:
  template <typename T> void debug(const T &) {}
  template <typename T> void info(const T &) {}
  void flush();
};
template <typename T> void warn(const T &) {}
std::shared_ptr<logger> basic_logger_mt(const char *name, const char *file);
namespace sinks {
struct message {};
template <typename Mutex> class base_sink {
public:
  void log(const message &) {}
};
template <typename Mutex> class basic_file_sink : public base_sink<Mutex> {};
template <typename Mutex> class stdout_sink : public base_sink<Mutex> {};
} // namespace sinks
} // namespace spdlog
