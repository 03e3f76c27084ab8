#!/usr/bin/env python3
"""The classic experiment keeps its promises: which ways wait side by side, which use more than one core, what it says of
wrong options. Relations only, with wide margins: other programs may have the machine.

usage: experiment.py EXPERIMENT"""
import os
import re
import subprocess
import sys
import time

failures = []
attempts = 5


def expect(holds, what):
    if not holds:
        failures.append(what)


def run(*options):
    return subprocess.run([sys.argv[1], *options], capture_output=True, text=True, timeout=100)


def table(*options):
    """(seconds, cores, cores of others) by the number of the way."""
    done = run(*options)
    expect(done.returncode == 0, f"{options}: exit code {done.returncode}: {done.stderr}")
    rows = re.findall(r"^(\d)  .*? +(\d+\.\d+) s +(\d+\.\d+) s +(\d+\.\d)x +(\d+\.\d+) +(\d+\.\d+)$", done.stdout, re.M)
    times = {}
    for row in rows:
        number, seconds, processor, faster, cores, others = int(row[0]), *map(float, row[1:])
        times[number] = (seconds, cores, others)
        first = times[min(times)][0]
        # The columns agree with each other, as far as they were rounded.
        expect(abs(processor / seconds - cores) <= 0.01 + 0.001 / seconds, f"way {number}: {row}")
        expect(abs(first / seconds - faster) <= 0.06 + 0.001 * first / seconds**2, f"way {number}: {row}, first {first}")
    return times, done


def waiting():
    jobs, scale = 50, 0.1
    wait = 0.5 * scale
    times, done = table("--scale", str(scale))
    expect(sorted(times) == [1, 2, 3, 4, 5, 6], f"six ways: {done.stdout}")
    seconds = {number: row[0] for number, row in times.items()}
    # What waits one after the other cannot be faster than this, whatever else the machine does.
    for number in (1, 3):
        expect(seconds[number] >= jobs * wait * 0.99, f"way {number} waits one after the other: {seconds}")
    for number in (2, 4, 5, 6):
        expect(seconds[number] >= wait * 0.99, f"way {number} waits at all: {seconds}")
    # What waits side by side may be kept from the machine: the best of a few runs.
    for number, parts in ((2, 3), (4, 10), (5, 3), (6, 3)):
        for _ in range(attempts):
            if seconds[number] * parts <= jobs * wait:
                break
            again, _ = table("--scale", str(scale), "--only", str(number))
            seconds[number] = min(seconds[number], again[number][0])
        expect(seconds[number] * parts <= jobs * wait, f"way {number} waits side by side: {seconds}")
    expect("way 3: the loop was kept from its other work" in done.stderr, f"way 3 stalls its loop: {done.stderr}")


def one_way():
    times, _ = table("--scale", "0.01", "--jobs", "4", "--only", "4")
    expect(list(times) == [4], f"--only 4: {times}")
    # A loop that does not get the machine is late as well: one run in which it was not is enough.
    expect(any(run("--scale", "0.2", "--only", "4").stderr == "" for _ in range(attempts)),
           "coroutines that await do not stall their loop")


def idle_seconds():
    """Of all cores of the machine."""
    with open("/proc/stat", encoding="ascii") as stat:
        return int(stat.readline().split()[4]) / os.sysconf("SC_CLK_TCK")


def may_use_two_cores():
    if len(os.sched_getaffinity(0)) < 2:
        return False
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as limit:
            quota, period = limit.read().split()
    except OSError:
        return True
    return quota == "max" or int(quota) >= 2 * int(period)


def uses_two_cores(number):
    """False if it left a core idle each time; where others have the machine, nobody can promise two cores."""
    for _ in range(attempts):
        idle, begun = idle_seconds(), time.monotonic()
        times, _ = table("--cpu", "--scale", "0.02", "--only", str(number))
        idle_cores = (idle_seconds() - idle) / (time.monotonic() - begun)
        if times[number][1] > 1.2 or idle_cores < 0.4:
            return True
    return False


def computing():
    times, done = table("--cpu", "--scale", "0.01")
    for number in (1, 3, 4):
        expect(times[number][1] < 1.2, f"way {number} uses one core: {times}")
    cores = len(os.sched_getaffinity(0))
    expect(re.match(rf"50 jobs, each 0\.005 s of computing, on {cores} cores?\n", done.stdout), done.stdout)
    # Whatever the machine gave each way, the last lines say what the table shows.
    said = re.search(r"^(no way got more than one of|one core|[\d, ]+ gain from)(?: (\d+) cores)?", done.stdout, re.M)
    expect(said is not None, f"what gained: {done.stdout}")
    if said and cores > 1:
        gained = {int(number) for number in re.findall(r"\d", said.group(1))}
        expect(int(said.group(2)) == cores, done.stdout)
        expect(gained <= {2, 5, 6}, f"one thread cannot gain: {done.stdout}")
        for number, (_, used, _) in times.items():
            if abs(used - 1.2) > 0.006:  # as printed it may be rounded over the border
                expect((number in gained) == (used > 1.2), f"way {number}, {used} cores: {done.stdout}")
    most = max(others for _, _, others in times.values())
    if abs(most - 0.2) > 0.006:
        expect(("other programs had these cores" in done.stdout) == (most > 0.2), f"whether they were shared: {done.stdout}")
    if may_use_two_cores():
        for number in (2, 5, 6):
            expect(uses_two_cores(number), f"way {number} uses more than one core")


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
