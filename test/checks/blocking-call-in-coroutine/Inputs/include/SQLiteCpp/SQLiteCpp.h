// The few declarations of SQLiteCpp that a test needs.
#pragma once
#include <string>
namespace SQLite {
class Database {
public:
  explicit Database(const char *filename);
  Database(Database &&);
  int exec(const char *queries);
  int getChanges() const noexcept;
};
class Statement {
public:
  Statement(const Database &, const std::string &query);
  Statement(Statement &&) noexcept;
  void bind(int index, int value);
  bool executeStep();
  int getColumn(int index) const;
};
class Transaction {
public:
  explicit Transaction(Database &);
  void commit();
};
} // namespace SQLite
