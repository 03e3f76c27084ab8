#!/usr/bin/env python3
"""What recording costs: processor time for each request of an echo server on asio's coroutines, without and with the
recorder.

    recorder.py --tenterhook build/bin/tenterhook [--rounds 7] [--requests 200000] [--connections 1 16] [--compiler
g++-12 …]

And for each short process that a shell starts: /bin/true, and a pipe of two programs, one after the other. Server and client have a core each and talk over loopback. Rounds alternate, so that what else the machine does hits
both; medians are compared, and the spread is shown. Exit code 1 if the cost is above --limit percent.
"""
import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorder")


def build(folder, compiler, name):
    out = os.path.join(folder, "%s-%s" % (name, compiler))
    source = os.path.join(HERE, name + ".cpp")
    subprocess.run([compiler, "-std=c++20", "-O2", "-g", "-pthread", source, "-o", out], check=True)
    return out


def one_round(server, client, connections, requests, prefix):
    """Microseconds of the server's processor time a request."""
    running = subprocess.Popen(["taskset", "-c", "0", *prefix, server], stdout=subprocess.PIPE, text=True)
    port = running.stdout.readline().strip()
    subprocess.run(["taskset", "-c", "1", client, port, str(connections), str(requests)], check=True)
    seconds, served = running.stdout.readline().split()
    if running.wait() != 0:
        raise RuntimeError("the server failed")
    return float(seconds) / int(served) * 1e6


PROCESSES = {"/bin/true": "/bin/true", "seq | sed": "seq 3 | sed s/1/2/ >/dev/null"}


def processes(command, count, prefix):
    """Milliseconds of processor time for a turn of a shell's loop around the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = "for ((i = 0; i < %d; i++)); do %s; done" % (count, command)
    subprocess.run([*prefix, "bash", "-c", script], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / count * 1e3


def compare_processes(arguments, record):
    worst = 0.0
    print("%-12s %12s %22s %22s %8s" % ("process", "how many", "plain, ms", "recorded", "cost"))
    for name, command in PROCESSES.items():
        plain, recorded = [], []
        for _ in range(arguments.rounds):
            plain.append(processes(command, arguments.processes, []))
            recorded.append(processes(command, arguments.processes, record))
        cost = (statistics.median(recorded) / statistics.median(plain) - 1) * 100
        worst = max(worst, cost)
        show = lambda values: "%.2f (%.2f to %.2f)" % (statistics.median(values), min(values), max(values))
        print("%-12s %12d %22s %22s %+7.1f%%" % (name, arguments.processes, show(plain), show(recorded), cost), flush=True)
    return worst


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenterhook", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=200000)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--compiler", nargs="+", default=["clang++-22", "g++-12"])
    parser.add_argument("--limit", type=float, default=15)
    parser.add_argument("--processes", type=int, default=800, help="0: none")
    parser.add_argument("--limit-processes", type=float, default=50)
    arguments = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as folder:
        record = [arguments.tenterhook, "record", "-q", "-o", os.path.join(folder, "trace"), "--"]
        print("%-12s %12s %22s %22s %8s" % ("compiler", "connections", "plain, us a request", "recorded", "cost"))
        for compiler in arguments.compiler:
            server, client = build(folder, compiler, "echo_server"), build(folder, compiler, "echo_client")
            for connections in arguments.connections:
                plain, recorded = [], []
                for _ in range(arguments.rounds):
                    plain.append(one_round(server, client, connections, arguments.requests, []))
                    recorded.append(one_round(server, client, connections, arguments.requests, record))
                cost = (statistics.median(recorded) / statistics.median(plain) - 1) * 100
                worst = max(worst, cost)
                show = lambda values: "%.2f (%.2f to %.2f)" % (statistics.median(values), min(values), max(values))
                row = compiler, connections, show(plain), show(recorded), cost
                print("%-12s %12d %22s %22s %+7.1f%%" % row, flush=True)
        slowest = compare_processes(arguments, record) if arguments.processes else 0.0
    return 1 if worst > arguments.limit or slowest > arguments.limit_processes else 0


if __name__ == "__main__":
    sys.exit(main())
