// The few declarations of hiredis that a test needs.
#pragma once
struct redisContext;
extern "C" void *redisCommand(redisContext *, const char *format, ...);
