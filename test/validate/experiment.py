#!/usr/bin/env python3
"""The classic experiment, static and dynamic side by side: 50 jobs of waiting done in six ways, what the analyzer says of the
third (coroutines that block), and what a recorded run of the third says of that finding. Exit 1 if the two disagree.

usage: experiment.py --tenterhook T --experiment E --keep DIR [--scale S]"""
import argparse
import json
import os
import subprocess
import sys

parser = argparse.ArgumentParser()
for name in ("--tenterhook", "--experiment", "--keep"):
    parser.add_argument(name, required=True)
parser.add_argument("--scale", default="0.05")
options = parser.parse_args()
source = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../runtime/examples/experiment.cpp"))
os.makedirs(options.keep, exist_ok=True)
report, trace, judged = (os.path.join(options.keep, name) for name in ("report.sarif", "run.trace", "validated.sarif"))


def run(*command, expected):
    """Shows the command and what it prints."""
    print("$ " + " ".join(os.path.relpath(word) if os.path.isabs(word) else word for word in command), flush=True)
    code = subprocess.run(command).returncode
    if code != expected:
        sys.exit(f"experiment.py: {command[0]} {command[1]} ended with {code}, not {expected}")
    print(flush=True)


run(options.experiment, "--scale", options.scale, expected=0)
# With flags, and not out of the database of all that we build: this one file is the whole program.
runtime = os.path.dirname(os.path.dirname(source))
run(options.tenterhook, "check", source, "-o", f"sarif={report}", "--", "-std=c++20", f"-I{runtime}", f"-I{runtime}/include", expected=1)
run(options.tenterhook, "record", "-q", "-o", trace, "--", options.experiment, "--scale", options.scale, "--only", "3", expected=0)
run(options.tenterhook, "validate", report, trace, "-o", judged, expected=0)

with open(judged, encoding="utf-8") as stream:
    results = json.load(stream)["runs"][0]["results"]
findings = [result for result in results if "tenterhook/verdict" in result.get("properties", {})]
verdicts = [(result["ruleId"], result["properties"]["tenterhook/verdict"]["verdict"]) for result in findings]
if verdicts != [("tenterhook-blocking-call-in-coroutine", "confirmed")]:
    sys.exit(f"experiment.py: one finding, confirmed, was expected: {verdicts}")
unpredicted = [result["ruleId"] for result in results if result.get("kind") == "informational"]
if unpredicted:
    sys.exit(f"experiment.py: the run shows what no finding predicts: {unpredicted}")
