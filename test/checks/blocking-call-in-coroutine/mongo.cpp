// MongoDB: operations wait for the server; a cursor asks it when it is read, not when it is made.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <mongoc/mongoc.h>
#include <mongocxx/mongocxx_like.h>

task<> finds_one(mongocxx::collection &users) {
  use(users.find_one({})); // finding: blocking-call-in-coroutine "waits for a database"
  co_await tick();
}
task<> reads(mongocxx::collection &users) {
  auto found = users.find({});
  for (auto each : found) // finding: blocking-call-in-coroutine
    use(sizeof each);
  co_await tick();
}
task<> only_makes_a_cursor(mongocxx::collection &users) {
  auto found = users.find({});
  co_await tick();
}
task<> inserts(mongocxx::collection &users) {
  users.insert_one({}); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> takes_a_connection(mongocxx::pool &pool) {
  use(pool.acquire()); // finding: blocking-call-in-coroutine "a connection that is free"
  co_await tick();
}
task<> counts(mongocxx::collection &users) {
  use(static_cast<int>(users.count_documents({}))); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> reads_in_c(mongoc_collection_t *users, const bson_t *query) {
  mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(users, query, nullptr, nullptr);
  const bson_t *each;
  while (mongoc_cursor_next(cursor, &each)) // finding: blocking-call-in-coroutine
    use(1);
  co_await tick();
}
task<> only_makes_a_cursor_in_c(mongoc_collection_t *users, const bson_t *query) {
  mongoc_collection_find_with_opts(users, query, nullptr, nullptr);
  co_await tick();
}
task<> inserts_in_c(mongoc_collection_t *users, const bson_t *document) {
  mongoc_collection_insert_one(users, document, nullptr, nullptr, nullptr); // finding: blocking-call-in-coroutine
  co_await tick();
}
