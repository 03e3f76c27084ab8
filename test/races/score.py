#!/usr/bin/env python3
"""score.py TENTERHOOK [PROGRAM…] [-j N]: unguarded-shared-state finds the races of the corpus, and nothing else.

Each program (program.py says how they are written) is checked alone. For each label there must be one finding whose
primary line and one of whose other lines carry the label, at `likely` or above (`possible` where the mark says so). Any
other finding at `likely` or above is wrong. Prints a row for each group and every deviation, and ends with 1 if there is
one. A known miss (FN_) or known false alarm (FP_) that has become right is a deviation as well.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

from program import all_programs

CHECK = "unguarded-shared-state"


def report_of(tool, program, check):
    """The tool's report on a program, and what went wrong if there is none."""
    with tempfile.TemporaryDirectory() as folder:
        database = [{"directory": os.path.dirname(source), "file": source,
                     "arguments": ["clang" if source.endswith(".c") else "clang++", *program.command(source), "-c", source]}
                    for source in program.sources]
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(database, file)
        config, out = os.path.join(folder, "empty.yaml"), os.path.join(folder, "report.json")
        with open(config, "w", encoding="utf-8"):  # no .tenterhook.yaml above the sources counts
            pass
        command = [tool, "check", *program.sources, "-p", folder, "-j1", "-q", "--config", config, "--checks", check,
                   "--min-confidence", "possible", "--fail-on", "never", "-o", f"json={out}"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        except subprocess.TimeoutExpired:
            return None, "did not end within 120 s"
        if run.returncode != 0:
            return None, f"exit code {run.returncode}: {run.stderr.strip()[:400]}"
        with open(out, encoding="utf-8") as file:
            report = json.load(file)
    if report["troubles"]:
        return None, f"trouble: {report['troubles'][0]['message']}"
    return report, ""


class Score:
    def __init__(self, program):
        self.program = program
        self.found, self.missed, self.wrong = {}, [], 0
        self.deviations = []

    def judge(self, report, trouble):
        program = self.program
        self.deviations += [f"{program.path}: {complaint}" for complaint in program.complaints()]
        if report is None:
            self.missed = sorted(program.labels)
            self.deviations.append(f"{program.path}: {trouble}")
            return self
        root = report["root"]
        for finding in report["findings"]:
            self.take(finding, lambda entry: (os.path.realpath(os.path.join(root, entry["file"])), entry["line"]))
        self.missed = sorted(set(program.labels) - set(self.found))
        for label in self.missed:
            if not program.known_miss:
                (file, line), _ = min((place, labels) for place, labels in program.marks.items() if label in labels)
                self.deviations.append(f"{file}:{line}: missed: RACE({label})")
        if program.known_miss and not self.missed:
            self.deviations.append(f"{program.path}: all its races are found now; rename it")
        if program.known_alarm and not self.wrong:
            self.deviations.append(f"{program.path}: no false alarm any more; rename it")
        return self

    def take(self, finding, place_of):
        program, place = self.program, place_of(finding)
        labels = program.marks.get(place, set())
        others = set()
        for entry in finding["witness"] + finding["related"]:
            others |= program.marks.get(place_of(entry), set())
        certain, shown = finding["confidence"] == "certain", finding["confidence"] != "possible"
        where = f"{place[0]}:{place[1]}: {finding['confidence']}: {finding['message']}"
        fitting = sorted((label in self.found, label) for label in labels & others if shown or program.labels[label])
        if fitting:
            again, label = fitting[0]
            if again and shown:  # one finding for a memory
                self.wrong += 1
                if not program.known_alarm:
                    self.deviations.append(f"{where}: a second finding for RACE({label}), besides line {self.found[label]}")
            self.found.setdefault(label, place[1])
        elif shown:
            self.wrong += 1
            if not program.known_alarm or (certain and not labels):
                kind = "the other access has no mark with this label" if labels else "not expected"
                self.deviations.append(f"{where}: {kind}")


def percent(part, whole):
    return f"{100 * part / whole:6.1f} %" if whole else "       -"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("programs", nargs="*")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("--check", default=CHECK)
    options = parser.parse_args()
    programs = all_programs(options.programs)
    tool = os.path.abspath(options.tool)

    def score(program):
        return Score(program).judge(*report_of(tool, program, options.check))

    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        scores = list(pool.map(score, programs))
    rows = collections.defaultdict(lambda: [0, 0, 0, 0, 0])
    for each in scores:
        numbers = (1, len(each.program.labels), len(each.found), len(each.missed), each.wrong)
        for row in (each.program.group, "all"):
            rows[row] = [sum(pair) for pair in zip(rows[row], numbers)]
    print(f"{'group':12}{'programs':>9}{'races':>7}{'found':>7}{'missed':>8}{'wrong':>7}   recall  precision")
    for group in sorted(rows, key=lambda name: (name == "all", name)):
        count, races, found, missed, wrong = rows[group]
        print(f"{group:12}{count:9}{races:7}{found:7}{missed:8}{wrong:7} "
              f"{percent(found, races)}   {percent(found, found + wrong)}")
    deviations = [text for each in scores for text in each.deviations]
    for text in deviations:
        print(os.path.relpath(text.split(":")[0]) + text[len(text.split(":")[0]):])
    print(f"{len(deviations)} deviation{'' if len(deviations) == 1 else 's'}")
    sys.exit(1 if deviations else 0)


if __name__ == "__main__":
    main()
