"""worlds.py TENTERHOOK BUILD [FILE…]: some of a program's translation units say no more than all of them.

Checks the whole database BUILD, then each of its TUs (or each FILE) alone, and prints what a TU alone says that the whole
program does not say, or says with less confidence. Exit code 1 if there is any; the last line counts. For any project:
the TUs of one may be many, so name some of them."""
import json
import os
import subprocess
import sys

LEVELS = {"possible": 0, "likely": 1, "certain": 2}


def findings(tool, build, files):
    command = [tool, "check", "-q", "-p", build, "--format", "json", "--min-confidence", "possible", "--fail-on", "never", *files]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1, 3) or not run.stdout:
        sys.exit(f"worlds: {' '.join(command)}: exit code {run.returncode}\n{run.stderr}")
    found, report = {}, json.loads(run.stdout)
    for f in report["findings"]:
        key = (f["rule"], os.path.join(report["root"], f["file"]), f["line"], f["column"])
        found[key] = max(found.get(key, 0), LEVELS[f["confidence"]])
    return found


def main():
    tool, build, *files = sys.argv[1:]
    if not files:
        path = build if build.endswith(".json") else build + "/compile_commands.json"
        with open(path, encoding="utf-8") as database:
            files = sorted({entry["file"] for entry in json.load(database)})
    whole = findings(tool, build, [])
    more, alone = [], {}
    names = list(LEVELS)
    for file in files:
        for key, level in findings(tool, build, [file]).items():
            alone[key] = max(alone.get(key, 0), level)
            if level > 0 and level > whole.get(key, -1):
                said = names[whole[key]] if key in whole else "nothing"
                more.append(f"{file}: {key[1]}:{key[2]}:{key[3]}: {key[0]}: {names[level]} alone, {said} in the whole program")
    print(*sorted(set(more)), sep="\n")
    print(f"{len(files)} TUs alone: {sum(l > 0 for l in alone.values())} findings that are likely or certain, {len(set(more))} of them more "
          f"than the whole program says; the whole program has {sum(l > 0 for l in whole.values())}")
    return 1 if more else 0


sys.exit(main())
