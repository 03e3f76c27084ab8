#!/usr/bin/env python3
"""tidy.py --build DIR --llvm DIR --out DIR FOLDER…: clang-tidy over the sources below the folders that DIR's compile
commands name, the files of one folder with the same flags as one unit, because nine tenths of the time go into the headers that
they share. Where files of a folder do not go together (two say the same name in their anonymous namespaces), each is a unit.
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


def write(folder, name, sources, directory, flags):
    os.makedirs(folder, exist_ok=True)
    unit = os.path.join(folder, name + ".cpp")
    with open(unit, "w", encoding="utf-8") as file:
        file.writelines(f'#include "{source}"\n' for source in sorted(sources))
    return {"directory": directory, "file": unit, "arguments": [*flags, "-c", unit]}


def tidy(llvm, out, unit):
    run = subprocess.run([os.path.join(llvm, "bin", "clang-tidy"), "-quiet", "-p", out, f"--config-file={CONFIG}",
                          "--checks=-bugprone-suspicious-include", f"--header-filter={HEADERS}", unit],
                         capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser()
    for name in ("--build", "--llvm", "--out"):
        parser.add_argument(name, required=True, type=os.path.realpath)
    parser.add_argument("folders", nargs="+", type=os.path.realpath)
    options = parser.parse_args()
    together, alone = {}, {}
    database = []
    for number, ((_, directory, flags), sources) in enumerate(sorted(commands_by_folder(options.build, options.folders).items())):
        entry = write(options.out, f"unit{number}", sources, directory, flags)
        database.append(entry)
        together[entry["file"]] = sources
        for source in sources:
            alone[source] = {"directory": directory, "file": source, "arguments": [*flags, "-c", source]}
    if not together:
        sys.exit(f"tidy.py: no source below {' '.join(options.folders)} in {options.build}/compile_commands.json")
    with open(os.path.join(options.out, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(database + list(alone.values()), file)
    found = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        units, apart = [entry["file"] for entry in database], []
        while units:
            for unit, (code, text) in zip(units, pool.map(lambda unit: tidy(options.llvm, options.out, unit), units)):
                if "[clang-diagnostic-error]" in text and len(together.get(unit, [])) > 1:
                    apart += sorted(together[unit])
                elif code != 0:
                    found += 1
                    print(text.strip())
            units, apart = apart, []
    print(f"clang-tidy: {len(alone)} sources in {len(database)} folders, {found} units with findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
