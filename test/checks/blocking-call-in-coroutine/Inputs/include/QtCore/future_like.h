// A future as in Qt: QFuture.
#pragma once
#include <QtCore/qobject_like.h>
template <class T> struct QFuture {
  QFuture();
  QFuture(const QFuture &);
  bool isFinished() const;
  bool isCanceled() const;
  T result() const;
  T takeResult();
  void waitForFinished();
};
template <class T> class QFutureWatcher : public QObject {
public:
  QFutureWatcher();
  void setFuture(const QFuture<T> &future);
  bool isFinished() const;
  T result() const;
  void deleteLater();
  void finished();
};
