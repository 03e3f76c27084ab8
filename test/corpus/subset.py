#!/usr/bin/env python3
"""subset.py --tenterhook T --clang-tidy C --plugin P [--report R] [--plugin-option KEY=VALUE]… [--every N] FOLDER…

What the plugin finds in a TU, the command line finds too: runs both over all sources below the folders, each file
alone, a folder with a CMakeLists.txt as one program, and fails on a finding (check, file, line) that only the plugin
has, or if a tool does not run to its end. All checks, all confidences.

R is the command line's JSON report on all the sources together, if there is one already: then it is run again only for
a file in which the plugin finds what R does not have (a file alone may show more: it has no second definitions).
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

from corpus import findings_of, sources_and_programs, write_database

FINDING = re.compile(r"^(/.+?):(\d+):\d+: (?:warning|error): .*\[tenterhook-([a-z-]+)(?:,-warnings-as-errors)?\]$")


def program_database(folder, build, compiler):
    run = subprocess.run(["cmake", "-S", folder, "-B", build, "-GNinja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                          f"-DCMAKE_CXX_COMPILER={compiler}"], capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(f"{folder}: cannot be configured\n{run.stdout}{run.stderr}")
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        return sorted({os.path.join(e["directory"], e["file"]) for e in json.load(file)})


def by_command_line(tools, build):
    config = os.path.join(build, "empty.yaml")
    with open(config, "w", encoding="utf-8"):
        pass
    run = subprocess.run([tools.tenterhook, "check", "-p", build, "--config", config, "--checks", "*", "--format", "json",
                          "--min-confidence", "possible", "-j1", "-q"], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1, 3):
        raise RuntimeError(f"{build}: tenterhook exits with {run.returncode}\n{run.stderr}")
    return findings_of(json.loads(run.stdout))


def by_plugin(tools, build, sources):
    config = {"Checks": "-*,tenterhook-*", "HeaderFilterRegex": ".*",
              "CheckOptions": {"tenterhook.MinConfidence": "possible", **dict(o.split("=", 1) for o in tools.plugin_option)}}
    run = subprocess.run([tools.clang_tidy, f"--load={tools.plugin}", f"--config={json.dumps(config)}", "--quiet", "-p", build,
                          *sources], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{sources}: clang-tidy exits with {run.returncode}\n{run.stderr}")
    found = {}
    for line in run.stdout.splitlines():
        if match := FINDING.match(line):
            file, number, check = match.groups()
            found[(check, os.path.realpath(file), int(number))] = line
    return found


def compare(tools, subject, known):
    with tempfile.TemporaryDirectory() as build:
        if os.path.isdir(subject):
            sources = program_database(subject, build, os.path.join(os.path.dirname(tools.clang_tidy), "clang++"))
        else:
            sources = [subject]
            write_database(build, sources)
        plugin = by_plugin(tools, build, sources)
        if not os.path.isdir(subject) and known and plugin.keys() <= known:
            return plugin, known & plugin.keys()
        return plugin, by_command_line(tools, build)


# A tool that crashes on one file does not hide what the others say.
def guarded(tools, subject, known):
    try:
        return *compare(tools, subject, known), None
    except (RuntimeError, OSError, ValueError) as error:
        return {}, set(), f"{subject}: {error}"


def main():
    parser = argparse.ArgumentParser()
    for tool in ("--tenterhook", "--clang-tidy", "--plugin"):
        parser.add_argument(tool, required=True, type=os.path.abspath)
    parser.add_argument("--report")
    parser.add_argument("--plugin-option", action="append", default=[])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth of the single files")
    parser.add_argument("folders", nargs="+")
    tools = parser.parse_args()
    sources, programs = sources_and_programs(tools.folders)
    sources = sources[::tools.every]
    known = set()
    if tools.report:
        with open(tools.report, encoding="utf-8") as file:
            known = findings_of(json.load(file))
    by_both = by_plugin_only = by_command_line_only = troubles = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for plugin, command_line, trouble in pool.map(lambda subject: guarded(tools, subject, known), programs + sources):
            if trouble:
                print(trouble)
                troubles += 1
            for finding in sorted(plugin.keys() - command_line):
                print("only the plugin finds:", plugin[finding])
            by_plugin_only += len(plugin.keys() - command_line)
            by_command_line_only += len(command_line - plugin.keys())
            by_both += len(command_line & plugin.keys())
    print(f"{len(sources)} files, {len(programs)} programs: {by_both} findings of both, {by_command_line_only} of the command "
          f"line alone, {by_plugin_only} of the plugin alone")
    if not by_both:
        sys.exit("no finding of both: nothing was compared")
    sys.exit(1 if by_plugin_only or troubles else 0)


if __name__ == "__main__":
    main()
