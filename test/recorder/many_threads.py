#!/usr/bin/env python3
"""More threads than the writer has rings for, at once and in turn: nothing hangs, what threads without a ring did is
counted, totals are complete, and threads that come after others have gone have a ring again.

    many_threads.py --tenterhook EXE --recorder LIBRARY --build FOLDER
"""
import argparse
import os
import subprocess
import sys

import trace_reader

PROGRAM = """
#include <cstdlib>
#include <latch>
#include <pthread.h>
#include <unistd.h>
#include <vector>
constexpr int crowd = 1200, turns = 1500;
std::latch all(crowd);
int main() {
  usleep(2000);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 17);
  std::vector<pthread_t> threads(crowd);
  for (pthread_t &thread : threads)
    if (pthread_create(&thread, &attributes, [](void *) -> void * {
          usleep(2000);
          all.arrive_and_wait(); // all are there at once
          return nullptr;
        }, nullptr) != 0)
      std::abort();
  for (pthread_t thread : threads) pthread_join(thread, nullptr);
  for (int i = 0; i < turns; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, [](void *) -> void * {
          usleep(1100);
          return nullptr;
        }, nullptr) != 0)
      std::abort();
    pthread_join(thread, nullptr);
  }
}
"""
CROWD, TURNS, RINGS = 1200, 1500, 1024


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    program = os.path.join(arguments.build, "many_threads")
    subprocess.run(["g++-12", "-std=c++20", "-x", "c++", "-", "-g", "-pthread", "-o", program], input=PROGRAM, text=True,
                   check=True)
    output = program + ".trace"
    subprocess.run([*arguments.tenterhook.split(), "record", "-q", "-o", output, "--", program], check=True,
                   capture_output=True, timeout=300)
    trace = trace_reader.Trace(output)
    sleeps = sum(total.outside for (_, function), total in trace.reach.items() if trace.strings[function] == "usleep")
    assert sleeps == 1 + CROWD + TURNS, "%d sleeps were counted" % sleeps
    told = {event.thread for event in trace.of("block") if trace.strings[event.arg] == "usleep"}
    # main has a ring as well; of the crowd, each thread without one has at least the event of its sleep.
    assert CROWD - (RINGS - 1) <= trace.drops[0] and set(trace.drops) == {0}, "drops: %s" % trace.drops
    assert len(told) == RINGS + TURNS, "%d threads have events" % len(told)
    assert told <= set(trace.threads) and trace.end == (0, 0)
    print("good")
    return 0


if __name__ == "__main__":
    sys.exit(main())
