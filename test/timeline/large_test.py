#!/usr/bin/env python3
"""Memory does not grow with the length of a trace: large_test.py timeline-sample DIR tenterhook. Two traces, one with twice
the events of the other, are drawn in all three forms, and a report is validated by them. What the longer one takes more is
less than its further events alone would take in memory."""
import os
import resource
import subprocess
import sys

EVENTS = (1_200_000, 2_400_000)
MOST = 28 << 10  # kilobytes; the events between the two are 38 MB in the file, and larger in memory


def peak(command):
    """Peak memory in kilobytes, of this command alone: the largest of a process that has no other children."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(done.stderr)
        os.write(send, b"%d" % resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        os._exit(1 if done.returncode else 0)
    os.close(send)
    with open(receive, "rb") as result:
        used = int(result.read())
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(f"failed: {' '.join(command)}")
    return used


def main():
    sample, out, tenterhook = sys.argv[1:]
    report = os.path.join(out, "report.sarif")
    os.makedirs(out, exist_ok=True)
    with open(report, "w", encoding="utf-8") as file:
        file.write('{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Tenterhook"}}, "results": []}]}')
    used = []
    for events in EVENTS:
        trace, drawn = os.path.join(out, "sample.trace"), os.path.join(out, "large.json")
        subprocess.run([sample, out, str(events), "trace"], check=True)
        used.append({name: peak([tenterhook, *words]) for name, words in {
            "timeline -o .json": ["timeline", trace, "-o", drawn],
            "timeline": ["timeline", trace],
            "timeline --limit 100000 -o .html": ["timeline", trace, "--limit", "100000", "-o", os.path.join(out, "large.html")],
            "validate": ["validate", report, trace]}.items()})
        os.remove(trace)
        os.remove(drawn)
    wrong = 0
    for name in used[0]:
        few, many = used[0][name], used[1][name]
        print(f"{name}: {few >> 10} MB with {EVENTS[0]} events, {many >> 10} MB with {EVENTS[1]}")
        wrong += many - few > MOST
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
