// A lambda is a function of its own; its captures say what they were made from.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include "Inputs/coro.h"
#include <memory>
#include <thread>

struct Server : std::enable_shared_from_this<Server> {
  int served = 0;
  demo::task<int> once(int);
  void start(int port) {
    std::thread worker([this, &port, self = shared_from_this()] { served = port; });
    worker.join();
    auto on_each = [](auto value) { return value; };
    on_each(1);
    [port]() -> demo::task<int> { co_return port; }();
  }
};
void use(Server &s) { s.start(1); }

// CHECK-LABEL: function Server::start
// CHECK:         %[[SELF:[0-9]+]]: call std::enable_shared_from_this::shared_from_this on *this
// CHECK:         closure Server::start::(lambda) -> argument
// CHECK-NEXT:    construct std::thread worker(closure Server::start::(lambda)) [prvalue] -> stored worker
// CHECK:         call std::thread::join on worker -> discarded
// CHECK:         closure Server::start::(lambda) -> stored on_each
// CHECK-NEXT:    call Server::start::(lambda)(1) on on_each : int
// CHECK:         call Server::start::(lambda) on closure Server::start::(lambda) : demo::task<int> [prvalue] -> discarded

// CHECK-LABEL: function Server::start::(lambda) [lambda]
// CHECK-NEXT:    in Server::start
// CHECK-NEXT:    capture this : Server * = this
// CHECK-NEXT:    capture &port : int = port
// CHECK-NEXT:    capture self : std::shared_ptr<Server> = %[[SELF]]
// CHECK:         write this->served = [port]

// CHECK-LABEL: function Server::start::(lambda) : int [lambda]
// CHECK:         param value : int
// CHECK-LABEL: function Server::start::(lambda) : demo::task<int> [coroutine lambda]
// CHECK:         capture port : int = port
