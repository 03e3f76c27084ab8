#!/usr/bin/env python3
"""Mutants of sources, through the extractor and the analyses: no crash that Clang itself does not have.

    mutants.py --tenterhook BIN --llvm PREFIX [--plugin LIB] [--seed N] [--count N] [--seconds N] [--keep FOLDER]
               [--agree] [--flags "FLAGS"] SOURCE… | -p BUILD [SOURCE…]

Each mutant is one of the sources with one to four token-wise changes: tokens deleted, doubled, swapped, replaced by others
of the file or by a keyword, unknown names, includes cut, moved or misspelt, braces too many or too few, a cut end, and
pieces of wrong code put in. With --agree it is also asked whether Clang and we call the same mutants wrong, and whether the
first error told is Clang's. With --plugin every fifth mutant goes through clang-tidy as well.

The same seed and sources give the same mutants. --seconds bounds the run by CPU time instead of a count. Exit code 1:
some mutant crashed us and not Clang; these are in --keep (made if need be), each with its command.
"""
import argparse
import json
import os
import random
import re
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?:u8|[uUL])?R"\w*\(.*?\)\w*"|(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    r"|^[ \t]*#(?:\\\n|[^\n])*|[A-Za-z_]\w*|\d[\w.']*|<<=|>>=|\.\.\.|->\*|::|->|\+\+|--|&&|\|\||[-+*/%&|^=!<>]=|<=>|\[\[|\]\]"
    r"|\s+|.", re.S | re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]')

WORDS = """alignas auto bool break case catch char class co_await co_return co_yield concept const consteval constexpr
constinit continue decltype default delete do else enum explicit extern final for friend if inline int mutable namespace new
noexcept nullptr operator override private public requires return sizeof static static_assert struct switch template this
thread_local throw true try typedef typeid typename union using virtual void while
{ } ( ) [ ] [[ ]] < > ; : :: , . ... -> ->* = == & && * ~ ! ? + ++ - # ## \\ \" ' 0 1 "s" '\\n'""".split()
PIECES = [
    ": member(nosuch())", "{.a = nosuch(), .b{nosuch::x}}", "[x = nosuch(), &y] { return nosuch; }", "co_await nosuch();",
    "co_await incomplete();", "struct incomplete; incomplete incomplete();", "for (auto &x : nosuch.parts) use(x);",
    "auto [a, b] = nosuch();", "requires requires(T t) { t.nosuch(); }", "template <nosuch T> void constrained(T) {}",
    "#error stop\n", '#include "not/there.h"\n', "#include <not/there.h>\n", "#if 1\n", "#endif\n", "#else\n", "#define M (\n",
    "#define M(x) x x ## x\n", "M(", "/*", '"', 'R"(', "}", "{", "};", ");", "nosuch_t later;", "nosuch_t field; int other = field;",
    "int x = nosuch();", "return nosuch();", "co_return nosuch();", "co_yield nosuch();", "throw nosuch();", "delete nosuch;",
    "new nosuch(1)", "T{1, 2, nosuch}", "static_assert(nosuch);", "if constexpr (nosuch) {}", "switch (nosuch) { case nosuch: ; }",
    "try { nosuch(); } catch (nosuch &e) { throw; }", "goto nosuch;", "friend nosuch operator co_await(nosuch);",
    "struct promise_type { nosuch get_return_object(); int initial_suspend(); };", "decltype(nosuch()) f();",
    "auto f() { return nosuch(); }", "auto g(auto x) -> decltype(x.nosuch());", "static inline auto v = nosuch();",
    "[this, nosuch] {}();", "[]<class T>(T t) requires nosuch<T> { t(); }", "operator nosuch();", "~nosuch();", "({ nosuch(); })",
    "typeof(nosuch) t;", "int a[nosuch];", "int a[] = {[nosuch] = 1, [2 ... 1] = 3};", "(struct nosuch){.x = 1};", "asm(\"\" : \"=r\"(nosuch));",
    "alignas(nosuch) int aligned;", "noexcept(nosuch())", "virtual void f() override final = 0;", "using nosuch::x;",
    "template struct nosuch<int>;", "template <> void nosuch<int>() {}", "extern \"C\" {", "namespace {", "_Generic(nosuch, default: 1)",
]
OTHERS = "{}()[]<>;,"
C_WARNINGS = ["-Wno-error=" + g for g in ("implicit-function-declaration", "implicit-int", "int-conversion",
                                          "incompatible-pointer-types", "return-mismatch")]  # checks/extract/extract.cpp


