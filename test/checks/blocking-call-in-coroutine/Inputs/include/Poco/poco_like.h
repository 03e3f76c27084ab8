// The few declarations of POCO that a test needs.
#pragma once
#include <string>
namespace Poco {
class Timespan {
public:
  Timespan(long seconds, long microseconds);
};
template <class M> class ScopedLock {
public:
  explicit ScopedLock(M &m) : m_(m) { m_.lock(); }
  ~ScopedLock() { m_.unlock(); }

private:
  M &m_;
};
class Mutex {
public:
  using ScopedLock = Poco::ScopedLock<Mutex>;
  void lock();
  void unlock();

private:
  int implementation_;
};
class Thread {
public:
  void join();
  bool tryJoin(long milliseconds);
  static void sleep(long milliseconds);
};
class Event {
public:
  void set();
  void wait();
  bool tryWait(long milliseconds);
};
namespace Net {
class SocketAddress;
class HTTPRequest;
class HTTPResponse;
class Socket {
public:
  enum SelectMode { SELECT_READ = 1 };
  bool poll(const Timespan &timeout, int mode) const;
  void setBlocking(bool flag);
};
class StreamSocket : public Socket {
public:
  void connect(const SocketAddress &);
  void connectNB(const SocketAddress &);
  int sendBytes(const void *buffer, int length, int flags = 0);
  int receiveBytes(void *buffer, int length, int flags = 0);
};
class HTTPClientSession {
public:
  virtual ~HTTPClientSession();
  virtual std::ostream &sendRequest(HTTPRequest &);
  virtual std::istream &receiveResponse(HTTPResponse &);
};
class HostEntry {};
class DNS {
public:
  static HostEntry hostByName(const std::string &);
};
} // namespace Net
namespace Data {
class Session {
public:
  Session(const std::string &connector, const std::string &connection);
  Session(const Session &);
};
class Statement {
public:
  unsigned long execute(bool reset = true);
  int executeAsync(bool reset = true);
};
} // namespace Data
} // namespace Poco
