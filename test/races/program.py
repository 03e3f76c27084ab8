"""A program of the race corpus: its sources, flags and marks. score.py and agreement.py read it from here.

A program is programs/GROUP/NAME.c or .cpp, or a folder programs/GROUP/NAME with sources and headers. Its (main's) first lines are
comments: one that says the idea and why it is a race or not, and, where needed,

    // flags: -fopenmp            compile flags besides -std=gnu17 or -std=c++20
    // tsan: race|silent|unrun    what ThreadSanitizer says; by default race if there is a mark, silent if there is none,
                                  and unrun if there is no main
    // tsan-why: ...              why this differs from the verdict (or why the program is not run)

A line that holds an access in a race on the memory location x ends with `// RACE(x)`, or `// RACE(x): possible` where a
finding of that confidence is enough; several marks may stand on a line. x is a label of that program. All unguarded
accesses of the race carry it, and the guarded ones that they race with; other lines do not.

A name with FN_ is a known miss: its marks are not all found today; FP_ is a known false alarm.
"""
import os
import re
import shlex

MARK = re.compile(r"RACE\(([\w.]+)\)(:\s*possible)?")
HEAD = re.compile(r"//\s*(flags|tsan|tsan-why):\s*(.*)")
HEADERS = (".h", ".hpp", ".inc")
SOURCES = (".c", ".cpp")
programs_folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")


class Program:
    def __init__(self, path):
        self.path = path
        self.group = os.path.basename(os.path.dirname(path))
        self.name = os.path.splitext(os.path.basename(path))[0]
        files = [path]
        if os.path.isdir(path):
            files = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(SOURCES + HEADERS)]
        self.files = [os.path.realpath(file) for file in files]
        self.sources = [file for file in self.files if file.endswith(SOURCES)]
        self.labels = {}    # label: whether a finding that is possible is enough
        self.marks = {}     # (file, line): labels
        self.flags, self.tsan, self.why, self.has_main, self.idea = [], "", "", False, False
        for file in self.files:
            self.read(file)
        self.known_miss = "FN_" in self.name
        self.known_alarm = "FP_" in self.name
        if not self.has_main and not self.tsan:
            self.tsan, self.why = "unrun", "there is no main"
        if not self.tsan:
            self.tsan = "race" if self.labels else "silent"

    def read(self, file):
        with open(file, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
        self.idea = self.idea or lines[0].startswith("//")
        for number, line in enumerate(lines, 1):
            head = HEAD.match(line) if number <= 12 else None
            if head:
                key, value = head.groups()
                if key == "flags":
                    self.flags += shlex.split(value)
                elif key == "tsan":
                    self.tsan = value.strip()
                else:
                    self.why = value.strip()
            elif "//" in line:
                for label, possible in MARK.findall(line.split("//", 1)[1]):
                    self.marks.setdefault((file, number), set()).add(label)
                    self.labels[label] = self.labels.get(label, False) or bool(possible)
            self.has_main = self.has_main or re.match(r"\s*int main\(", line) is not None

    def complaints(self):
        """What is wrong with the way the program is written."""
        if not self.sources:
            yield "no source"
        if not self.idea:
            yield "does not begin with the comment that says its idea"
        if self.tsan not in ("race", "silent", "unrun"):
            yield f"tsan: {self.tsan} is none of race, silent, unrun"
        if self.tsan != ("race" if self.labels else "silent") and not self.why:
            yield "tsan: differs from the verdict without a tsan-why"
        if not self.has_main and self.tsan != "unrun":
            yield "has no main, so tsan must be unrun"

    def command(self, source):
        standard = "-std=gnu17" if source.endswith(".c") else "-std=c++20"
        return [*([] if any(f.startswith("-std=") for f in self.flags) else [standard]), *self.flags]


def all_programs(paths=()):
    """The programs at these paths (files, folders of a program, groups), or all."""
    found = []

    def add(path, depth):
        if os.path.isfile(path):
            found.append(Program(path))
        elif any(name.endswith(SOURCES) for name in os.listdir(path)) and depth >= 2:
            found.append(Program(path))
        else:
            for name in sorted(os.listdir(path)):
                below = os.path.join(path, name)
                if os.path.isdir(below) or name.endswith(SOURCES):
                    add(below, depth + 1)

    for path in map(os.path.abspath, paths or [programs_folder]):
        inside = os.path.relpath(path, programs_folder)
        add(path, 0 if inside == "." else len(inside.split(os.sep)))
    return found
