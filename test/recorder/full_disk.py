#!/usr/bin/env python3
"""No room for the trace: the program goes on, the trace ends with what it lacks, and `record` says so in a line. On a small
tmpfs where this may mount one, and with a limit on the size of files.

    full_disk.py --tenterhook EXE --recorder LIBRARY --build FOLDER
"""
import argparse
import os
import resource
import subprocess
import sys

import trace_reader

PROGRAM = """
#include <mutex>
#include <cstdio>
int main() {
  std::mutex mutex;
  for (int i = 0; i < 200000; ++i) std::lock_guard guard(mutex); // two events each
  std::puts("went on");
}
"""
DISK_FULL, FILE_TOO_LARGE, ROOM = 28, 27, 2 << 20


def check(arguments, program, output, error, **more):
    done = subprocess.run([*arguments.tenterhook.split(), "record", "-q", "--every-event", "-o", output, "--", program],
                          capture_output=True, text=True, timeout=120, **more)
    assert done.returncode == 0 and done.stdout == "went on\n", "exit code %d: %s" % (done.returncode, done.stderr)
    warnings = [line for line in done.stderr.splitlines() if "warning" in line]
    assert len(warnings) == 1 and "ends before the program did" in warnings[0] and "make room" in warnings[0], done.stderr
    trace = trace_reader.Trace(output)
    assert trace.end == (5, error), "the trace ends with %s" % (trace.end,)
    assert trace.of("lock") and trace.drops[0] > 0, "%d locks, lost %s" % (len(trace.of("lock")), trace.drops)
    assert "%d events" % trace.drops[0] in warnings[0], warnings[0]
    assert os.path.getsize(output) <= ROOM


def main():
    parser = argparse.ArgumentParser()
    for name in ("tenterhook", "recorder", "build"):
        parser.add_argument("--" + name, required=True)
    arguments = parser.parse_args()
    folder = os.path.abspath(os.path.join(arguments.build, "full"))
    os.makedirs(folder, exist_ok=True)
    os.environ["TENTERHOOK_RECORDER"] = arguments.recorder
    program = os.path.join(arguments.build, "full_disk")
    subprocess.run(["g++-12", "-x", "c++", "-", "-g", "-pthread", "-o", program], input=PROGRAM, text=True, check=True)

    limited = os.path.join(arguments.build, "limited.trace")
    check(arguments, program, limited, FILE_TOO_LARGE,
          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%d" % ROOM, "tenterhook", folder],
                             capture_output=True).returncode == 0
    if mounted:
        try:
            check(arguments, program, os.path.join(folder, "out.trace"), DISK_FULL)
        finally:
            subprocess.run(["umount", folder], check=True)
    print("good" if mounted else "good; no file system could be mounted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
