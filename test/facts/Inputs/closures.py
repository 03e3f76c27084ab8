#!/usr/bin/env python3
"""Counts the names of two dumps (JSON): how many of each kind, how many different ones, and whether both have the same."""
import json
import sys

units = [json.load(open(path)) for path in sys.argv[1:3]]


def report(what, names):
    first, second = (sorted(names(u)) for u in units)
    assert len(first) == len(second), f"{what}: {first} and {second}"
    different = len(set(first))
    print(f"{what}: {len(first)} in each, {different} name{'s' if different != 1 else ''}, "
          + ("the same" if first == second else f"others: {set(first) ^ set(second)}"))


def entities(qualified):
    return lambda u: [(e["name"]["usr"], e["name"].get("ordinal", 0)) for e in u["entities"] if e.get("qualified") == qualified]


def types(qualified):
    return lambda u: [(t["spelling"], t.get("identity")) for t in u["types"] if t.get("qualified") == qualified]


report("destructors of AtEnd", entities("AtEnd::~AtEnd"))
report("run", entities("run"))
report("classes AtEnd", types("AtEnd"))
report("classes Local", types("local::Local"))
