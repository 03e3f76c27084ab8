#!/usr/bin/env python3
"""The examples in the comments of the runtime's headers, and those of docs/runtime.md, are code that compiles.

    header_examples.py COMPILER INCLUDE_FOLDERS... --headers FOLDER --names HEADER --page FILE

An example is a run of comment lines with three blanks or more ("//   "). One that awaits becomes the body of a coroutine, one
that begins with a task or a struct is declared as it stands, any other is the body of a function. The names that they use
are in --names. Exit 1 if one does not compile, or if a header that describes a type for users has none.
"""
import argparse
import pathlib
import re
import subprocess
import sys

# What the others are made of: no type of its own that a user would begin with.
WITHOUT = {"block_event", "endpoint", "errors", "future_state", "held_locks", "lock_guards", "recycle", "thread_pool_map",
           "timer_wheel"}


def examples(header):
    """[(line number, text)] of the header's opening comment."""
    found = []
    for number, line in enumerate(header.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("//"):
            break
        if not line.startswith("//   "):
            continue
        if found and found[-1][0] + found[-1][1].count("\n") == number:
            found[-1] = (found[-1][0], found[-1][1] + line[5:] + "\n")
        else:
            found.append((number, line[5:] + "\n"))
    return found


def wrapped(name, text):
    if re.match(r"(task<|struct )", text):
        return f"namespace {name} {{\n", text, "}\n"
    result = "task<>" if "co_await" in text else "void"
    return f"{result} {name}() {{\n", text, "}\n"


def unit(headers, names):
    source, missing = f'#include "{names}"\nnamespace examples {{\n', []
    for header in headers:
        found = examples(header)
        if not found and header.stem not in WITHOUT:
            missing.append(header)
        for line, text in found:
            before, body, after = wrapped(f"{header.stem}_{line}", text)
            source += f'{before}#line {line} "{header}"\n{body}{after}'
    return source + "}\n", missing


def compiles(command, source, what):
    done = subprocess.run([*command, "-x", "c++", "-"], input=source, text=True, stderr=subprocess.PIPE)
    if done.returncode:
        print(f"header_examples.py: {what} does not compile\n{done.stderr}", file=sys.stderr)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("compiler")
    parser.add_argument("includes", nargs="+")
    parser.add_argument("--headers", type=pathlib.Path, required=True)
    parser.add_argument("--names", type=pathlib.Path, required=True)
    parser.add_argument("--page", type=pathlib.Path, required=True)
    options = parser.parse_args()
    command = [options.compiler, "-std=c++20", "-fsyntax-only", *(f"-I{folder}" for folder in options.includes)]
    source, missing = unit(sorted(options.headers.glob("*.h")), options.names)
    good = compiles(command, source, "an example of a header")
    for header in missing:
        print(f"{header}:1: error: no example in the opening comment", file=sys.stderr)
    blocks = re.findall(r"^```cpp\n(.*?)^```", options.page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for block in blocks:
        good &= compiles(command, block, f"an example of {options.page}")
    # It can fail: a name that nobody declares.
    good &= not subprocess.run([*command, "-x", "c++", "-"], input=source + "int x = undeclared;", text=True,
                               stderr=subprocess.DEVNULL).returncode == 0
    return 0 if good and blocks and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
