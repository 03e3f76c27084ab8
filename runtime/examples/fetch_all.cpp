// A client of many servers: a task group with a limit of time, names, lines, and what came of each, as they come. It asks three
// servers of its own, of which one is slow and one says nothing that is a line.
#include <tenterhook/as_completed.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/line_reader.h>
#include <tenterhook/resolve.h>
#include <tenterhook/sleep.h>
#include <tenterhook/task_group.h>

#include <cstdio>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace tenterhook;
using stream = tenterhook::socket; // ::socket is a function

namespace {

task<> serve_one(stream &listener, std::string says, std::chrono::milliseconds after) {
  stream peer = co_await listener.accept();
  co_await sleep_for(after);
  co_await peer.write_all(says);
}

task<std::string> ask(thread_pool &pool, std::string service) {
  stream server = co_await stream::connect(co_await resolve(pool, "127.0.0.1", service));
  line_reader lines(server, 1000);
  std::optional<std::string> first = co_await lines.read_line();
  co_return first.value_or("nothing");
}

task<> program(event_loop &loop, thread_pool &pool) {
  std::vector<stream> listeners; // the tasks of the group borrow them
  for (int i = 0; i != 3; ++i)
    listeners.push_back(stream::listen(endpoint::loopback(), loop));
  auto body = [&](task_group &group) -> task<> {
    group.spawn(serve_one(listeners[0], "hello\nand more", 1ms));
    group.spawn(serve_one(listeners[1], std::string(2000, '.'), 2ms));
    group.spawn(serve_one(listeners[2], "too late\n", 1h));
    std::vector<future<std::string>> answers;
    for (stream &each : listeners)
      answers.push_back(group.submit(ask(pool, std::to_string(each.local_endpoint().port()))));
    auto results = as_completed(std::move(answers), 10s);
    auto first = co_await results.next_async();
    std::printf("server %zu: %s\n", first->index, first->done.get().c_str());
    co_await results.next_async(); // the one without lines: it ends all, with its reason
  };
  try {
    co_await with_task_group(body);
  } catch (const task_group_error &error) {
    std::printf("%s\n", error.what());
  }
}

} // namespace

int main() {
  thread_pool pool(1, "resolver");
  event_loop loop;
  loop.run_until_complete(program(loop, pool));
}
