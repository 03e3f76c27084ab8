#!/usr/bin/env python3
"""The architecture test: who may include whom, and what each file and each check must have.

    arrows.py [ROOT]      prints one line a breach, "path:line: what is wrong; what to do"; exit 1 if there is any

The table ROOMS is design/architecture.md in code: to add an arrow, change both and CMake; where they differ is a breach. It reads all files of the
checkout that git does not ignore (all files, where there is no git), so a breach shows before it is committed.
"""
import os
import re
import subprocess
import sys

# A room and the rooms that it may include (itself always). The analyses stand on each other.
VALUES = {"facts", "models", "program", "library"}
CALLS = VALUES | {"values"}
BLOCKING = CALLS | {"calls", "naming", "contexts", "readiness"}
ANALYSES = BLOCKING | {"naming", "lockstate", "guards", "locks", "awaitables", "blocking", "reach", "races"}
CHECKS = ANALYSES | {"findings", "extract", "analysis", "rules", "engine", "config"}
OUTPUT = {"facts", "findings", "rules"}
ROOMS = {
    "facts": set(),
    "findings": {"facts"},
    "models": set(),
    "extract": {"facts"},
    "program": {"facts"},
    "library": {"facts", "models", "program"},
    "values": VALUES,
    "calls": CALLS,
    "contexts": CALLS | {"calls", "naming"},
    "naming": CALLS | {"calls"},
    "lockstate": CALLS | {"calls", "naming"},
    "guards": CALLS | {"calls", "naming", "lockstate"},
    "locks": CALLS | {"calls", "naming", "lockstate", "guards"},
    "awaitables": CALLS | {"calls", "naming"},
    "readiness": CALLS | {"calls"},
    "blocking": BLOCKING,
    "reach": BLOCKING | {"blocking"},
    "races": CALLS | {"calls", "naming", "contexts", "lockstate", "guards", "locks"},
    "analysis": ANALYSES,
    "rules": (ANALYSES - {"models"}) | {"analysis", "findings"},
    "engine": ANALYSES | {"findings", "analysis", "rules"},
    "config": {"facts", "findings", "models", "rules", "engine"},
    "driver": CHECKS | {"output", "trace", "timeline", "validate", "record"},
    "output": OUTPUT,
    "trace": set(),
    "timeline": {"trace"},
    "validate": OUTPUT | {"output", "trace"},
    "record": set(),
    "integrations": CHECKS,
    "runtime": set(),
}
# Single headers that a folder may include against the table: one trace format, written by the runtime.
EXCEPTIONS = {("driver/trace/", "runtime/trace/format.h"), ("driver/validate/", "runtime/trace/format.h")}

SEES_CLANG = ("checks/extract/", "integrations/clang-tidy/")
CLANG = re.compile(r"clang(-c|-tidy)?/")
# LLVM's Support and ADT are welcome in checks, driver and integrations; the runtime is used without any of it.
NO_LLVM = ("runtime/",)

DESIGN = "docs/design/architecture.md"
MAX_LINES = 500
COMMENTS = {  # how a file of this kind may open
    (".h", ".hpp", ".c", ".cpp", ".js", ".mjs", ".ts"): ("//", "/*"),
    (".py",): ("#", '"""'),
    (".sh", ".cmake", ".yaml", ".yml", "CMakeLists.txt"): ("#",),
}
C_LIKE = (".h", ".hpp", ".c", ".cpp")

# Files of checks/rules that are not a check.
RULE_HELPERS = {"rule", "registry"}

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')


def files_of(root):
    """All files below root that are part of the project, as paths with '/', sorted."""
    if os.path.exists(os.path.join(root, ".git")):
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                check=True, capture_output=True, text=True).stdout.split("\0")
        found = {f for f in listed if f and os.path.isfile(os.path.join(root, f))}
    else:
        found = set()
        for folder, folders, names in os.walk(root):
            folders[:] = [f for f in folders if f != "node_modules" and not f.startswith(("build", "."))]
            found.update(os.path.relpath(os.path.join(folder, n), root).replace(os.sep, "/") for n in names)
    return sorted(found)


def room_of(path):
    """The room a file belongs to; None for tests and all else that may include what it likes."""
    parts = path.split("/")
    if parts[0] in ("checks", "driver") and len(parts) > 2:
        return parts[1]
    return parts[0] if parts[0] in ("driver", "integrations", "runtime") else None


def targets(includer, form, name, files):
    """The project's files that an include may mean."""
    beside = os.path.normpath(os.path.join(os.path.dirname(includer), name)).replace(os.sep, "/")
    if form == '"' and beside in files:
        return {beside}
    if form == "<" and "/" not in name:
        return set()  # a standard header, whatever our own files are called
    name = os.path.normpath(name).replace(os.sep, "/")
    return {f for f in files if f == name or f.endswith("/" + name)}


