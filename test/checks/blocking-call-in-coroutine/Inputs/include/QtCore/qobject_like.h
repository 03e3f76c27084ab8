// The few declarations of Qt that a test needs.
#pragma once
#define SLOT(a) qFlagLocation("1" #a)
#define SIGNAL(a) qFlagLocation("2" #a)
const char *qFlagLocation(const char *);
class QThread;
class QObject {
public:
  virtual ~QObject();
  template <class S, class R, class T> static bool connect(const S *, void (R::*)(), const T *, void (T::*)()) { return true; }
  template <class S, class R, class F> static bool connect(const S *, void (R::*)(), const QObject *, F) { return true; }
  template <class S, class R, class F> static bool connect(const S *, void (R::*)(), F) { return true; }
  static bool connect(const QObject *, const char *, const QObject *, const char *);
  bool connect(const QObject *, const char *, const char *) const;
  void moveToThread(QThread *);
};
class QThread : public QObject {
public:
  static void sleep(unsigned long);
  template <class F> static QThread *create(F);
  void started();
  void start();
};
class QTimer : public QObject {
public:
  void timeout();
  template <class R> static void singleShot(int, const R *, void (R::*)()) {}
  static void singleShot(int, const QObject *, const char *);
};
class QDialog : public QObject {
public:
  int exec();
};
