#!/usr/bin/env python3
"""The runtime against asio, traces off and on: runs runtime_bench and prints the ratios as a table.

    runtime.py BENCH [--repetitions N] [--seconds S] [--filter REGEX] [--json FILE]

BENCH is the executable runtime_bench. Each figure is the median of N repetitions; all are of this one run. A ratio below 1 is
faster than asio. Exit 1 if a goal is missed (named below the table), 2 if the benchmark cannot be run.
"""
import argparse
import json
import subprocess
import sys

# name: (what one is, unit, which figure). Figures: time of one iteration; of one item; the server's CPU time.
ROWS = {
    "await_child": ("co_await of a child", "ns", "time"),
    "spawn": ("spawn, run and end of a task", "ns", "time"),
    "post": ("post", "ns", "time"),
    "yield": ("a coroutine through the queue", "ns", "time"),
    "round_trip": ("round trip between two loops", "ns", "time"),
    "timer_replace/100000": ("cancel + insert, 100,000 timers", "ns", "time"),
    "timer_replace/1000000": ("cancel + insert, 1,000,000 timers", "ns", "time"),
    "timer_fire/100000": ("insert + fire, 100,000 timers", "ns", "item"),
    "timer_fire/1000000": ("insert + fire, 1,000,000 timers", "ns", "item"),
    "echo": ("loopback echo, server CPU a request", "ns", "server"),
    "async_mutex": ("async_mutex, uncontended", "ns", "time"),
    "wheel_alone/100000": ("timer wheel alone, 100,000", "ns", "time"),
    "wheel_alone/1000000": ("timer wheel alone, 1,000,000", "ns", "time"),
    "trace_event": ("one trace event", "ns", "time"),
    "clock_reading": ("reading the clock", "ns", "time"),
}
NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def figures(report):
    """{(row, runtime, traced): nanoseconds}"""
    found = {}
    for run in report["benchmarks"]:
        if run.get("aggregate_name") != "median":
            continue
        parts = [part for part in run["run_name"].split("/") if not part.startswith(("real_time", "repeats"))]
        name, runtime, numbers = parts[0], parts[1], parts[2:]
        sized = name.startswith(("timer_", "wheel_"))
        row = f"{name}/{numbers[0]}" if sized else name
        flags = numbers[1:] if sized else numbers
        what = ROWS[row][2]
        if what == "server":
            value = run["server_ns"]
        elif what == "item":
            value = 1e9 / run["items_per_second"]
        else:
            value = run["real_time" if name == "round_trip" else "cpu_time"] * NANOSECONDS[run["time_unit"]]
        found[row, runtime, flags == ["1"]] = value
    return found


def table(found):
    lines = [("", "tenterhook", "traced", "asio", "ratio", "traced/off")]
    for row, (what, unit, _) in ROWS.items():
        ours, traced, theirs = (found.get((row, *key)) for key in
                                (("tenterhook", False), ("tenterhook", True), ("asio", False)))
        if ours is None:
            continue
        show = lambda value: f"{value:.1f} {unit}" if value is not None else ""
        lines.append((what, show(ours), show(traced), show(theirs), f"{ours / theirs:.2f}" if theirs else "",
                      f"{traced / ours:.2f}" if traced and row != "trace_event" else ""))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


def missed(found):
    for row, (what, _, _) in ROWS.items():
        ours, theirs = found.get((row, "tenterhook", False)), found.get((row, "asio", False))
        if ours and theirs and ours > theirs:
            yield f"{what}: {ours / theirs:.2f} times asio's (goal: 1.00)"
    event = found.get(("trace_event", "tenterhook", True))
    if event and event > 12:
        yield f"one trace event: {event:.1f} ns (goal: 12)"
    off, on = (found.get(("echo", "tenterhook", traced)) for traced in (False, True))
    if off and on and on > 1.15 * off:
        yield f"echo with traces: {on / off:.2f} times the CPU (goal: 1.15)"


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
    failures = list(missed(found))
    for failure in failures:
        print(f"missed: {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
