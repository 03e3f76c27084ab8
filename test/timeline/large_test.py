#!/usr/bin/env python3
"""Memory does not grow with the length of a trace: large_test.py timeline-sample DIR tenterhook. Draws a trace of 1.5 million
events in all three forms and validates a report by it, each in less memory than the events alone take in the file."""
import os
import resource
import subprocess
import sys

EVENTS = 1_500_000
MOST = 170 << 10  # kilobytes; the program and its libraries are 90 MB of it before they do anything


def peak(command):
    """Peak memory in kilobytes, of this command alone: the largest of a process that has no other children."""
    child = os.fork()
    if child == 0:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(done.stderr)
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        os._exit(255 if done.returncode else min(254, used >> 12))  # units of 4 MB
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) << 12


def main():
    sample, out, tenterhook = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    trace, report = os.path.join(out, "sample.trace"), os.path.join(out, "report.sarif")
    subprocess.run([sample, out, str(EVENTS), "trace"], check=True)
    with open(report, "w", encoding="utf-8") as file:
        file.write('{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Tenterhook"}}, "results": []}]}')
    wrong = 0
    for words in (["timeline", trace, "-o", os.path.join(out, "large.json")], ["timeline", trace],
                  ["validate", report, trace], ["timeline", trace, "--limit", "100000", "-o", os.path.join(out, "large.html")]):
        used = peak([tenterhook, *words])
        print(f"{' '.join(words)}: {used >> 10} MB")
        wrong += used > MOST
    os.remove(trace)
    os.remove(os.path.join(out, "large.json"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
