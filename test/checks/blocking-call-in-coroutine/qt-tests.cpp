// Slots by moc: an event loop calls them, but for those of a test, which QTest calls one after the other.
// RUN: %verify %s --checks blocking-call-in-coroutine -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <QtCore/qobject_like.h>

namespace QTest {
int qExec(QObject *testObject, int argc = 0, char **argv = nullptr);
}

struct Window : QObject {
  void saves() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely
  static void qt_static_metacall(QObject *_o, int, int, void **) { static_cast<Window *>(_o)->saves(); }
};

struct WindowTest : QObject {
  void cleanup() { QThread::sleep(1); }
  static void qt_static_metacall(QObject *_o, int, int, void **) { static_cast<WindowTest *>(_o)->cleanup(); }
};
// What a test shares with its base class is of tests too.
struct BaseTest : QObject {
  void init() { QThread::sleep(1); }
};
struct OtherTest : BaseTest {
  static void qt_static_metacall(QObject *_o, int, int, void **) { static_cast<OtherTest *>(_o)->init(); }
};
int main(int argc, char **argv) {
  WindowTest tc;
  if (int failed = QTest::qExec(&tc, argc, argv))
    return failed;
  QObject *other = new OtherTest;
  OtherTest direct;
  delete other;
  return QTest::qExec(&direct);
}

// A coroutine that a test starts runs on whatever resumes it.
task<> in_a_test() {
  QThread::sleep(1); // finding: blocking-call-in-coroutine
  co_await tick();
}
