// A coroutine as a slot: what moc writes drops its task when nobody asks for it. Nobody can mend that there; other drops are told.
// RUN: %verify %s --checks discarded-awaitable
#include "../Inputs/task.h"
#include <utility>

struct Server {
  task<> accepts() { co_return; }
  void resets() { accepts(); } // finding: discarded-awaitable
  static void qt_static_metacall(Server *_o, int _c, int _id, void **_a);
  static void static_metacall(Server *_o, int _id, void **_a);
};

void Server::qt_static_metacall(Server *_o, int _c, int _id, void **_a) {
  if (_c == 0) {
    switch (_id) {
    case 0: {
      task<> _r = _o->accepts();
      if (_a[0]) *reinterpret_cast<task<> *>(_a[0]) = std::move(_r);
    } break;
    case 1: _o->resets(); break;
    }
  }
}
// By any other name it is somebody's own.
void Server::static_metacall(Server *_o, int _id, void **_a) {
  if (_id == 0) {
    task<> _r = _o->accepts(); // finding: discarded-awaitable
    if (_a[0]) *reinterpret_cast<task<> *>(_a[0]) = std::move(_r);
  }
}
