// C functions are known by their name, wherever they are declared, unless the program has a body for them.
// RUN: %verify %s -- -I%S/Inputs/include
#include "../Inputs/task.h"
#include <hiredis/hiredis.h> // vendored: by -I, not by -isystem

extern "C" {
typedef void CURL;
int curl_easy_perform(CURL *);
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
PGresult *PQexec(PGconn *, const char *);
int curl_easy_send(CURL *, const void *, unsigned long, unsigned long *) { return 0; } // a stub of one's own
}
extern "C" unsigned int sleep(unsigned int);
namespace vendor {
extern "C" int usleep(unsigned int);
}
int sqlite3_step(int *);                // C++: another function
static int getch() { return 0; }
namespace own {
int system(const char *) { return 0; }
int mysql_ping(int *);
} // namespace own
struct Client {
  int curl_easy_perform(CURL *);
};

task<> calls(CURL *curl) {
  curl_easy_perform(curl); // finding: blocking-call-in-coroutine "waits for"
  co_await tick();
}
task<> queries(PGconn *connection) {
  PQexec(connection, "select 1"); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asks(redisContext *context) {
  redisCommand(context, "GET key"); // finding: blocking-call-in-coroutine "waits for Redis"
  co_await tick();
}
task<> sleeps() {
  sleep(1); // finding: blocking-call-in-coroutine "sleeps"
  co_await tick();
}
task<> sleeps_by_another_scope() {
  vendor::usleep(1000); // finding: blocking-call-in-coroutine "sleeps"
  co_await tick();
}
task<> others(CURL *curl, int *statement, Client &client) {
  unsigned long sent;
  curl_easy_send(curl, "", 0, &sent);
  sqlite3_step(statement);
  use(getch());
  own::system("x");
  own::mysql_ping(statement);
  client.curl_easy_perform(curl);
  co_await tick();
}
