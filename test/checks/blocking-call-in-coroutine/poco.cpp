// POCO: threads, events, sockets, HTTP and databases that wait; locks that its guards hold.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <Poco/poco_like.h>

task<> sleeps() {
  Poco::Thread::sleep(100); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> joins(Poco::Thread &thread) {
  thread.tryJoin(0);
  thread.join(); // finding: blocking-call-in-coroutine "waits for a thread to end"
  co_await tick();
}
task<> waits(Poco::Event &event) {
  event.set();
  event.tryWait(0);
  event.wait(); // finding: blocking-call-in-coroutine "waits for an event"
  co_await tick();
}
task<> resolves() {
  Poco::Net::DNS::hostByName("host"); // finding: blocking-call-in-coroutine "waits for a name server"
  co_await tick();
}
task<> asks(Poco::Net::HTTPClientSession &session, Poco::Net::HTTPRequest &request) {
  session.sendRequest(request); // finding: blocking-call-in-coroutine "waits for the server"
  co_await tick();
}
task<> reads(Poco::Net::StreamSocket &socket) {
  char data[8];
  socket.receiveBytes(data, 8); // finding: blocking-call-in-coroutine "waits for the peer"
  co_await tick();
}
task<> connects(Poco::Net::StreamSocket &other, const Poco::Net::SocketAddress &address) {
  other.connectNB(address);
  other.connect(address); // finding: blocking-call-in-coroutine "connectNB"
  co_await tick();
}
task<> queries(Poco::Data::Statement &statement) {
  statement.executeAsync();
  statement.execute(); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> opens() {
  Poco::Data::Session session("SQLite", "a.db"); // finding: blocking-call-in-coroutine
  Poco::Data::Session copy(session);
  co_await tick();
}
task<> holds(Poco::Mutex &mutex) {
  Poco::Mutex::ScopedLock lock(mutex);
  co_await tick(); // finding: lock-across-await
}
task<> holds_in_a_scope(Poco::Mutex &mutex) {
  { Poco::Mutex::ScopedLock lock(mutex); }
  co_await tick();
}
