#!/usr/bin/env python3
"""What `cmake --install` gives a user, from a prefix that was moved afterwards.

    install.py BUILD RUNTIME_SOURCE --compilers CXX... [--flags FLAGS] [--tools]

Installs BUILD, moves the prefix, builds and runs install/main.cpp against it with each compiler and -Werror of its own; asks
for versions and components that are not there; with --tools, records that program with the installed command. Then
configures the same program with add_subdirectory(RUNTIME_SOURCE) and looks at how the runtime would be compiled there.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CONSUMER = pathlib.Path(__file__).resolve().parent / "install"


def run(*command, fails=False, **options):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if (done.returncode != 0) != fails:
        sys.exit(f"install.py: {' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


def expect(condition, what):
    if not condition:
        sys.exit(f"install.py: {what}")


def configure(folder, *settings, fails=False):
    shutil.rmtree(folder, ignore_errors=True)
    return run("cmake", "-S", CONSUMER, "-B", folder, "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *settings,
               fails=fails)


def installed(options, work):
    """The prefix, after its move."""
    prefix, moved = work / "first", work / "elsewhere"
    for component in ("runtime", "tools") if options.tools else ("runtime",):
        run("cmake", "--install", options.build, "--prefix", prefix, "--component", component)
    prefix.rename(moved)
    named = [str(f) for f in moved.rglob("*.cmake")
             if any(str(path) in f.read_text() for path in (prefix, options.build, options.source))]
    expect(not named, f"they name folders that a user does not have: {named}")
    return moved


def consume(options, prefix, work):
    where = f"-DCMAKE_PREFIX_PATH={prefix}"
    for compiler in options.compilers:
        settings = (where, f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_CXX_FLAGS={options.flags}")
        configure(work / "build", *settings)
        run("cmake", "--build", work / "build")
        trace = work / "run.trace"
        trace.unlink(missing_ok=True)
        expect(run(work / "build/consumer") == "54 2\n", f"{compiler}: another result")
        run(work / "build/consumer", env={**os.environ, "TENTERHOOK_TRACE": str(trace)})
        expect(trace.stat().st_size > 1000, "it leaves no trace")
    for wrong, said in (("-Dwanted=9.9", "9.9"), ("-Dwanted=0.0.1", "0.0.1"),
                        ("-Dcomponents=engine", "no component 'engine'; its components are runtime and tools")):
        out = configure(work / "build-wrong", *settings, wrong, fails=True)
        expect(said in out, f"{wrong}: the message does not say {said!r}:\n{out}")
    if not options.tools:
        out = configure(work / "build-wrong", *settings, "-Dcomponents=tools", fails=True)
        expect("component 'tools' is not installed" in out, out)
        return
    configure(work / "build-both", *settings, "-Dcomponents=runtime;tools")
    expect("tenterhook" in run(prefix / "bin/tenterhook", "--version"), "no version")
    recorded = work / "recorded.trace"
    run(prefix / "bin/tenterhook", "record", "-o", recorded, "--", work / "build/consumer",
        env={k: v for k, v in os.environ.items() if k != "TENTERHOOK_RECORDER"})
    expect(recorded.stat().st_size > 1000, "nothing recorded")


def beside(options, work):
    """add_subdirectory(): our warnings are no errors of theirs, and they get no examples, tests or installed files."""
    configure(work / "build-beside", f"-DTENTERHOOK_SOURCE={options.source}", f"-DCMAKE_CXX_COMPILER={options.compilers[0]}")
    units = json.loads((work / "build-beside/compile_commands.json").read_text())
    ours = [u for u in units if str(CONSUMER) not in u["file"]]
    expect(ours and not [u["file"] for u in ours if "-Werror" in u["command"]], "-Werror for the runtime's own sources")
    expect(not [u["file"] for u in ours if "/examples/" in u["file"] or "/test/" in u["file"]], "examples or tests")
    run("cmake", "--install", work / "build-beside", "--prefix", work / "nothing", "--component", "runtime")
    expect(not (work / "nothing").exists(), "files of ours in their installation")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--compilers", nargs="+", required=True)
    parser.add_argument("--flags", default="")
    parser.add_argument("--tools", action="store_true")
    options = parser.parse_args()
    options.build, options.source = options.build.resolve(), options.source.resolve()
    with tempfile.TemporaryDirectory(prefix="tenterhook-install-") as folder:
        work = pathlib.Path(folder)
        prefix = installed(options, work)
        consume(options, prefix, work)
        beside(options, work)


if __name__ == "__main__":
    main()
