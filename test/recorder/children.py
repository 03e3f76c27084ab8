#!/usr/bin/env python3
"""The processes of a run: which of them leave a trace and where, by --children; that an older run's are gone; that `timeline`
reads them with the first one's."""
import argparse
import os
import shutil
import subprocess
import sys

import trace_reader

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs", "children.cpp")


def slow(trace):
    return len([event for event in trace.of("block") if trace.strings[event.arg] == "usleep"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    os.makedirs(arguments.build, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = os.path.abspath(arguments.recorder)
    program = os.path.join(arguments.build, "children")
    subprocess.run(["clang++-22", "-std=c++20", "-O1", "-g", SOURCE, "-o", program], check=True)
    output = os.path.join(arguments.build, "children.trace")
    folder = output + ".children"
    shutil.rmtree(folder, ignore_errors=True)
    problems = []

    def expect(what, is_so):
        if not is_so:
            problems.append(what)

    def record(*options, how=()):
        done = subprocess.run([*arguments.tenterhook.split(), "record", "-o", output, *options, "--", program, *how],
                              capture_output=True, text=True, timeout=300)
        traces = [trace_reader.Trace(os.path.join(folder, name)) for name in
                  (os.listdir(folder) if os.path.isdir(folder) else [])]
        return done, trace_reader.Trace(output), traces

    done, first, children = record()
    expect("exit code and output: %s %s" % (done.returncode, done.stdout),
           (done.returncode, done.stdout) == (7, "5 6 3 4 143 0\n"))
    # On a busy machine a call around an exec may have blocked, and was told then.
    told = [child for child in children if slow(child) or child.end != (2, 0)]
    ends = sorted(child.end for child in told)
    # exit of the quick one and of two programs, SIGTERM, _exit of the worker; `true` has nothing to tell
    expect("ends: %s" % ends, ends[:3] == [(0, 0)] * 3 and ends[-2:] == [(1, 15), (3, 5)] and len(ends) in (5, 6))
    expect("the message: " + done.stderr, "files of processes it started, in " in done.stderr)
    calls = sorted(filter(None, map(slow, told)))
    expect("slow calls: %s" % calls, calls == [1, 1, 2])
    expect("parents: %s" % [child.parent for child in children],
           all(child.parent == first.process for child in children))
    # `true` may have blocked, too, on such a machine; but it removes no file
    fast = [child for child in told if not slow(child) and
            "unlink" in {child.strings[function] for _, function in child.reach}]
    expect("what the fast ones counted: %d" % len(fast), len(fast) == 2)
    shown = subprocess.run([*arguments.tenterhook.split(), "timeline", output], capture_output=True, text=True, check=True)
    expect("timeline: " + shown.stdout, shown.stdout.count(": process ") == 1 + len(children))

    done, first, children = record("--children", "forked")
    expect("forked: %d files" % len(children), sorted(slow(child) for child in children if child.end != (2, 0)) == [0, 1])
    done, first, children = record("--children", "none")
    expect("none: %d files" % len(children), not children and not os.path.exists(folder))
    expect("none: %s %s" % (done.returncode, done.stdout), (done.returncode, done.stdout) == (7, "5 6 3 4 143 0\n"))

    # the program becomes another one, with the same process id
    done, first, children = record(how=["again"])
    expect("exec: %s" % [child.process for child in children],
           done.returncode == 3 and len(children) == 1 and children[0].process == first.process and slow(children[0]) == 1)
    done, first, children = record("--children", "none", how=["again"])
    expect("exec, no children: %d files" % len(children), len(children) == 1 and slow(children[0]) == 1)
    if os.geteuid() == 0: # what could not be written is counted
        private = os.path.join(arguments.build, "private")
        shutil.rmtree(private, ignore_errors=True)
        os.mkdir(private, 0o700)
        os.mkdir(os.path.join(private, "root"))
        done = subprocess.run([*arguments.tenterhook.split(), "record", "-o", os.path.join(private, "trace"), "--", program,
                               "elsewhere", os.path.join(private, "root")], capture_output=True, text=True, timeout=300)
        expect("elsewhere: %s %s %s" % (done.returncode, done.stdout, done.stderr),
               (done.returncode, done.stdout) == (8, "5 6 7\n") and "lacks what 2 processes did" in done.stderr and
               not os.path.exists(os.path.join(private, "trace.children")))
    done, _, _ = record("--children", "some")
    expect("a wrong word: %s" % done.stderr, done.returncode == 2 and "none, forked or all" in done.stderr)

    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
