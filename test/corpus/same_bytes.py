#!/usr/bin/env python3
"""same_bytes.py TENTERHOOK OUT FOLDER…: the sources below the folders, as one program, give the same bytes of every
format at one worker and, in another run with a shuffled database, at two. The reports stay in OUT/j1 and OUT/j2.
"""
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys

from corpus import sources_and_programs, write_database

FORMATS = {"text": "txt", "concise": "concise", "json": "json", "sarif": "sarif"}


def reports(tool, folder, sources, jobs):
    write_database(folder, sources)
    outputs = [o for kind, end in FORMATS.items() for o in ("-o", f"{kind}={folder}/report.{end}")]
    command = [tool, "check", "-p", folder, "--config", f"{folder}/empty.yaml", "--root", "/", "-j", str(jobs), "-q",
               "--checks", "*", "--min-confidence", "possible", *outputs]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    # 3: some sources are wrong on purpose
    assert run.returncode in (1, 3), (run.returncode, run.stderr, run.stdout)
    result = {}
    for end in FORMATS.values():
        with open(f"{folder}/report.{end}", encoding="utf-8") as stream:
            result[end] = stream.read().replace(folder, "FOLDER")
    return result


def main():
    tool, out = (os.path.abspath(path) for path in sys.argv[1:3])
    sources, programs = sources_and_programs(sys.argv[3:])
    for program in programs:
        sources += sorted(os.path.join(program, n) for n in os.listdir(program) if n.endswith(".cpp"))
    assert len(sources) > 30, sources
    shuffled = sources[:]
    random.Random(7).shuffle(shuffled)
    shutil.rmtree(out, ignore_errors=True)
    with concurrent.futures.ThreadPoolExecutor(2) as pool: # both at once: one worker leaves cores idle
        one = pool.submit(reports, tool, os.path.join(out, "j1"), sources, 1)
        two = pool.submit(reports, tool, os.path.join(out, "j2"), shuffled, 2)
    one, two = one.result(), two.result()
    assert len(json.loads(one["json"])["findings"]) > 100
    for end, text in one.items():
        if text != two[end]:
            pairs = zip(text.splitlines(), two[end].splitlines())
            line, (a, b) = next(((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1]), (0, ("", "one is longer")))
            sys.exit(f"report.{end} differs at line {line}:\n{a}\n{b}")
    print(f"{len(sources)} sources: the same bytes of {', '.join(FORMATS)}")


if __name__ == "__main__":
    main()
