"""The corpus: every source below some folders, each with the flags of its test, a folder with a CMakeLists.txt as one
program. A file's flags are those behind ` -- ` in its first RUN line that has any.
"""
import json
import os
import re
import shlex

FLAGS = re.compile(r"RUN:.*?\s--\s(.*)")


def sources_and_programs(folders):
    sources, programs = [], []
    for top in folders:
        for folder, below, names in os.walk(os.path.abspath(top)):
            below.sort()
            if "CMakeLists.txt" in names:
                programs.append(folder)
                below.clear()
            else:
                sources += [os.path.join(folder, n) for n in sorted(names) if n.endswith((".cpp", ".c"))]
    return sources, programs


def flags_of(source):
    with open(source, encoding="utf-8", errors="replace") as file:
        text = re.sub(r"\\\n[^\n]*RUN:", " ", file.read())
    folder = os.path.dirname(source)
    for flags in FLAGS.findall(text):
        flags = re.split(r"\s(?:\||>|2>|&&)", " " + flags)[0]
        for name, value in (("%S", folder), ("%s", source), ("%source", root_of(folder))):
            flags = re.sub(re.escape(name) + r"\b", lambda _, v=value: v, flags)
        if "%" not in flags:
            return shlex.split(flags)
    return []


def root_of(folder):
    while folder != "/" and not os.path.isdir(os.path.join(folder, "checks", "facts")):
        folder = os.path.dirname(folder)
    return folder


def entry_of(source):
    flags = flags_of(source)
    c = source.endswith(".c")
    if not c and not any(f.startswith("-std=") for f in flags):
        flags.insert(0, "-std=c++20")
    return {"directory": os.path.dirname(source), "file": source,
            "arguments": ["clang" if c else "clang++", *flags, "-c", source]}


def write_database(folder, sources):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump([entry_of(source) for source in sources], file)
    # No .tenterhook.yaml above the sources counts.
    with open(os.path.join(folder, "empty.yaml"), "w", encoding="utf-8"):
        pass


def findings_of(report):
    return {(f["rule"], os.path.realpath(os.path.join(report["root"], f["file"])), f["line"]) for f in report["findings"]}