def tokens_of(text):
    return TOKEN.findall(text)


def is_word(token):
    return token[0].isalpha() or token[0] == "_"


class Mutator:
    def __init__(self, chance):
        self.chance = chance

    def unfold(self, text, folder):
        """Puts the text of one header of the project in the place of its #include, so that it is mutated too."""
        lines = text.split("\n")
        own = [i for i, line in enumerate(lines) if (m := INCLUDE.match(line)) and os.path.isfile(os.path.join(folder, m[2]))]
        if own and self.chance.random() < 0.4:
            at = self.chance.choice(own)
            with open(os.path.join(folder, INCLUDE.match(lines[at])[2]), encoding="utf-8", errors="replace") as header:
                lines[at] = header.read().replace("#pragma once", "")
        return "\n".join(lines)

    def mutate(self, text):
        tokens = tokens_of(text)
        for _ in range(self.chance.choice([1, 1, 1, 2, 2, 3, 4])):
            self.change(tokens)
        return "".join(tokens)

    def change(self, tokens):
        chance = self.chance
        solid = [i for i, t in enumerate(tokens) if t and not t.isspace() and not t.startswith(("//", "/*"))]
        if len(solid) < 4:
            return
        where = chance.randrange(len(solid))
        at = solid[where]
        kind = chance.randrange(12)
        run = chance.choice([1, 1, 1, 2, 3, 8])
        end = solid[min(where + run, len(solid) - 1)]
        if kind == 0:
            del tokens[at:end]
        elif kind == 1:
            tokens[at:at] = tokens[at:end]
        elif kind == 2:
            other = chance.choice(solid)
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif kind == 3:
            tokens[at] = tokens[chance.choice(solid)]
        elif kind == 4:
            tokens[at] = " " + chance.choice(WORDS) + " "
        elif kind == 5:
            words = [i for i in solid if is_word(tokens[i])]
            if words:
                tokens[chance.choice(words)] = "nosuch"
        elif kind == 6:
            includes = [i for i in solid if INCLUDE.match(tokens[i])]
            if not includes:
                return
            cut = chance.choice(includes)
            if chance.random() < 0.5:
                tokens[cut] = ""
            else:
                tokens[cut] = tokens[cut].replace(INCLUDE.match(tokens[cut])[2], "not/there.h")
        elif kind == 7:
            marks = [i for i in solid if tokens[i] in OTHERS]
            if marks:
                mark = chance.choice(marks)
                tokens[mark] = chance.choice(["", tokens[mark] * 2, chance.choice(OTHERS)])
        elif kind == 8:
            if chance.random() < 0.3:
                del tokens[at:]
        elif kind == 9:
            lines = [i for i, t in enumerate(tokens) if "\n" in t and t.isspace()]
            if lines:
                tokens.insert(chance.choice(lines) + 1, "\n" + chance.choice(PIECES) + "\n")
        elif kind == 10:
            bodies = [i for i in solid if tokens[i] in "{;"]
            if bodies:
                tokens.insert(chance.choice(bodies) + 1, " " + chance.choice(PIECES) + " ")
        else:
            tokens.insert(at, " " + chance.choice(PIECES) + " ")


class Source:
    def __init__(self, path, arguments, folder):
        self.path, self.arguments, self.folder = path, arguments, folder
        with open(path, encoding="utf-8", errors="replace") as stream:
            self.text = stream.read()


