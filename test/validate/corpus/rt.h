// What every program on Tenterhook's runtime includes; precompiled.
#ifndef TENTERHOOK_TEST_VALIDATE_CORPUS_RT_H
#define TENTERHOOK_TEST_VALIDATE_CORPUS_RT_H

#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/future.h>
#include <tenterhook/mutex.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/sleep.h>
#include <tenterhook/spawn.h>
#include <tenterhook/task.h>
#include <tenterhook/thread_pool.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;
using tenterhook::sleep_for;
using tenterhook::task;

// Keeps the optimizer, and the analysis, from knowing a value.
inline bool opaque(bool value) {
  volatile bool hidden = value;
  return hidden;
}

#endif