def check_includes(path, lines, files):
    room = room_of(path)
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        form, name = match.groups()
        where = f"{path}:{number}: includes {name}"
        if CLANG.match(name):
            if not path.startswith(SEES_CLANG):
                yield f"{where}; only {' and '.join(SEES_CLANG)} may include Clang: make it a fact, or move the code"
            continue
        if name.startswith("llvm/") and path.startswith(NO_LLVM):
            yield f"{where}; the runtime must build without LLVM"
            continue
        if room is None:
            continue
        if room not in ROOMS:
            yield f"{path}:1: belongs to the room '{room}', which has no arrows; add it to ROOMS and to the design"
            return
        found = targets(path, form, name, files)
        first = name.split("/")[0]
        seen = {room_of(f) for f in found} or ({first} if "/" in name and first in ROOMS else set())
        excepted = any(path.startswith(folder) and header in found for folder, header in EXCEPTIONS)
        if seen and not excepted and not seen & (ROOMS[room] | {room}):
            allowed = ", ".join(sorted(ROOMS[room])) or "no other room"
            others = ", ".join(sorted(str(s) for s in seen))
            yield f"{where} of {others}; {room} may include {allowed} (docs/design/architecture.md)"


def opens_with_comment(lines, openings):
    body = lines[1:] if lines and lines[0].startswith("#!") else lines
    first = next((line for line in body if line.strip()), "")
    return first.startswith(openings)


def check_file(root, path, files):
    base = os.path.basename(path)
    openings = next((o for kinds, o in COMMENTS.items() if base.endswith(kinds)), None)
    if openings is None:
        return
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    if len(lines) > MAX_LINES:
        yield f"{path}:{MAX_LINES + 1}: has {len(lines)} lines; split it by idea, {MAX_LINES} are the most"
    if not opens_with_comment(lines, openings):
        yield f"{path}:1: does not open with a comment; say its purpose and invariants there"
    if base.endswith(C_LIKE):
        yield from check_includes(path, lines, files)


def check_trios(files):
    """A check is three files: the rule, its page, its tests."""
    for path in files:
        match = re.fullmatch(r"checks/rules/([^/]+)\.cpp", path)
        if not match or match[1] in RULE_HELPERS:
            continue
        name = match[1]
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name):
            yield f"{path}:1: '{name}' is not a check's name; use kebab-case, or list the file in RULE_HELPERS"
            continue
        if f"docs/checks/{name}.md" not in files:
            yield f"{path}:1: has no page; write docs/checks/{name}.md"
        if not any(f.startswith(f"test/checks/{name}/") for f in files):
            yield f"{path}:1: has no tests; write test/checks/{name}/"


def check_tables(root, files):
    """The design's table and CMake's SEES say the same as ROOMS."""
    def lines(path):
        if path not in files:
            return []
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return list(enumerate(file.read().splitlines(), 1))

    analyses = ", ".join(sorted(ANALYSES - {"facts", "models"}))
    for number, line in lines(DESIGN):
        row = re.fullmatch(r"\| `(?:checks/|driver/|)([a-z]+)(?:/[a-z-]+)?` \|.*\| (.*) \|", line)
        if not row or row[1] not in ROOMS:
            continue
        said = row[2].replace("all of checks", ", ".join(CHECKS)).replace("all analyses", analyses)
        said = {word.strip(" `") for word in said.split(",") if "/" not in word} - {"nothing", ""}
        for extra in sorted(said ^ ROOMS[row[1]]):
            yield f"{DESIGN}:{number}: {row[1]} and {extra}: this table and ROOMS of test/arrows/arrows.py differ"
    known = {"trace_reader": "trace"}
    for path in ("checks/CMakeLists.txt", "driver/CMakeLists.txt"):
        for number, line in lines(path):
            call = re.match(r"\s*tenterhook_room\((\w+) \S+(?: AS \w+)?(?: SEES ([^)]*))?\)", line)
            if not call or call[1] == "driver":
                continue
            room = known.get(call[1], call[1])
            seen = {known.get(w, w) for w in (call[2] or "").replace("${analyses}", analyses.replace(",", "")).split()}
            for extra in sorted(seen - ROOMS.get(room, set())):
                yield f"{path}:{number}: {room} sees {extra}, ROOMS of test/arrows/arrows.py has no such arrow"


def check_tree(root):
    files = files_of(root)
    known = set(files)
    for path in files:
        yield from check_file(root, path, known)
    yield from check_trios(files)
    yield from check_tables(root, known)


def main(arguments):
    root = arguments[0] if arguments else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    if not os.path.isdir(os.path.join(root, "checks")):
        print(f"arrows: {root}: no folder 'checks' there; name the root of the checkout", file=sys.stderr)
        return 2
    breaches = list(check_tree(root))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
