"""same_bytes.py TENTERHOOK CORPUS OUT: a copy of CORPUS gives the same bytes at -j1, -j2 and from a shuffled database."""
import json
import os
import random
import shutil
import subprocess
import sys

tool, corpus, out = sys.argv[1:4]
corpus = shutil.copytree(corpus, os.path.join(os.path.abspath(out), "corpus"), dirs_exist_ok=True)
files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(corpus)
               for name in names if name.endswith(".cpp"))
assert len(files) > 30, files


def database(name, order):
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    entries = [{"directory": corpus, "file": f, "arguments": ["clang++", "-std=c++20", "-c", f]} for f in order]
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as stream:
        json.dump(entries, stream)
    return folder


def reports(name, order, jobs):
    folder = database(name, order)
    formats = {"text": "txt", "concise": "concise", "json": "json", "sarif": "sarif"}
    outputs = [o for kind, end in formats.items() for o in ("-o", f"{kind}={folder}/report.{end}")]
    command = [tool, "check", "-p", folder, "--root", corpus, "-j", str(jobs), "-q", "--min-confidence", "possible"]
    run = subprocess.run([*command, *outputs], capture_output=True, text=True, check=False)
    assert run.returncode in (1, 3), (run.returncode, run.stderr, run.stdout)
    result = {}
    for end in formats.values():
        with open(f"{folder}/report.{end}", encoding="utf-8") as stream:
            result[end] = stream.read().replace(folder, "DATABASE")
    return result


shuffled = files[:]
random.Random(7).shuffle(shuffled)
first = reports("j1", files, 1)
assert len(json.loads(first["json"])["findings"]) > 100
for name, order, jobs in (("j2", files, 2), ("shuffled", shuffled, 2)):
    other = reports(name, order, jobs)
    for end, text in first.items():
        if other[end] != text:
            pairs = zip(text.splitlines(), other[end].splitlines())
            line, (a, b) = next(((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1]), (0, ("", "one is longer")))
            sys.exit(f"{name}: report.{end} differs at line {line}:\n{a}\n{b}")
