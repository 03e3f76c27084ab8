#!/usr/bin/env python3
"""verify.py TENTERHOOK FILES… [--checks GLOBS] [--option O]… [--config F] [-- FLAGS]: findings stand where the files say.

A comment names what the tool must report on its line (or on line N lines away, with @+N / @-N):

    lock.lock(); co_await tick();      // finding: lock-across-await
    // finding@+1: blocking-call-in-coroutine likely "reads from the disk"

After the check's name may follow the confidence and, in quotes, a part of the message, the advice, a witness step or a
related message; several quotes are several parts. `// finding:` lines in headers count too. The files are analysed
together, as one program, and every confidence is shown: a finding without a comment is an error, and so is a comment
without its finding. A known miss is a function named FN_… without such a comment, a known false alarm one named FP_….
"""
import json
import os
import re
import subprocess
import sys
import tempfile

COMMENT = re.compile(r"//\s*finding(?:@([+-]\d+))?:\s*([a-z-]+)(?:\s+(possible|likely|certain))?((?:\s+\"[^\"]*\")*)")


def expectations(path):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            for offset, check, confidence, parts in COMMENT.findall(line):
                yield {"file": path, "line": number + int(offset or 0), "check": check, "confidence": confidence,
                       "parts": re.findall(r'"([^"]*)"', parts)}


def text_of(finding):
    texts = [finding["message"], finding["instead"]]
    texts += [step["message"] for step in finding["witness"]] + [related["message"] for related in finding["related"]]
    return "\n".join(texts)


def main():
    arguments = sys.argv[1:]
    flags = []
    if "--" in arguments:
        split = arguments.index("--")
        arguments, flags = arguments[:split], arguments[split + 1:]
    tool, arguments = arguments[0], arguments[1:]
    passed, files = [], []
    while arguments:
        argument = arguments.pop(0)
        if argument in ("--checks", "--option", "--config", "--fail-on"):
            passed += [argument, arguments.pop(0)]
        else:
            files.append(os.path.abspath(argument))
    if not any(f.startswith("-std=") for f in flags):
        flags.append("-std=c++20")
    sources = [f for f in files if not f.endswith((".h", ".hpp"))]
    with tempfile.TemporaryDirectory() as folder:
        database = [{"directory": os.path.dirname(f), "file": f, "arguments": ["clang++", *flags, "-c", f]} for f in sources]
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
            json.dump(database, file)
        run = subprocess.run([tool, "check", "-p", folder, "--format", "json", "--min-confidence", "possible", *passed, *sources],
                             capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"exit code {run.returncode}\n{run.stderr}{run.stdout}")
    report = json.loads(run.stdout)
    found = report["findings"]
    root = report.get("root", "")
    wanted = [e for f in files for e in expectations(f)]
    errors = []
    for finding in found:
        path = os.path.join(root, finding["file"])
        match = next((e for e in wanted if not e.get("seen") and os.path.samefile(e["file"], path) and
                      e["line"] == finding["line"] and e["check"] == finding["rule"]), None)
        where = f'{path}:{finding["line"]}: {finding["rule"]} ({finding["confidence"]})'
        if match is None:
            errors.append(f"not expected: {where}: {finding['message']}")
            continue
        match["seen"] = True
        if match["confidence"] and match["confidence"] != finding["confidence"]:
            errors.append(f"{where}: confidence should be {match['confidence']}")
        for part in match["parts"]:
            if part not in text_of(finding):
                errors.append(f"{where}: does not say \"{part}\":\n{text_of(finding)}")
    errors += [f"missing: {e['file']}:{e['line']}: {e['check']}" for e in wanted if not e.get("seen")]
    if errors:
        sys.exit("\n".join(errors))
    if not wanted and found:
        sys.exit("findings, but no expectations")
    print(f"{len(wanted)} finding{'' if len(wanted) == 1 else 's'} as expected")


if __name__ == "__main__":
    main()
