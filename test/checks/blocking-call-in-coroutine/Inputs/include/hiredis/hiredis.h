// The few declarations of hiredis that a test needs.
#pragma once
struct redisContext;
extern "C" {
void *redisCommand(redisContext *, const char *format, ...);
redisContext *redisConnect(const char *ip, int port);
redisContext *redisConnectNonBlock(const char *ip, int port);
int redisGetReply(redisContext *, void **reply);
int redisBufferRead(redisContext *);
}
