#!/usr/bin/env python3
"""Programs that are linked with tenterhook::runtime, under the recorder: one file, in it the runtime's tasks and the
recorder's calls; each loop told once, and each slow slice once, by the runtime, which names its task, with the stack that the
recorder took. Without the recorder, a program and a library that each hold a copy of the runtime write a file each.

    with_runtime.py --tenterhook EXE --recorder LIBRARY --build FOLDER --examples FOLDER --runtime SOURCES
        --libraries FILE FILE
"""
import argparse
import collections
import glob
import os
import subprocess
import sys

import trace_reader

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs", "runtime_loop.cpp")


def read_files(output):
    return {path[len(output):]: trace_reader.Trace(path) for path in glob.glob(output + "*")}


def record(arguments, name, *command):
    output = os.path.join(arguments.build, name + ".trace")
    for old in glob.glob(output + "*"):
        os.remove(old)
    subprocess.run([*arguments.tenterhook.split(), "record", "-q", "--every-event", "-o", output, "--", *command],
                   check=True, capture_output=True, timeout=120)
    files = read_files(output)
    assert list(files) == [""], "more than one file: %s" % list(files)
    return files[""]


def build(arguments, name, *flags):
    program = os.path.join(arguments.build, name)
    subprocess.run(["clang++-22", "-std=c++20", "-g", "-O1", "-fPIC", SOURCE, "-I" + arguments.runtime + "/include",
                    "-I" + arguments.runtime, "-o", program, *flags, *arguments.libraries, "-pthread", "-ldl"],
                   check=True)
    return program


def check_loops(trace):
    """Each loop is entered and left by the runtime, and no other waits."""
    loops = collections.Counter(event.object for event in trace.of("loop_enter"))
    assert loops == collections.Counter(event.object for event in trace.of("loop_leave")), "loops that nobody leaves"
    waiting = {event.object for event in trace.of("loop_wait", "loop_wake")}
    assert waiting and waiting <= set(loops), "loops %s, of which wait %s" % (loops, waiting)
    return loops


def check_stalls(trace, loops, times):
    """`times` times the four slices of co_kept; no two stalls of a thread at one time."""
    frames = trace.symbolize([frame for stack in trace.stacks.values() for frame in stack], "llvm-symbolizer-22")
    seen, ends = collections.Counter(), collections.defaultdict(int)
    for stall in sorted(trace.of("stall"), key=lambda event: event.ticks):
        names = [function for address in trace.stacks.get(stall.stack, ()) for function, _, _ in frames[address]]
        for name in ("compute", "doze"):
            if any(function.startswith(name + "(") for function in names):
                seen[name] += 1
                assert stall.object and stall.key and stall.loop in loops, "%s: not told by the runtime: %s" % (
                    name, stall)
        assert stall.ticks - stall.duration >= ends[stall.thread], "two stalls of one slice: %s" % trace.of("stall")
        ends[stall.thread] = stall.ticks - stall.duration // 16  # the record is written a little after the slice
    assert seen == {"compute": 2 * times, "doze": 2 * times}, "stalls with a stack: %s of %s" % (
        seen, trace.of("stall"))


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build", "examples", "runtime"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--libraries", nargs=2, required=True)
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder

    trace = record(arguments, "echo", os.path.join(arguments.examples, "echo_server"))
    check_loops(trace)
    assert trace.of("task_suspend"), "no tasks"

    # The mistake of the experiment: its sleeps are on the loop, though it has not waited for anything before them.
    trace = record(arguments, "experiment", os.path.join(arguments.examples, "experiment"), "--only", "3", "--scale",
                   "0.1", "--jobs", "10")
    blocks = [event for event in trace.of("block") if trace.strings[event.arg] in ("nanosleep", "clock_nanosleep")]
    inside = [event for event in blocks if event.flags & trace_reader.ON_LOOP]
    assert len(blocks) == len(inside) == 10, "%d of %d sleeps are on a loop" % (len(inside), len(blocks))
    stalls = trace.of("stall")
    # All ten are children of one when_all, which starts them in one slice.
    assert len(stalls) == 1 and stalls[0].object and stalls[0].key and stalls[0].stack, "stalls: %s" % stalls
    assert len(trace.of("task_done")) >= 10, "tasks that are not told"

    # Workers that have ended: one entry each, that says so.
    trace = record(arguments, "pool", os.path.join(arguments.examples, "experiment"), "--only", "5", "--scale", "0.05",
                   "--jobs", "10")
    roles = collections.Counter(thread.role for thread in trace.threads.values())
    assert roles == {1: 1, 3: 10}, "roles of threads: %s" % roles

    loop = record(arguments, "runtime_loop", build(arguments, "runtime_loop"))
    check_stalls(loop, check_loops(loop), 1)

    library = build(arguments, "libruntime_loop.so", "-shared", "-DLIBRARY", "-Wl,-Bsymbolic")
    both = build(arguments, "runtime_twice", "-DSHARED", library)
    recorded = record(arguments, "runtime_twice", both)
    check_stalls(recorded, check_loops(recorded), 2)

    output = os.path.join(arguments.build, "alone.trace")
    for old in glob.glob(output + "*"):
        os.remove(old)
    subprocess.run([both], check=True, env={**os.environ, "TENTERHOOK_TRACE": output}, timeout=60)
    files = read_files(output)
    assert len(files) == 2 and "" in files, "two copies of the runtime, files %s" % list(files)
    for name, trace in files.items():
        assert trace.end == (0, 0) and len(check_loops(trace)) == 1 and len(trace.of("stall")) >= 4, "%s: %s" % (
            name, trace.end)
    print("good")
    return 0


if __name__ == "__main__":
    sys.exit(main())
