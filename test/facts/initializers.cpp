// What runs before main is a function for each variable; what the compiler knows is none. So are lambdas in them.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
// RUN: %tenterhook facts --json %s -- -std=c++20 | FileCheck --check-prefix=JSON %s
#include <functional>
#include <thread>

int read_config();
void serve();

namespace app {
struct Server {
  Server(int port);
  ~Server();
};
} // namespace app

constexpr int limit = 10;
int zero;
int port = read_config();
app::Server server(port);
namespace app {
static std::thread worker([] { serve(); });
std::function<void()> on_stop = [] { read_config(); };
thread_local int mine = read_config();
struct Static {
  static inline int field = read_config();
};
template <class T> T from_template = T(read_config());
} // namespace app
int used() { return static_cast<int>(app::from_template<long>); }

// CHECK-NOT: initializer for 'limit'
// CHECK-NOT: initializer for 'zero'
// CHECK: function dynamic initializer for 'port' [before-main]
// CHECK: call read_config : int [prvalue] -> stored port
// CHECK: function dynamic initializer for 'server' [before-main]
// CHECK: construct app::Server server(port)
// CHECK: function dynamic initializer for 'app::worker' [before-main]
// CHECK: construct std::thread app::worker(closure app::(lambda))
// CHECK: function app::(lambda) [lambda]
// CHECK-NEXT: in dynamic initializer for 'app::worker'
// CHECK: call serve
// CHECK: function dynamic initializer for 'app::on_stop' [before-main]
// CHECK: construct std::function<void ()> app::on_stop(closure app::(lambda))
// CHECK: in dynamic initializer for 'app::on_stop'
//
// On each thread that uses it, not before main.
// CHECK: function dynamic initializer for 'app::mine' @
// CHECK: function dynamic initializer for 'app::Static::field' [before-main]
// CHECK: function dynamic initializer for 'app::from_template' [before-main]
//
// JSON: "before_main": true

// What a list within a list makes is stored in the part that it initialises.
struct Inner {
  app::Server server;
};
struct Outer {
  Inner inner;
  app::Server more[2];
  int n;
};
void lists() { Outer outer{{app::Server(1)}, {app::Server(2), app::Server(3)}, 4}; }
// CHECK-LABEL: function lists
// CHECK: construct app::Server %{{[0-9]+}}(1) [prvalue] -> stored outer.inner.server
// CHECK: construct app::Server %{{[0-9]+}}(2) [prvalue] -> stored outer.more
// CHECK: construct app::Server %{{[0-9]+}}(3) [prvalue] -> stored outer.more
