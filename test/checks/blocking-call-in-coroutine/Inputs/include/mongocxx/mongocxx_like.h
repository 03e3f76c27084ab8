// The few declarations of mongocxx that a test needs.
#pragma once
namespace mongocxx {
inline namespace v_noabi {
struct document {};
class cursor {
public:
  struct iterator {
    iterator &operator++();
    document operator*() const;
    bool operator==(const iterator &) const;
  };
  iterator begin();
  iterator end();
};
class collection {
public:
  cursor find(const document &);
  int find_one(const document &);
  int insert_one(const document &);
  long count_documents(const document &);
};
class pool {
public:
  int acquire();
};
} // namespace v_noabi
} // namespace mongocxx
