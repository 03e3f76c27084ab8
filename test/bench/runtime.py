#!/usr/bin/env python3
"""The runtime against asio, traces off and on: runs runtime_bench and prints the ratios as a table.

    runtime.py BENCH [--repetitions N] [--seconds S] [--filter REGEX] [--json FILE]

BENCH is the executable runtime_bench. Each figure is the median of N repetitions, which are run in turns; all are of this one
run. Of asio there are two columns: as its examples and most people write it (any_io_executor, asio::post), and at its best
(executors by their types, execute(), no locks where one thread uses a context; bench.h); both with the runtime's own flags.
A ratio below 1 is faster than the peer. The goal is to be ahead of every peer in every row. What is behind by more than the
repetitions of the two deviate is missed, what is behind by less is not known; both are named below the table. Exit 1 if a goal
is missed, 2 if the benchmark cannot be run. `./dev bench runtime` builds and runs it.
"""
import argparse
import json
import subprocess
import sys

# name: (what one is, which figure, peer: asio stands for its two columns). Figures: CPU or elapsed time of one iteration, time of an item, the server's CPU.
ROWS = {
    "await_child": ("co_await of a child", "cpu", "asio"),
    "spawn": ("spawn, run and end of a task", "cpu", "asio"),
    "post": ("post", "cpu", "asio"),
    "yield": ("a coroutine through the queue", "cpu", "asio"),
    "round_trip": ("round trip between two loops", "elapsed", "asio"),
    "timer_replace/100000": ("cancel + insert, 100,000 timers", "cpu", "asio"),
    "timer_replace/1000000": ("cancel + insert, 1,000,000 timers", "cpu", "asio"),
    "timer_fire/100000": ("insert + fire, 100,000 timers", "item", "asio"),
    "timer_fire/1000000": ("insert + fire, 1,000,000 timers", "item", "asio"),
    "echo": ("loopback echo, server CPU a request", "server", "asio"),
    "pool_post/1": ("thread_pool: post from outside, 1 worker", "item", "asio"),
    "pool_post/2": ("thread_pool: post from outside, 2 workers", "item", "asio"),
    "pool_chain/1": ("thread_pool: post from a worker, 1 worker", "item", "asio"),
    "pool_chain/2": ("thread_pool: post from a worker, 2 workers", "item", "asio"),
    "pool_submit": ("thread_pool: submit and get, a batch", "item", "asio"),
    "submit_get": ("thread_pool: submit and get, one by one", "elapsed", "asio"),
    "promise": ("promise and future on one thread", "cpu", "std"),
    "mutex": ("mutex, uncontended", "elapsed", "std"),
    "mutex_flood": ("mutex, nothing but lock and unlock", "cpu", None),
    "mutex_contended": ("mutex, two threads", "elapsed", "std"),
    "async_mutex": ("async_mutex, uncontended", "cpu", None),
    "wheel_alone/100000": ("timer wheel alone, 100,000", "cpu", None),
    "wheel_alone/1000000": ("timer wheel alone, 1,000,000", "cpu", None),
    "clock_reading": ("reading the clock", "elapsed", None),
    "trace_event": ("one trace event", "elapsed", None),
    "trace_event_with_detail": ("one trace event with a detail", "elapsed", None),
    "trace_reach": ("one reach count", "elapsed", None),
    "trace_stack": ("one stack", "elapsed", None),
    "trace_flood": ("one trace event, nothing but events", "cpu", None),
}
NOISE = 1.03  # medians of two runs of one binary on a quiet machine differ by up to that
# With traces, from figures of the same run: an event takes up to 12/7 readings of the clock, a lock and unlock two readings more than
# without traces (decisions.md); what is above is ours.
EVENT, LOCK = 12 / 7, 2
SIZED = ("timer_", "wheel_", "pool_post", "pool_chain")
SUFFIXES = ("real_time", "manual_time", "repeats", "iterations", "threads")
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def figures(report):
    """{(row, whose, traced): (nanoseconds, relative standard error of that median)}"""
    found, errors = {}, {}
    for run in report["benchmarks"]:
        kind = run.get("aggregate_name")
        if kind not in ("median", "cv"):
            continue
        name, whose, *numbers = [part for part in run["run_name"].split("/") if not part.startswith(SUFFIXES)]
        row = f"{name}/{numbers.pop(0)}" if name.startswith(SIZED) else name
        key = row, whose, numbers == ["1"]
        figure = {"server": "server_ns", "item": "items_per_second", "elapsed": "real_time", "cpu": "cpu_time"}[ROWS[row][1]]
        if kind == "cv":  # of a median of normally distributed figures
            errors[key] = 1.25 * run[figure] / run["repetitions"] ** 0.5
        elif figure == "items_per_second":
            found[key] = 1e9 / run[figure]
        else:
            found[key] = run[figure] * (1 if figure == "server_ns" else NANOSECONDS[run["time_unit"]])
    return {key: (value, errors.get(key, 0.0)) for key, value in found.items()}


