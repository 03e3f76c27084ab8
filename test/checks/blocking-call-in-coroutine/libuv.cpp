// libuv: requests without a callback do their work before they return, on the loop's thread.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <uv.h>

void on_file(uv_fs_t *);
void on_address(uv_getaddrinfo_t *, int, addrinfo *);
void on_name(uv_getnameinfo_t *, int, const char *, const char *);

task<> synchronous(uv_loop_t *loop, uv_fs_t *request, uv_file file, uv_buf_t *buffers) {
  uv_fs_open(loop, request, "a", 0, 0, nullptr); // finding: blocking-call-in-coroutine "waits for the disk" "libuv's thread pool"
  co_await tick();
}
task<> reads(uv_loop_t *loop, uv_fs_t *request, uv_file file, uv_buf_t *buffers) {
  uv_fs_read(loop, request, file, buffers, 1, 0, NULL); // finding: blocking-call-in-coroutine
  uv_fs_req_cleanup(request);
  co_await tick();
}
task<> without_a_loop(uv_fs_t *request) {
  uv_fs_stat(nullptr, request, "a", 0); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> resolves(uv_loop_t *loop, uv_getaddrinfo_t *request) {
  uv_getaddrinfo(loop, request, nullptr, "host", "80", nullptr); // finding: blocking-call-in-coroutine "waits for a name server"
  co_await tick();
}
task<> asks_for_a_name(uv_loop_t *loop, uv_getnameinfo_t *request, const sockaddr *address) {
  uv_getnameinfo(loop, request, nullptr, address, 0); // finding: blocking-call-in-coroutine "waits for a name server"
  co_await tick();
}
// A callback of the loop that works synchronously.
void deletes(uv_fs_t *request) {
  uv_fs_unlink(nullptr, request, "a", nullptr); // finding: blocking-call-in-coroutine "a callback of an event loop"
}
void starts(uv_loop_t *loop, uv_fs_t *request) { uv_fs_open(loop, request, "a", 0, 0, deletes); }

task<> asynchronous(uv_loop_t *loop, uv_fs_t *request, uv_file file, uv_buf_t *buffers) {
  uv_fs_open(loop, request, "a", 0, 0, on_file);
  uv_fs_read(loop, request, file, buffers, 1, 0, on_file);
  uv_fs_stat(loop, request, "a", [](uv_fs_t *) {});
  uv_fs_fsync(loop, request, file, on_file);
  uv_fs_close(loop, request, file, nullptr);
  co_await tick();
}
task<> looks_up_asynchronously(uv_loop_t *loop, uv_getaddrinfo_t *address, uv_getnameinfo_t *name, const sockaddr *of) {
  uv_getaddrinfo(loop, address, on_address, "host", nullptr, nullptr);
  uv_getnameinfo(loop, name, on_name, of, 0);
  co_await tick();
}
// Whether there is a callback is not known: nothing is said.
task<> with_a_callback_of_somebody(uv_loop_t *loop, uv_fs_t *request, uv_fs_cb callback) {
  uv_fs_stat(loop, request, "a", callback);
  co_await tick();
}
// Off the loop it may wait.
int main_program(uv_fs_t *request) { return uv_fs_stat(nullptr, request, "a", nullptr); }
