#!/usr/bin/env python3
"""Seeds for the fuzzers of traces and of evidence: real traces, by the recorder and the runtime, a made-up one in which
everything happens, and logs of sanitizers and Valgrind. Made anew for each run, as large as they are small.

    seeds.py OUT --sample timeline-sample --tenterhook BIN --recorder LIB [--traced PROGRAM]... [--logs FOLDER]
"""
import argparse
import os
import shutil
import subprocess
import sys

LARGEST = 1 << 16  # bytes; a fuzzer does little with more

parser = argparse.ArgumentParser()
parser.add_argument("out")
for name in ("sample", "tenterhook", "recorder"):
    parser.add_argument("--" + name, required=True)
parser.add_argument("--traced", action="append", default=[])
parser.add_argument("--logs")
arguments = parser.parse_args()
shutil.rmtree(arguments.out, ignore_errors=True)
os.makedirs(arguments.out)
subprocess.run([arguments.sample, arguments.out], check=True)
environment = {**os.environ, "TENTERHOOK_RECORDER": arguments.recorder}
commands = [("/bin/sh", ["-c", "read line < /dev/null; sleep 0.01"]), ("/bin/sleep", ["0.01"])]
commands += [(program, []) for program in arguments.traced]
for number, (program, words) in enumerate(commands):
    trace = os.path.join(arguments.out, f"recorded-{number}.trace")
    subprocess.run([arguments.tenterhook, "record", "-q", "-o", trace, "--", program, *words], env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if words:
        continue
    runtime = {**os.environ, "TENTERHOOK_TRACE": os.path.join(arguments.out, f"runtime-{number}.trace")}
    subprocess.run([program], env=runtime, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for name in sorted(os.listdir(arguments.logs)) if arguments.logs else []:
    if os.path.isfile(os.path.join(arguments.logs, name)):
        shutil.copy(os.path.join(arguments.logs, name), arguments.out)
kept = 0
for name in sorted(os.listdir(arguments.out)):
    path = os.path.join(arguments.out, name)
    if name.endswith((".html", ".json")):
        os.remove(path)
    else:
        if name.endswith(".trace") and os.path.getsize(path) > LARGEST:
            os.truncate(path, LARGEST)  # a torn trace is one too
        kept += 1
print(f"{kept} seeds")
sys.exit(0 if kept >= 3 else 1)
