// The few declarations of librdkafka's C API that a test needs.
#pragma once
extern "C" {
typedef struct rd_kafka_s rd_kafka_t;
typedef struct rd_kafka_topic_s rd_kafka_topic_t;
typedef struct rd_kafka_message_s rd_kafka_message_t;
typedef struct rd_kafka_topic_partition_list_s rd_kafka_topic_partition_list_t;
#define RD_KAFKA_MSG_F_COPY 0x2
#define RD_KAFKA_MSG_F_BLOCK 0x4
int rd_kafka_poll(rd_kafka_t *, int timeout_ms);
rd_kafka_message_t *rd_kafka_consumer_poll(rd_kafka_t *, int timeout_ms);
int rd_kafka_flush(rd_kafka_t *, int timeout_ms);
int rd_kafka_commit(rd_kafka_t *, const rd_kafka_topic_partition_list_t *, int async);
int rd_kafka_committed(rd_kafka_t *, rd_kafka_topic_partition_list_t *, int timeout_ms);
int rd_kafka_consumer_close(rd_kafka_t *);
void rd_kafka_destroy(rd_kafka_t *);
int rd_kafka_produce(rd_kafka_topic_t *, int partition, int msgflags, void *payload, unsigned long len, const void *key,
                     unsigned long keylen, void *opaque);
}
