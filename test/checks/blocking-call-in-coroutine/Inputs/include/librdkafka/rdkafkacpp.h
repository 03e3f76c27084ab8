// The few declarations of librdkafka's C++ API that a test needs.
#pragma once
namespace RdKafka {
struct Message;
enum ErrorCode { ERR_NO_ERROR };
class Handle {
public:
  virtual ~Handle();
  virtual int poll(int timeout_ms) = 0;
};
class KafkaConsumer : public virtual Handle {
public:
  virtual Message *consume(int timeout_ms) = 0;
  virtual ErrorCode commitSync() = 0;
  virtual ErrorCode commitAsync() = 0;
  virtual ErrorCode close() = 0;
};
class Producer : public virtual Handle {
public:
  virtual ErrorCode flush(int timeout_ms) = 0;
};
} // namespace RdKafka
