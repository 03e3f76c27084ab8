// What to do instead fits the program: where there is no coroutine, nobody can await.
// REQUIRES: asio
// RUN: %verify %s
#include <asio.hpp>
#include <future>
using asio::ip::tcp;

struct Session {
  tcp::socket &socket;
  std::future<int> answer;
  char data[64];
  void start() {
    socket.async_wait(tcp::socket::wait_read, [this](std::error_code) { wait(); });
    socket.async_wait(tcp::socket::wait_read, [this](std::error_code) { write(); });
    asio::post(socket.get_executor(), [this] { resolve(); });
    asio::post(socket.get_executor(), [this] { start_process(); });
  }
  void wait() {
    int n = answer.get(); // finding: blocking-call-in-coroutine "Go on in a callback when the result is there"
    use(n);
  }
  void write() {
    asio::write(socket, asio::buffer(data)); // finding: blocking-call-in-coroutine "Use the async"
  }
  void resolve() {
    tcp::resolver resolver(socket.get_executor());
    resolver.resolve("host", "80"); // finding: blocking-call-in-coroutine "Use async_resolve."
  }
  void start_process() {
    system("true"); // finding: blocking-call-in-coroutine "or run this part on a thread pool."
  }
  void use(int);
};
int main() {
  asio::io_context context;
  tcp::socket socket(context);
  Session session{socket, {}, {}};
  session.start();
  context.run();
}
