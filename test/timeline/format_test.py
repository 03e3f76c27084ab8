#!/usr/bin/env python3
"""The Trace Event Format by its rules, and what `tenterhook timeline TRACE` says of the same trace:
format_test.py timeline-sample DIR tenterhook. The checker is tried on planted faults first."""
import copy
import json
import os
import subprocess
import sys

PHASES = {"M", "X", "i", "b", "e", "s", "f", "C"}


def check(document):
    """Breaches of the format's rules, as lines."""
    wrong = []
    events = document.get("traceEvents")
    if not isinstance(events, list):
        return ["no traceEvents"]
    slices, asyncs, flows = {}, {}, {}
    for number, event in enumerate(events):
        where = f"event {number} ({event.get('name')})"
        if event.get("ph") not in PHASES:
            wrong.append(f"{where}: phase {event.get('ph')}")
            continue
        if not isinstance(event.get("name"), str) or "pid" not in event or "tid" not in event:
            wrong.append(f"{where}: name, pid or tid is missing")
        if event["ph"] == "M":
            if not event.get("args"):
                wrong.append(f"{where}: metadata without args")
            continue
        if not isinstance(event.get("ts"), (int, float)) or event["ts"] < 0:
            wrong.append(f"{where}: ts {event.get('ts')}")
            continue
        if event["ph"] == "X":
            if not event.get("dur", -1) >= 0:
                wrong.append(f"{where}: dur {event.get('dur')}")
            slices.setdefault((event["pid"], event["tid"]), []).append((event["ts"], event["ts"] + event.get("dur", 0), where))
        elif event["ph"] in "be":
            asyncs.setdefault((event["pid"], event.get("cat"), event.get("id2", {}).get("local")), []).append(event)
        elif event["ph"] in "sf":
            if not isinstance(event.get("id"), int):
                wrong.append(f"{where}: the id of a flow is a number, not {event.get('id')}")
            flows.setdefault((event.get("cat"), event.get("id")), []).append(event)
        elif event["ph"] == "C":
            if not event.get("args") or not all(isinstance(value, int) and value >= 0 for value in event["args"].values()):
                wrong.append(f"{where}: counts {event.get('args')}")
        elif event.get("s") not in ("t", "p", "g"):
            wrong.append(f"{where}: an instant without scope")
    for thread, spans in slices.items():
        open_ends = []
        for begin, end, where in sorted(spans, key=lambda s: (s[0], -s[1])):
            while open_ends and open_ends[-1] <= begin + 1e-9:
                open_ends.pop()
            if open_ends and end > open_ends[-1] + 1e-6:
                wrong.append(f"{where}: leaves the slice around it on {thread}")
            open_ends.append(end)
    for key, pair in asyncs.items():
        names, last = [], 0
        if key[2] is None:
            wrong.append(f"async {key}: no id of its process")
        for event in pair:
            if event["ts"] < last - 1e-9:
                wrong.append(f"async {key}: goes back in time")
            last = event["ts"]
            if event["ph"] == "b":
                names.append(event["name"])
            elif not names or names.pop() != event["name"]:
                wrong.append(f"async {key}: an end without its begin")
        if names:
            wrong.append(f"async {key}: not ended: {names}")
    for key, pair in flows.items():
        if [event["ph"] for event in pair] != ["s", "f"] or pair[0]["ts"] > pair[1]["ts"]:
            wrong.append(f"flow {key}: not one start and then one end")
            continue
        for event in pair:
            on = slices.get((event["pid"], event["tid"]), [])
            if not any(begin <= event["ts"] <= end for begin, end, _ in on):
                wrong.append(f"flow {key}: its {event['ph']} lies in no slice")
    return wrong


def check_the_checker(good):
    def planted(change, expected):
        document = copy.deepcopy(good)
        change(document["traceEvents"])
        found = check(document)
        assert any(expected in line for line in found), (expected, found)

    first = lambda events, phase: next(e for e in events if e["ph"] == phase)
    planted(lambda e: first(e, "X").update(ph="Z"), "phase Z")
    planted(lambda e: first(e, "X").update(dur=-1), "dur")
    planted(lambda e: first(e, "b").update(ts="x"), "ts")
    planted(lambda e: e.remove(first(e, "e")), "not ended")
    planted(lambda e: first(e, "f").update(tid=77), "lies in no slice")
    planted(lambda e: e.append({**first(e, "X"), "ts": 0, "dur": 150}), "leaves the slice")
    planted(lambda e: first(e, "i").pop("s"), "without scope")
    planted(lambda e: first(e, "s").update(id="4711:1"), "is a number")
    planted(lambda e: first(e, "b").pop("id2"), "no id of its process")
    planted(lambda e: first(e, "C")["args"].update(tasks=-1), "counts")


