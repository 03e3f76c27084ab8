// The AWS SDK: operations of clients wait for their answer.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <aws/s3/S3Client.h>

task<> gets(const Aws::S3::S3Client &client) {
  client.GetObjectAsync({}, [](const Aws::S3::GetObjectOutcome &) {});
  client.GetObject({}); // finding: blocking-call-in-coroutine "waits for AWS"
  co_await tick();
}
struct Store {
  Aws::S3::S3Client client;
  void put() {
    client.PutObject({}); // finding: blocking-call-in-coroutine "calls 'Store::put'"
  }
};
task<> puts(Store &store) {
  store.put();
  co_await tick();
}
task<> queries(Aws::DynamoDB::DynamoDBClient *client) {
  client->Query({}); // finding: blocking-call-in-coroutine
  co_await tick();
}
void worker(const Aws::S3::S3Client &client) { client.GetObject({}); }
