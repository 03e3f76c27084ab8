// What the examples in the comments of the runtime's headers take for granted; see header_examples.py. Declarations only:
// they are compiled, not linked.
#ifndef TENTERHOOK_TEST_RUNTIME_EXAMPLE_NAMES_H
#define TENTERHOOK_TEST_RUNTIME_EXAMPLE_NAMES_H

#include <tenterhook/as_completed.h>
#include <tenterhook/async_condition_variable.h>
#include <tenterhook/async_event.h>
#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/line_reader.h>
#include <tenterhook/mutex.h>
#include <tenterhook/process_pool.h>
#include <tenterhook/resolve.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/shared_mutex.h>
#include <tenterhook/shield.h>
#include <tenterhook/signal_set.h>
#include <tenterhook/sleep.h>
#include <tenterhook/socket.h>
#include <tenterhook/spawn.h>
#include <tenterhook/stop.h>
#include <tenterhook/task_group.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/wait_any.h>
#include <tenterhook/wait_readable.h>
#include <tenterhook/when_all.h>
#include <tenterhook/when_any.h>

#include <array>
#include <functional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace examples {

using namespace std::chrono_literals;
using namespace tenterhook;

template <typename... T> void use(const T &...);
void run(int job);
int compute();
long slow(int);
void work_a_little();
std::string read_file(const std::string &path);
task<int> program();
task<int> add_up(const std::vector<int> &);
task<std::string> fetch(const std::string &url);
task<std::string> load(int id);
task<std::string> from_cache(const std::string &key);
task<std::string> from_disk(const std::string &key);
task<> save(int state);
task<> talk(tenterhook::socket &);
task<> say_goodbye(tenterhook::socket &);

extern std::vector<future<int>> futures;
extern std::vector<task<int>> vector_of_tasks;
extern std::vector<int> numbers, values;
extern std::string url, key, path, request;
extern std::array<std::byte, 64> buffer;
std::vector<join_handle<int>> start_all();
extern int id, state, value, count, fd;
extern join_handle<int> a;
extern future<std::string> b;
extern tenterhook::socket peer;
extern bool done;
extern async_mutex mutex;
extern async_semaphore connections;
extern async_queue<int> queue;
extern condition_variable ready;
extern async_condition_variable changed;
extern thread_pool pool;
extern event_loop loop;
extern tenterhook::socket client;
extern tenterhook::mutex m;
struct signal {
  std::function<void()> notify;
};

} // namespace examples

#endif
