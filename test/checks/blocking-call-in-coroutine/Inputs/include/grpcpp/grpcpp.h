// The few declarations of gRPC that a test needs.
#pragma once
namespace grpc {
struct Status {};
class CompletionQueue {
public:
  bool Next(void **tag, bool *ok);
  void Shutdown();
};
class ServerCompletionQueue : public CompletionQueue {};
class ServerInterface {
public:
  virtual ~ServerInterface();
  template <class T> void Shutdown(const T &deadline) {}
  void Shutdown() {}
  virtual void Wait() = 0;
};
class Server : public ServerInterface {
public:
  void Wait() override;
};
template <class R> class ClientReaderInterface {
public:
  virtual bool Read(R *message) = 0;
  virtual Status Finish() = 0;
};
template <class R> class ClientReader final : public ClientReaderInterface<R> {
public:
  bool Read(R *message) override { return true; }
  Status Finish() override { return {}; }
};
} // namespace grpc
