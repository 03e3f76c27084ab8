#!/usr/bin/env python3
"""The classic experiment keeps its promises: which ways wait side by side, which use more than one core, what it says of
wrong options. Relations only, with wide margins: other programs may have the machine.

usage: experiment.py EXPERIMENT"""
import os
import re
import subprocess
import sys

failures = []


def expect(holds, what):
    if not holds:
        failures.append(what)


def run(*options):
    return subprocess.run([sys.argv[1], *options], capture_output=True, text=True, timeout=100)


def table(*options):
    """(seconds, cores) by the number of the way."""
    done = run(*options)
    expect(done.returncode == 0, f"{options}: exit code {done.returncode}: {done.stderr}")
    rows = re.findall(r"^(\d)  .*? +(\d+\.\d+) s +\d+\.\dx +(\d+\.\d+)$", done.stdout, re.M)
    return {int(number): (float(seconds), float(cores)) for number, seconds, cores in rows}, done


def waiting():
    jobs, wait = 50, 0.5 * 0.04
    times, done = table("--scale", "0.04")
    expect(sorted(times) == [1, 2, 3, 4, 5, 6], f"six ways: {done.stdout}")
    seconds = {number: row[0] for number, row in times.items()}
    # What waits one after the other cannot be faster than this, whatever else the machine does.
    for number in (1, 3):
        expect(seconds[number] >= jobs * wait * 0.99, f"way {number} waits one after the other: {seconds}")
    expect(seconds[3] >= 10 * seconds[4], f"coroutines that block take 10 times as long as those that await: {seconds}")
    for number in (2, 5, 6):
        expect(seconds[1] >= 3 * seconds[number], f"way {number} waits side by side: {seconds}")
    for number in (2, 4, 5, 6):
        expect(seconds[number] >= wait * 0.99, f"way {number} waits at all: {seconds}")
    expect("the loop was kept from its other work" in done.stderr, f"way 3 stalls its loop: {done.stderr}")


def one_way():
    times, _ = table("--scale", "0.01", "--jobs", "4", "--only", "4")
    expect(list(times) == [4], f"--only 4: {times}")
    expect(run("--scale", "0.01", "--only", "4").stderr == "", "coroutines that await do not stall their loop")


def computing():
    cores = {}
    for _ in range(5):  # others may have the cores: the best of a few runs
        times, _ = table("--cpu", "--scale", "0.01")
        for number, row in times.items():
            cores[number] = max(cores.get(number, 0), row[1])
        if all(cores[number] > 1.2 for number in (2, 5, 6)):
            break
    for number in (1, 3, 4):
        expect(cores[number] < 1.2, f"way {number} uses one core: {cores}")
    # With others on the machine, nobody can promise two cores; that they are used in parallel shows in more than one.
    if len(os.sched_getaffinity(0)) > 1 and os.getloadavg()[0] < len(os.sched_getaffinity(0)):
        for number in (2, 5, 6):
            expect(cores[number] > 1.2, f"way {number} uses more than one core: {cores}")


def wrong_options():
    for options, says in (
        (["--bad"], "unknown option '--bad'"),
        (["--jobs"], "--jobs needs a value"),
        (["--jobs", "0"], "--jobs 0: not a number from 1 to 1000"),
        (["--jobs", "5x"], "--jobs 5x: not a number"),
        (["--scale", "nan"], "--scale nan: not a number"),
        (["--scale", "-1"], "--scale -1: not a number"),
        (["--only", "7"], "--only 7: not a number from 1 to 6"),
    ):
        done = run(*options)
        expect(done.returncode == 2, f"{options}: exit code {done.returncode}")
        expect(says in done.stderr and done.stderr.count("\n") == 1, f"{options}: {done.stderr}")
        expect(done.stdout == "", f"{options}: {done.stdout}")


for test in (waiting, one_way, computing, wrong_options):
    test()
if failures:
    sys.exit("\n".join(failures))