def told(document):
    """What must be the same whether a trace is drawn at once or in parts: all but the numbers of async slices, the length
    of a submission, where a task's note stands, and when a task that is never destroyed ceases to count."""
    spans, lives = [], {}
    for event in document["traceEvents"]:
        if event["ph"] == "C":
            continue
        if event.get("cat") == "tasks":
            lives.setdefault(event["id2"]["local"], []).append((event["ts"], event["ph"], event["name"]))
            continue
        fields = {key: value for key, value in event.items() if key not in ("id2", "id")}
        if event["name"] == "submit":
            fields.pop("dur")
        spans.append(json.dumps(fields, sort_keys=True))
    return sorted(spans), lives, document["otherData"]


def check_parts(sample, out, which):
    """Parts of any length are one picture."""
    documents = {}
    for part in ("1000000000", "1", "7", "100"):
        folder = os.path.join(out, f"{which}-{part}")
        os.makedirs(folder, exist_ok=True)
        subprocess.run([sample, folder, which, part], check=True)
        with open(os.path.join(folder, "sample.json"), encoding="utf-8") as file:
            documents[part] = json.load(file)
    wrong = []
    whole = told(documents.pop("1000000000"))
    for part, document in documents.items():
        wrong += [f"{which} in parts of {part}: {line}" for line in check(document)]
        for what, one, other in zip(("spans", "lives", "notes"), told(document), whole):
            if one != other:
                wrong.append(f"{which} in parts of {part}: other {what} than at once")
    return wrong


def main():
    sample, out, tenterhook = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    subprocess.run([sample, out], check=True)
    with open(os.path.join(out, "sample.json"), encoding="utf-8") as file:
        document = json.load(file)
    wrong = check(document)
    events = document["traceEvents"]
    guard = "src/store.cpp:24 tenterhook::task<row> store::query(std::string_view)"
    count = lambda phase, **fields: sum(e["ph"] == phase and all(e.get(k) == v for k, v in fields.items()) for e in events)
    expected = {  # of test/timeline/sample.h: ten rounds
        "threads": (count("M", name="thread_name"), 3),
        "lives of tasks": (count("b", cat="tasks") - count("b", cat="tasks", name="runs"), 22),
        "flows": (count("s"), 10),
        "blocks": (count("X", cat="block", name="read"), 1),
        "stalls": (count("b", cat="stall"), 1),
        "work": (count("X", cat="work"), 10),
        "locks held": (count("b", cat="held"), 13),
        "waits for a lock": (count("X", cat="lock-wait"), 3),
        "who held it": ({e["args"]["note"] for e in events if e.get("cat") == "lock-wait"}, {
            f"on a worker; held by {pool}, which took it at {guard}" for pool in ("pool-0", "pool-1")}),
        "what ran in the stall": ([e["args"]["note"] for e in events if e["ph"] == "b" and e["cat"] == "stall"],
                                  ["the loop could do nothing else; in it ran read"]),
        "tasks in the end": ([e for e in events if e["ph"] == "C"][-1]["args"]["tasks"], 0),
        "nanoseconds behind the point": ([e["ts"] for e in events if e["ph"] == "b" and e["name"] == "audit"], [12000.007]),
        "notes": (count("i", cat="note"), len(document["otherData"]["notes"])),
        "held across a suspension": (sum("held across" in e["name"] for e in events if e["ph"] == "i"), 1),
    }
    wrong += [f"{what}: {found} instead of {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
    trace = os.path.join(out, "sample.trace")
    said = subprocess.run([tenterhook, "timeline", trace], check=True, capture_output=True, text=True)
    query = "src/store.cpp:20 tenterhook::task<row> store::query(std::string_view)"
    for line in (
        f"{trace}: process 4711, 13.00 ms, 235 events, 22 tasks",
        "  thread 1 server (loop), task 8.30 ms, wait 1.25 ms, block 6.00 ms",
        "  thread 3 pool-1 (worker), work 675.00 us, lock-wait 90.00 us, 17 events dropped",
        f"  1 x stall in store::query, longest 6.00 ms, in all 6.00 ms, at {query} (the loop could do nothing else; in it ran read)",
    ):
        if line not in said.stdout.splitlines():
            wrong.append(f"tenterhook timeline does not say: {line}\n{said.stdout}")
    if "17 of 252 events were dropped" not in said.stderr:
        wrong.append(said.stderr)
    for which in ("small", "crowd", "3000"):
        wrong += check_parts(sample, out, which)
    for line in wrong:
        print(line)
    if not wrong:
        check_the_checker(document)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
