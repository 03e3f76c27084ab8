// The few declarations of LevelDB that a test needs.
#pragma once
#include <string>
namespace leveldb {
struct Status {};
struct ReadOptions {};
struct WriteOptions {};
struct Options {};
class Iterator {
public:
  virtual ~Iterator();
  virtual bool Valid() const = 0;
  virtual void Seek(const std::string &) = 0;
  virtual void Next() = 0;
};
class DB {
public:
  virtual ~DB();
  static Status Open(const Options &, const std::string &name, DB **);
  virtual Status Put(const WriteOptions &, const std::string &key, const std::string &value) = 0;
  virtual Status Get(const ReadOptions &, const std::string &key, std::string *value) = 0;
  virtual Iterator *NewIterator(const ReadOptions &) = 0;
  virtual bool GetProperty(const std::string &, std::string *) = 0;
};
} // namespace leveldb
