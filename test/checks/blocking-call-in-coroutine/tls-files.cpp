// asio::ssl::context reads certificates and keys from files.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <asio/ssl_like.h>

task<> loads(asio::ssl::context &context) {
  context.set_verify_mode(1);
  context.use_certificate_chain("-----BEGIN CERTIFICATE-----");
  context.use_certificate_chain_file("server.pem"); // finding: blocking-call-in-coroutine "reads a file"
  co_await tick();
}
task<> loads_a_key(asio::ssl::context &context) {
  context.use_private_key_file("key.pem", 1); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> trusts(asio::ssl::context &context) {
  context.load_verify_file("ca.pem"); // finding: blocking-call-in-coroutine
  co_await tick();
}
void before_the_loop(asio::ssl::context &context) { context.load_verify_file("ca.pem"); }
