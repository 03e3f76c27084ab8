#!/usr/bin/env python3
"""programs/condition_waits.cpp under `record --every-event`: no two threads have a mutex at one time, though one of them
waits on a condition variable with it; what else the waiting thread holds it keeps; no order of locks comes of a wait.

    condition_waits.py --tenterhook EXE --recorder LIBRARY --build FOLDER
"""
import argparse
import os
import subprocess
import sys

import trace_reader

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs", "condition_waits.cpp")
BUILDS = {"clang": ["clang++-22", "-O0", "-g"], "gcc": ["g++-12", "-O2", "-g"]}


def check(trace, outer, given, kept):
    problems, owners, depth, takings = [], {}, 0, []
    for event in sorted(trace.of("lock", "unlock"), key=lambda event: event.ticks):
        if event.object == kept:
            depth += 1 if event.kind == "lock" else -1
        elif event.kind == "lock":
            if event.object in owners:
                problems.append("lock %x: taken, but not released by thread %d" % (event.object, owners[event.object]))
            owners[event.object] = event.thread
            takings.append(event)
        elif owners.pop(event.object, None) != event.thread:
            problems.append("lock %x: released, but not held" % event.object)
    if owners or depth:
        problems.append("held at the end: %s, %d" % (owners, depth))
    if len([event for event in trace.of("lock") if event.object == kept]) != 2:
        problems.append("a recursive mutex was given up")
    waits = [event for event in trace.of("block") if trace.strings[event.arg].startswith("pthread_cond_")]
    if {trace.strings[event.arg] for event in waits} != {
            "pthread_cond_wait", "pthread_cond_timedwait", "pthread_cond_clockwait"}:
        problems.append("waits: %s" % [trace.strings[event.arg] for event in waits])
    for wait in waits:
        if len([event for event in takings if event.object == given and event.site == wait.site]) < 1:
            problems.append("the mutex is not taken again where it was waited for")
        if wait.locks_held != 1:
            problems.append("%d locks are held at the wait" % wait.locks_held)
    orders = {(edge.first, edge.second) for edge in trace.edges.values()}
    if orders & {(given, outer), (given, kept), (outer, kept)} or (outer, given) not in orders:
        problems.append("orders: %s" % orders)
    return problems + ["%s recorded" % event.kind for event in trace.of("held_at_wait", "foreign_unlock")]


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    failed = False
    for name, command in BUILDS.items():
        program = os.path.join(arguments.build, "condition_waits-" + name)
        subprocess.run([*command, "-std=c++20", "-pthread", SOURCE, "-o", program], check=True)
        output = program + ".trace"
        done = subprocess.run([*arguments.tenterhook.split(), "record", "-q", "--every-event", "--block-threshold",
                               "8ms", "-o", output, "--", program],
                              capture_output=True, text=True, timeout=120, check=True)
        trace = trace_reader.Trace(output)
        problems = check(trace, *(int(word, 16) for word in done.stdout.split()))
        if any(trace.drops.values()):
            problems.append("events were dropped: %s" % trace.drops)
        print("%s: %s" % (name, "; ".join(problems) or "as it should be"))
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
