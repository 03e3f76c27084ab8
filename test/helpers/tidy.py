#!/usr/bin/env python3
"""tidy.py --build DIR --llvm DIR --out DIR FOLDER…: clang-tidy over the sources below the folders that DIR's compile
commands name, the files of one folder with the same flags as one unit, because nine tenths of the time go into the headers that
they share. Where files of a folder do not go together (two say the same name in their anonymous namespaces), halves of them are
tried, and so on.
Ends with 1 if anything is found, with the findings; `./dev lint FILE` looks at one file, unused using declarations included.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import shlex
import subprocess
import sys

CONFIG = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", ".clang-tidy")
HEADERS = r"(checks|driver|integrations|runtime)/.*\.(h|cpp)$"


def commands_by_folder(build, folders):
    """(folder, flags) → the sources; flags without what names the one file."""
    units = collections.defaultdict(list)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        database = json.load(file)
    seen = set()
    for entry in database:
        source = os.path.realpath(os.path.join(entry["directory"], entry["file"]))
        if source in seen or not source.endswith(".cpp") or not any(source.startswith(f + os.sep) for f in folders):
            continue
        seen.add(source)  # a source in several targets is looked at in the first
        words = shlex.split(entry["command"])
        while os.path.basename(words[0]) in ("ccache", "sccache"):
            words.pop(0)
        cut = words.index("-o")
        flags = words[:cut] + [w for w in words[cut + 2:] if w not in ("-c", entry["file"])]
        units[os.path.dirname(source), entry["directory"], tuple(flags)].append(source)
    return units


class Unit:
    """Sources of one folder and the flags they have in common; one of them is itself, several are a file that includes them."""

    def __init__(self, folder, name, directory, flags, sources):
        self.folder, self.name, self.directory, self.flags, self.sources = folder, name, directory, flags, sources
        self.file = sources[0] if len(sources) == 1 else os.path.join(folder, name + ".cpp")

    def entry(self):
        if len(self.sources) > 1:
            with open(self.file, "w", encoding="utf-8") as file:
                file.writelines(f'#include "{source}"\n' for source in self.sources)
        return {"directory": self.directory, "file": self.file, "arguments": [*self.flags, "-c", self.file]}

    def halves(self):
        middle = (len(self.sources) + 1) // 2
        for name, part in ((self.name + "a", self.sources[:middle]), (self.name + "b", self.sources[middle:])):
            yield Unit(self.folder, name, self.directory, self.flags, part)


def tidy(llvm, out, unit):
    run = subprocess.run([os.path.join(llvm, "bin", "clang-tidy"), "-quiet", "-p", out, f"--config-file={CONFIG}",
                          "--checks=-bugprone-suspicious-include", f"--header-filter={HEADERS}", unit.file],
                         capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser()
    for name in ("--build", "--llvm", "--out"):
        parser.add_argument(name, required=True, type=os.path.realpath)
    parser.add_argument("folders", nargs="+", type=os.path.realpath)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    groups = sorted(commands_by_folder(options.build, options.folders).items())
    units = [Unit(options.out, f"unit{number}", directory, flags, sorted(sources))
             for number, ((_, directory, flags), sources) in enumerate(groups)]
    if not units:
        sys.exit(f"tidy.py: no source below {' '.join(options.folders)} in {options.build}/compile_commands.json")
    sources, parts, found = sum(len(unit.sources) for unit in units), 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        while units:
            with open(os.path.join(options.out, "compile_commands.json"), "w", encoding="utf-8") as file:
                json.dump([unit.entry() for unit in units], file)
            apart = []
            for unit, (code, text) in zip(units, pool.map(lambda unit: tidy(options.llvm, options.out, unit), units)):
                if "[clang-diagnostic-error]" in text and len(unit.sources) > 1:
                    apart += unit.halves()
                    continue
                parts += 1
                if code != 0:
                    found += 1
                    print(text.strip())
            units = apart
    print(f"clang-tidy: {sources} sources in {parts} units, {found} of them with findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
