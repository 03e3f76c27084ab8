// Qt's D-Bus: calls wait for their answer unless they ask not to; and replies of the network, which have nothing to wait for.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <QtDBus/dbus_like.h>

task<> calls(QDBusInterface &interface) {
  interface.asyncCall("name");
  interface.call(QDBus::NoBlock, "name");
  interface.call("name"); // finding: blocking-call-in-coroutine "waits for an answer over D-Bus" "asyncCall"
  co_await tick();
}
task<> calls_with_a_mode(QDBusInterface &interface) {
  interface.call(QDBus::Block, "name"); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> sends(const QDBusConnection &bus, const QDBusMessage &message) {
  bus.call(message, QDBus::NoBlock);
  bus.asyncCall(message);
  bus.call(message); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> waits(QDBusPendingCall call) {
  call.waitForFinished(); // finding: blocking-call-in-coroutine "watcher"
  co_await tick();
}
task<> reads(QTcpSocket &socket, QNetworkReply &reply) {
  reply.waitForReadyRead(1000);
  socket.waitForReadyRead(0);
  socket.waitForReadyRead(1000); // finding: blocking-call-in-coroutine
  co_await tick();
}