def peers(row):
    peer = ROWS[row][2]
    return ("asio", "asio_best") if peer == "asio" else (peer,) if peer else ()


def table(found):
    lines = [("", "tenterhook", "traced", "traced/off", "asio (or std)", "ratio", "asio at its best", "ratio")]
    for row, (what, _, peer) in ROWS.items():
        ours, traced = (found.get((row, "tenterhook", on), (None,))[0] for on in (False, True))
        if not ours and not traced:
            continue
        show = lambda value: f"{value:.1f} ns" if value is not None else ""
        line = [what, show(ours), show(traced),
                f"{traced / ours:.2f}" if traced and ours and row != "trace_event" else ""]
        for whose in peers(row):
            theirs = found.get((row, whose, False), (None,))[0]
            line += [("std " if whose == "std" else "") + show(theirs), f"{ours / theirs:.2f}"] if theirs and ours else ["", ""]
        lines.append(line + [""] * (len(lines[0]) - len(line)))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.rjust(width) if i else cell.ljust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


# How far the repetitions of a row lie apart: what a ratio of this run is worth.
def noise(report):
    found = sorted((run["cpu_time" if "manual_time" not in run["run_name"] else "real_time"], run["run_name"])
                   for run in report["benchmarks"] if run.get("aggregate_name") == "cv")
    if not found:
        return "one repetition: nothing is known of the noise"
    return (f"noise: the CPU time of the repetitions of a row deviates by {found[len(found) // 2][0]:.1%} (median of the rows), "
            f"by {found[-1][0]:.1%} at most ({found[-1][1]})")


def goals(found):
    """(what, our figure, goal, how it is told) of each goal there is; figures with their errors."""
    clock = found.get(("clock_reading", "tenterhook", False))
    for row, (what, _, _) in ROWS.items():
        ours, traced = (found.get((row, "tenterhook", on)) for on in (False, True))
        for whose in peers(row):
            theirs = found.get((row, whose, False))
            if ours and theirs:
                yield what, ours, theirs, f"{ours[0] / theirs[0]:.2f} times {whose}'s"
        if row == "trace_event" and traced and clock:
            yield what, traced, (EVENT * clock[0], clock[1]), f"{traced[0] / clock[0]:.2f} readings of the clock (goal: {EVENT:.2f})"
        if row == "mutex" and traced and ours and clock:
            more = (traced[0] - ours[0]) / clock[0]
            yield f"{what}, traced", traced, (ours[0] + LOCK * clock[0], clock[1]), f"{more:.2f} readings of the clock more (goal: {LOCK})"
    off, on = (found.get(("echo", "tenterhook", traced)) for traced in (False, True))
    if off and on:
        yield "echo with traces", on, (1.15 * off[0], off[1]), f"{on[0] / off[0]:.2f} times the CPU (goal: 1.15)"


def missed(found):
    """(is missed, how it is told) of each goal that is not met: else it is within two standard errors."""
    for what, (ours, error), (goal, goals_error), how in goals(found):
        if ours > NOISE * goal:
            deviation = 2 * (error ** 2 + goals_error ** 2) ** 0.5
            yield ours > (NOISE + deviation) * goal, f"{what}: {how}; the two deviate by {deviation:.0%}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bench")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="of each repetition (default: 0.2)")
    parser.add_argument("--filter", default=".")
    parser.add_argument("--json", help="keep the benchmark's own report here")
    options = parser.parse_args()
    command = [options.bench, f"--benchmark_repetitions={options.repetitions}", "--benchmark_format=json",
               f"--benchmark_min_time={options.seconds}", "--benchmark_report_aggregates_only=true",
               f"--benchmark_filter={options.filter}", "--benchmark_enable_random_interleaving=true"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        report = json.loads(done.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"runtime.py: error: {options.bench}: {error}; build it with the target runtime_bench", file=sys.stderr)
        return 2
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(report, out, indent=1)
    found = figures(report)
    print(table(found))
    print(noise(report))
    failures = list(missed(found))
    for is_missed, failure in failures:
        print(f"{'missed' if is_missed else 'not known'}: {failure}")
    return int(any(is_missed for is_missed, _ in failures))


if __name__ == "__main__":
    sys.exit(main())
