// Clients of databases and of HTTP servers: libpq, SQLite, MySQL, hiredis, curl.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <mysql.h>
#include <sqlite3.h>

task<> postgres(PGconn *connection) {
  PGresult *result = PQexec(connection, "select 1"); // finding: blocking-call-in-coroutine "libpq's asynchronous functions"
  PQclear(result);
  co_await tick();
}
task<> postgres_asynchronously(PGconn *connection) {
  PQsendQuery(connection, "select 1");
  while (PQisBusy(connection))
    co_await tick();
}

task<> sqlite(sqlite3 *db, sqlite3_stmt *statement) {
  sqlite3_exec(db, "select 1", nullptr, nullptr, nullptr); // finding: blocking-call-in-coroutine "waits for the database's file or its lock"
  while (sqlite3_step(statement) == SQLITE_ROW)            // finding: blocking-call-in-coroutine
    use(sqlite3_column_int(statement, 0));
  co_await tick();
}

struct Users {
  MYSQL *mysql;
  int count() {
    mysql_query(mysql, "select count(*) from users"); // finding: blocking-call-in-coroutine "Users::count" "'mysql_store_result' waits for a database too"
    mysql_store_result(mysql);
    return 1;
  }
};
task<> mysql(Users &users) {
  use(users.count());
  co_await tick();
}

task<> redis(redisContext *context) {
  redisCommand(context, "GET key"); // finding: blocking-call-in-coroutine "hiredis' asynchronous context"
  co_await tick();
}

task<> redis_connects() {
  redisContext *context = redisConnect("host", 6379); // finding: blocking-call-in-coroutine
  void *reply;
  redisGetReply(context, &reply);
  co_await tick();
}
task<> redis_without_blocking() {
  redisContext *context = redisConnectNonBlock("host", 6379);
  redisBufferRead(context);
  void *reply;
  redisGetReply(context, &reply);
  co_await tick();
}

task<> http(CURL *easy) {
  curl_easy_setopt(easy, 1, "http://host");
  curl_easy_perform(easy); // finding: blocking-call-in-coroutine "multi interface"
  co_await tick();
}
task<> multi(CURLM *multi, int running) {
  curl_multi_perform(multi, &running);
  curl_multi_wait(multi, nullptr, 0, 0, nullptr);
  curl_multi_wait(multi, nullptr, 0, 1000, nullptr); // finding: blocking-call-in-coroutine
  co_await tick();
}

// Rows of a stored result are in memory.
task<> rows_of_a_stored_result(MYSQL_RES *stored) {
  mysql_fetch_row(stored);
  co_await tick();
}

// Those of mysql_use_result come from the server; the model of mysql_fetch_row does not tell, and says nothing.
task<> FN_rows_as_they_come(MYSQL *connection) {
  mysql_fetch_row(mysql_use_result(connection));
  co_await tick();
}
