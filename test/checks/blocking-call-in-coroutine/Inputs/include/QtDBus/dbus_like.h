// The few declarations of Qt's D-Bus and network modules that a test needs.
#pragma once
class QString {
public:
  QString(const char *);
};
class QIODevice {
public:
  virtual ~QIODevice();
  virtual bool waitForReadyRead(int msecs);
};
class QTcpSocket : public QIODevice {};
class QNetworkReply : public QIODevice {};
class QDBusMessage {};
class QDBusPendingCall {
public:
  void waitForFinished();
};
namespace QDBus {
enum CallMode { NoBlock, Block, BlockWithGui, AutoDetect };
}
class QDBusConnection {
public:
  QDBusMessage call(const QDBusMessage &, QDBus::CallMode mode = QDBus::Block, int timeout = -1) const;
  QDBusPendingCall asyncCall(const QDBusMessage &, int timeout = -1) const;
};
class QDBusAbstractInterface {
public:
  QDBusMessage call(const QString &method);
  QDBusMessage call(QDBus::CallMode mode, const QString &method);
  QDBusPendingCall asyncCall(const QString &method);
};
class QDBusInterface : public QDBusAbstractInterface {};
