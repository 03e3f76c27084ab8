// Qt: slots run on the loop of their object's thread, however they were connected. A nested loop does not stop the outer one.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <QtCore/qobject_like.h>

class Button : public QObject {
public:
  void clicked();
};
class Window : public QObject {
public:
  Window(Button *b, QTimer *t) {
    connect(b, &Button::clicked, this, &Window::by_pointer);
    connect(b, SIGNAL(clicked()), this, SLOT(by_string()));
    connect(b, SIGNAL(clicked()), SLOT( of_this() ));
    connect(t, &QTimer::timeout, [] { QThread::sleep(1); });       // finding: blocking-call-in-coroutine likely "a callback of an event loop"
    connect(t, &QTimer::timeout, this, [] { QThread::sleep(1); }); // finding: blocking-call-in-coroutine likely "a callback of an event loop"
    QTimer::singleShot(1, this, &Window::once);
    QTimer::singleShot(1, this, SLOT(once_by_string()));
  }
  void by_pointer() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely "a callback of an event loop"
  void by_string() { helper(); }
  void of_this() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely "'Window::of_this'"
  void once() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely
  void once_by_string() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely
  void helper() { QThread::sleep(1); } // finding: blocking-call-in-coroutine likely "'Window::by_string'"
  void never_connected() { QThread::sleep(1); }
  void asks(QDialog &d) { d.exec(); }
};
void asks_too(Button *b, Window *w, QDialog *d) {
  QObject::connect(b, &Button::clicked, w, [d] { d->exec(); });
}

// An object that lives in a thread of its own may wait there.
class Worker : public QObject {
public:
  void work() { QThread::sleep(1); }
  void by_string() { QThread::sleep(1); }
};
void starts(Button *b, Worker *w, QThread *t) {
  w->moveToThread(t);
  QObject::connect(b, &Button::clicked, w, &Worker::work);
  QObject::connect(b, SIGNAL(clicked()), w, SLOT(by_string()));
}

// What moc writes: the loop calls slots by number.
class Model : public QObject {
public:
  void slot() { QThread::sleep(1); } // finding: blocking-call-in-coroutine "'Model::qt_static_metacall'"
  static void qt_static_metacall(QObject *o, int call, int id, void **);
};
void Model::qt_static_metacall(QObject *o, int call, int id, void **) {
  auto *t = static_cast<Model *>(o);
  if (call == 0)
    switch (id) {
    case 0: t->slot(); break;
    }
}

// The object whose signal it is holds the function of its thread, and is no slot.
struct Starter : QObject {
  void later() {}
  void starts() {
    QThread *thread = QThread::create([] { QThread::sleep(1); });
    connect(thread, &QThread::started, this, &Starter::later);
    connect(this, &Starter::done, thread, &QThread::start);
  }
  void done();
};