def sources_of(options):
    found = []
    if options.database:
        with open(os.path.join(options.database, "compile_commands.json"), encoding="utf-8") as stream:
            entries = json.load(stream)
        for entry in entries:
            path = os.path.join(entry["directory"], entry["file"])
            arguments = entry.get("arguments") or shlex.split(entry["command"])
            if options.sources and not any(os.path.abspath(s) in os.path.abspath(path) for s in options.sources):
                continue
            arguments = [a for a in arguments if a not in ("-c", entry["file"], path)]
            if "-o" in arguments:
                cut = arguments.index("-o")
                del arguments[cut : cut + 2]
            found.append(Source(path, arguments, entry["directory"]))
        return found
    for name in options.sources:
        files = [name] if os.path.isfile(name) else sorted(
            os.path.join(folder, f) for folder, _, names in os.walk(name) for f in names if f.endswith((".cpp", ".c")))
        for path in files:
            flags = shlex.split(options.flags)
            c = path.endswith(".c")
            compiler = ["clang"] if c else ["clang++", "-std=c++20"]
            found.append(Source(os.path.abspath(path), compiler + [f for f in flags if not (c and f.startswith("-std=c++"))],
                                os.path.dirname(os.path.abspath(path))))
    return found


def crashed(code):
    return code < 0 or code >= 128


def run(command, folder, seconds=1200):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=seconds, check=False)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return 124, "", "no end after %d s" % seconds


