// gRPC: completion queues, servers that shut down, and streams of the synchronous API.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <grpcpp/grpcpp.h>

task<> next(grpc::ServerCompletionQueue &queue) {
  void *tag;
  bool ok;
  queue.Next(&tag, &ok); // finding: blocking-call-in-coroutine "waits for a remote call"
  queue.Shutdown();
  co_await tick();
}
task<> shuts_down(grpc::Server &server) {
  server.Shutdown(); // finding: blocking-call-in-coroutine "until a server has shut down"
  co_await tick();
}
task<> shuts_down_within(grpc::ServerInterface &server) {
  server.Shutdown(5); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> waits(grpc::Server *server) {
  server->Wait(); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> reads(grpc::ClientReader<int> &reader) {
  int message;
  while (reader.Read(&message)) // finding: blocking-call-in-coroutine "callback API"
    use(message);
  reader.Finish();
  co_await tick();
}
task<> reads_by_interface(grpc::ClientReaderInterface<int> *reader) {
  int message;
  reader->Read(&message); // finding: blocking-call-in-coroutine
  co_await tick();
}
int main(int, char **) {
  grpc::Server server;
  server.Wait();
}
