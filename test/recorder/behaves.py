#!/usr/bin/env python3
"""programs/behaves.cpp under the recorder: it checks itself that libc behaves as ever; here, that its processes each
left their trace, however they ended.

    behaves.py --tenterhook EXE --recorder LIBRARY --build FOLDER
"""
import argparse
import glob
import os
import shutil
import signal
import subprocess
import sys
import time

import trace_reader

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs", "behaves.cpp")
BUILDS = {"clang": ["clang++-22", "-O0", "-g"], "gcc-fortified": ["g++-12", "-O2", "-g", "-D_FORTIFY_SOURCE=2"]}


def blocks(trace, function):
    return [event for event in trace.of("block") if trace.strings[event.arg] == function]


def check(tenterhook, program, output):
    problems = []

    def expect(condition, text):
        if not condition:
            problems.append(text)

    def record(*arguments, options=()):
        for old in glob.glob(output + "*"):
            shutil.rmtree(old) if os.path.isdir(old) else os.remove(old)
        return subprocess.run([*tenterhook, "record", "-o", output, *options, "--", program, *arguments],
                              capture_output=True, text=True, timeout=120)

    done = record()
    expect(done.returncode == 0 and done.stdout == "good\n", "exit code %d: %s%s" % (
        done.returncode, done.stdout, done.stderr))
    if problems:
        return problems
    main = trace_reader.Trace(output)
    children = [trace_reader.Trace(path) for path in glob.glob(output + ".children/*.trace")]
    expect(main.end == (0, 0), "main has not ended by exit: %s" % (main.end,))
    expect(len(blocks(main, "usleep")) >= 5, "calls after a longjmp and after cancellations are missing")
    stalls = main.of("stall")
    expect(len(stalls) == 1 and stalls[0].stack, "one stall, with a stack though all signals are blocked")
    expect(any(child.parent == main.process and len(blocks(child, "usleep")) == 2 for child in children),
           "the forked child's two sleeps")
    expect(any(child.process != main.process and len(blocks(child, "usleep")) == 1 and child.end == (0, 0)
               for child in children), "the child that executed another program")
    expect(blocks(main, "system") or blocks(main, "waitpid"), "waiting for children")

    try:
        done = record("fork", options=["--stall-threshold", "2ms"])
        expect(done.returncode == 0 and done.stdout == "good\n", "forks: %d %s" % (done.returncode, done.stderr))
        expect(trace_reader.Trace(output).of("stall"), "forks: no stall, so nothing was asked for its stack")
    except subprocess.TimeoutExpired:
        expect(False, "hangs in a fork whose thread is asked for its stack")
        return problems

    done = record("die")
    trace = trace_reader.Trace(output)
    expect(done.returncode == -signal.SIGABRT and "SIGABRT" in done.stderr,
           "abort: exit code %d" % done.returncode)
    expect(trace.end == (1, signal.SIGABRT) and len(blocks(trace, "usleep")) == 1, "abort: the trace ends with %s" % (
        trace.end,))

    done = record("overflow")
    trace = trace_reader.Trace(output)
    expect(done.returncode == -signal.SIGSEGV and trace.end == (1, signal.SIGSEGV),
           "stack overflow: exit code %d, the trace ends with %s" % (done.returncode, trace.end))

    os.remove(output)
    running = subprocess.Popen([*tenterhook, "record", "-o", output, "--", program, "hang"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    running.stdout.readline()
    time.sleep(0.3)
    running.terminate()
    _, stderr = running.communicate(timeout=30)
    trace = trace_reader.Trace(output)
    expect(running.returncode == -signal.SIGTERM and "SIGTERM" in stderr,
           "SIGTERM: exit code %d" % running.returncode)
    expect(trace.end == (1, signal.SIGTERM) and len(blocks(trace, "usleep")) == 1, "SIGTERM: the trace ends with %s" % (
        trace.end,))
    return problems


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    failed = False
    for name, command in BUILDS.items():
        program = os.path.join(arguments.build, "behaves-" + name)
        subprocess.run([*command, "-std=c++20", "-pthread", SOURCE, "-o", program], check=True)
        problems = check(arguments.tenterhook.split(), program, program + ".trace")
        print("%s: %s" % (name, "; ".join(problems) or "good"))
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