class Fuzz:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.clang = {True: os.path.join(options.llvm, "bin/clang"), False: os.path.join(options.llvm, "bin/clang++")}
        self.failures, self.excused, self.made, self.broken, self.tidied, self.disagreed = [], 0, 0, 0, 0, []

    def fail(self, mutant, why):
        keep = self.options.keep
        os.makedirs(keep, exist_ok=True)
        kept = os.path.join(keep, os.path.basename(mutant["file"]))
        shutil.copy(mutant["file"], kept)
        command = shlex.join(mutant["arguments"][1:-1] + [kept])
        self.failures.append(f"{kept}: {why}\n    tenterhook check {kept} -- {command}  # in {mutant['directory']}")
        print(self.failures[-1], file=sys.stderr, flush=True)

    def clang_on(self, mutant):
        c = mutant["file"].endswith(".c")
        return run([self.clang[c], "-fsyntax-only", "-w", "-ferror-limit=0", *(C_WARNINGS if c else []), *mutant["arguments"][1:]], mutant["directory"])

    # A crash of ours counts if Clang alone has none.
    def judge(self, mutant, why):
        code, _, text = self.clang_on(mutant)
        if crashed(code) or code == 124 or "PLEASE submit a bug report" in text:
            self.excused += 1
        else:
            self.fail(mutant, why)

    def check(self, mutants):
        with open(os.path.join(self.work, "compile_commands.json"), "w", encoding="utf-8") as stream:
            json.dump(mutants, stream)
        command = [self.options.tenterhook, "check", "-p", self.work, "--format", "json", "-q"]
        code, text, errors = run(command, self.work)
        if code not in (0, 1, 3) or not text:
            if len(mutants) == 1:
                return self.fail(mutants[0], f"exit code {code}: {errors.strip()[-300:]}")
            for mutant in mutants:
                self.check([mutant])
            return None
        by_name = {os.path.basename(m["file"]): m for m in mutants}
        troubles = {os.path.basename(t["file"]): t for t in json.loads(text)["troubles"]}
        for name, trouble in sorted(troubles.items()):
            if trouble["kind"] == "crash":
                self.judge(by_name[name], trouble["message"])
        self.broken += len(troubles)
        if self.options.agree:
            for name, mutant in by_name.items():
                self.agree(mutant, troubles.get(name))
        return None

    def agree(self, mutant, trouble):
        code, _, text = self.clang_on(mutant)
        if crashed(code) or (trouble and trouble["kind"] == "crash"):
            return
        ours = bool(trouble and trouble["kind"] == "parse-error")
        first = re.search(r"(?:fatal )?error: (.*)", text)
        said = first[1].split(" [-W")[0] if first else ""
        if ours != (code != 0):
            self.disagreed.append(f"{mutant['file']}: Clang's exit code is {code}, ours: {trouble}; {said}")
        elif ours and not trouble["message"].startswith(said.strip()):
            self.disagreed.append(f"{mutant['file']}: Clang says: {said}; we: {trouble['message']}")
        else:
            return
        print(self.disagreed[-1], file=sys.stderr, flush=True)

    def tidy(self, mutants):
        tidy = os.path.join(self.options.llvm, "bin/clang-tidy")
        base = [tidy, "--quiet", "-p", self.work, "--config={}"]
        ours = ["--load=" + self.options.plugin, "--checks=-*,tenterhook-*"]
        self.tidied += len(mutants)
        code, text, errors = run(base + ours + [m["file"] for m in mutants], self.work)
        mine = "tenterhook crashed" in text + errors
        if not crashed(code) and not mine:
            return
        if len(mutants) > 1:
            for mutant in mutants:
                self.tidy([mutant])
            return
        code, _, _ = run(base + ["--checks=-*,misc-confusable-identifiers", mutants[0]["file"]], self.work)
        if mine or not crashed(code):
            self.fail(mutants[0], "crashes the plugin")
        else:
            self.excused += 1

    def batch(self, mutants):
        self.check(mutants)
        if self.options.plugin:
            with open(os.path.join(self.work, "compile_commands.json"), "w", encoding="utf-8") as stream:
                json.dump(mutants, stream)
            self.tidy(mutants[::5])
        for mutant in mutants:
            os.remove(mutant["file"])

    def run(self, sources):
        options = self.options
        mutants = []
        while self.made < options.count:
            chance = random.Random(f"{options.seed}:{self.made}")
            source = chance.choice(sources)
            mutator = Mutator(chance)
            here = os.path.dirname(source.path)
            text = mutator.mutate(mutator.unfold(source.text, here))
            # Beside the source where its #includes are relative: -iquote does for these what the folder did.
            name = f"{self.made:06}-{os.path.basename(source.path)}"
            path = os.path.join(self.work, name)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
            mutants.append({"directory": source.folder, "file": path,
                            "arguments": [*source.arguments, "-iquote", here, path]})
            self.made += 1
            if len(mutants) == options.batch:
                self.batch(mutants)
                mutants = []
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                if options.seconds and used.ru_utime + used.ru_stime > options.seconds:
                    break
        if mutants:
            self.batch(mutants)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tenterhook", required=True)
    parser.add_argument("--llvm", default="/usr/lib/llvm-22")
    parser.add_argument("--plugin", default="", help="libtenterhook_tidy.so")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0, help="of CPU time, after which no batch is begun")
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--keep", default="mutants", help="folder for mutants that crash")
    parser.add_argument("--agree", action="store_true", help="compare what is wrong, and the message, with Clang's")
    parser.add_argument("--flags", default="", help="of the sources without a database")
    parser.add_argument("-p", dest="database", default="", help="folder of a compile_commands.json")
    parser.add_argument("sources", nargs="*")
    options = parser.parse_args()
    for name in ("tenterhook", "plugin", "keep"):
        if getattr(options, name):
            setattr(options, name, os.path.abspath(getattr(options, name)))
    if not os.path.exists(options.tenterhook):
        parser.error(f"{options.tenterhook}: no such file; build it first")
    sources = sources_of(options)
    if not sources:
        parser.error("no sources")
    with tempfile.TemporaryDirectory(prefix="mutants-") as work:
        fuzz = Fuzz(options, work)
        fuzz.run(sources)
    print(f"{fuzz.made} mutants of {len(sources)} sources, seed {options.seed}: {fuzz.broken} with errors, "
          f"{fuzz.tidied} through clang-tidy, {fuzz.excused} crashed Clang itself, {len(fuzz.failures)} crashed us"
          + (f", {len(fuzz.disagreed)} judged unlike Clang" if options.agree else ""))
    return 1 if fuzz.failures or fuzz.disagreed else 0


if __name__ == "__main__":
    sys.exit(main())
