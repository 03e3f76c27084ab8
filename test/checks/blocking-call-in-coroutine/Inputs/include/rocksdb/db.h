// The few declarations of RocksDB that a test needs.
#pragma once
#include <string>
namespace rocksdb {
struct Status {};
struct ReadOptions {};
struct WriteOptions {};
class Iterator {
public:
  virtual void SeekToFirst() = 0;
  virtual bool Valid() const = 0;
};
class DB {
public:
  virtual ~DB();
  virtual Status Get(const ReadOptions &, const std::string &key, std::string *value) = 0;
  virtual Status Merge(const WriteOptions &, const std::string &key, const std::string &value) = 0;
  virtual unsigned long GetLatestSequenceNumber() const = 0;
};
class TransactionDB : public DB {};
class Transaction {
public:
  virtual Status Commit() = 0;
};
} // namespace rocksdb
