// librdkafka: what waits for messages, for a broker or for room, unless its timeout is 0.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafkacpp.h>

task<> polls(rd_kafka_t *kafka) {
  rd_kafka_poll(kafka, 0);
  rd_kafka_poll(kafka, 100); // finding: blocking-call-in-coroutine "waits for messages"
  co_await tick();
}
task<> consumes(rd_kafka_t *kafka) {
  while (rd_kafka_consumer_poll(kafka, 0) == nullptr) co_await tick();
  rd_kafka_consumer_poll(kafka, 1000); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> flushes(rd_kafka_t *kafka) {
  rd_kafka_flush(kafka, 10000); // finding: blocking-call-in-coroutine "waits for a broker"
  co_await tick();
}
task<> commits(rd_kafka_t *kafka) {
  rd_kafka_commit(kafka, nullptr, 1);
  rd_kafka_commit(kafka, nullptr, 0); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> committed(rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *list) {
  rd_kafka_committed(kafka, list, 500); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> closes(rd_kafka_t *kafka) {
  rd_kafka_consumer_close(kafka); // finding: blocking-call-in-coroutine "left its group"
  co_await tick();
}
task<> produces(rd_kafka_topic_t *topic, char *text) {
  rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, text, 1, nullptr, 0, nullptr);
  rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK, text, 1, nullptr, 0, nullptr); // finding: blocking-call-in-coroutine "room in a queue"
  co_await tick();
}

task<> consumes_cpp(RdKafka::KafkaConsumer *consumer) {
  consumer->consume(0);
  consumer->commitAsync();
  consumer->consume(1000); // finding: blocking-call-in-coroutine "waits for messages"
  co_await tick();
}
task<> commits_cpp(RdKafka::KafkaConsumer *consumer) {
  consumer->commitSync(); // finding: blocking-call-in-coroutine "commitAsync"
  co_await tick();
}
task<> produces_cpp(RdKafka::Producer *producer) {
  producer->poll(0);
  producer->flush(1000); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> polls_cpp(RdKafka::Producer *producer) {
  producer->poll(100); // finding: blocking-call-in-coroutine
  co_await tick();
}
void worker(RdKafka::KafkaConsumer *consumer) { consumer->consume(1000); }
