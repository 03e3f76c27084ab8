#!/usr/bin/env python3
"""What recording costs: processor time for each request of an echo server on asio's coroutines, without and with the
recorder.

    recorder.py --tenterhook build/bin/tenterhook [--rounds 7] [--requests 200000] [--connections 1 16] [--compiler
g++-12 …]

And for each item of Python threads that work, or that lock, queue and wait for each other (recorder/threads.py), on one core,
where the interpreter's lock changes hands the same way each time, and on all. And for each short process that a shell starts:
/bin/true, and a pipe of two programs, one after the other. Server and client have a core each and talk over loopback. Rounds
alternate, so that what else the machine does hits both; medians are compared, and the spread is shown. Exit code 1 if the
cost is above a limit, in percent.
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


THREADS = {"work": 20000, "locks": 60000}


def threads(kind, prefix):
    """Microseconds of a Python process's time an item, from its first thread to its last."""
    script = os.path.join(HERE, "threads.py")
    done = subprocess.run([*prefix, "python3", script, kind, str(THREADS[kind])], check=True, stdout=subprocess.PIPE, text=True)
    seconds, items = done.stdout.split()
    return float(seconds) / int(items) * 1e6


PROCESSES = {"/bin/true": "/bin/true", "seq | sed": "seq 3 | sed s/1/2/ >/dev/null"}


def processes(command, count, prefix):
    """Milliseconds of processor time for a turn of a shell's loop around the command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    script = "for ((i = 0; i < %d; i++)); do %s; done" % (count, command)
    subprocess.run([*prefix, "bash", "-c", script], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) / count * 1e3


def compare(rounds, row, one, record):
    """Prints a row: `one`, without and with the recorder in front. The cost in percent."""
    plain, recorded = [], []
    for _ in range(rounds):
        plain.append(one([]))
        recorded.append(one(record))
    cost = (statistics.median(recorded) / statistics.median(plain) - 1) * 100
    show = lambda values: "%.2f (%.2f to %.2f)" % (statistics.median(values), min(values), max(values))
    print("%-18s %12s %22s %22s %+7.1f%%" % (*row, show(plain), show(recorded), cost), flush=True)
    return cost


def head(what, how_many, unit):
    print("%-18s %12s %22s %22s %8s" % (what, how_many, "plain, " + unit, "recorded", "cost"))


def compare_servers(arguments, folder, record):
    head("asio echo server", "connections", "us a request")
    costs = []
    for compiler in arguments.compiler:
        server, client = build(folder, compiler, "echo_server"), build(folder, compiler, "echo_client")
        for connections in arguments.connections:
            one = lambda prefix: one_round(server, client, connections, arguments.requests, prefix)
            costs.append(compare(arguments.rounds, (compiler, connections), one, record))
    return costs


def compare_threads(arguments, record):
    head("python3 threads", "cores", "us an item")
    costs = []
    for kind in THREADS:
        for cores in "1", "all":
            pinned = ["taskset", "-c", "0"] if cores == "1" else []
            one = lambda prefix: threads(kind, pinned + prefix)
            costs.append(compare(arguments.rounds, (kind, cores), one, record))
    return costs


def compare_processes(arguments, record):
    head("process", "how many", "ms")
    return [compare(arguments.rounds, (name, arguments.processes),
                    lambda prefix: processes(command, arguments.processes, prefix), record)
            for name, command in PROCESSES.items()]


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
    parser.add_argument("--limit-threads", type=float, default=20)
    parser.add_argument("--only", choices=["servers", "threads", "processes"])
    arguments = parser.parse_args()
    wanted = lambda what: arguments.only in (None, what)
    above = False
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as folder:
        record = [arguments.tenterhook, "record", "-q", "-o", os.path.join(folder, "trace"), "--"]
        if wanted("servers"):
            above |= max(compare_servers(arguments, folder, record)) > arguments.limit
        if wanted("threads"):
            above |= max(compare_threads(arguments, record)) > arguments.limit_threads
        if wanted("processes") and arguments.processes:
            above |= max(compare_processes(arguments, record)) > arguments.limit_processes
    return int(above)


if __name__ == "__main__":
    sys.exit(main())
