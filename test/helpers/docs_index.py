"""docs_index.py TENTERHOOK OUT [--check]: the index of the checks' pages, from what the tool says of itself.

With --check nothing is written: exit 1 if OUT is not what would be written."""
import re
import subprocess
import sys

tool, out = sys.argv[1:3]
listed = subprocess.run([tool, "list"], check=True, capture_output=True, text=True).stdout
lines = ["# Checks", "", "Written by `./dev docs` from what the checks say of themselves.", "",
         "| check | category | default | what it reports |", "|---|---|---|---|"]
checks, _, options = listed.partition("\nOptions")
for line in checks.splitlines():
    name, category, default, summary = re.fullmatch(r"(\S+)\s+(\S+)\s+(on|off)\s+(.*)", line).groups()
    lines.append(f"| [{name}]({name}.md) | {category} | {default} | {summary} |")
found = re.findall(r"^  (\S+?)=(.*)\n      (.*)$", options, re.MULTILINE)
if found:
    lines += ["", "## Options", "", "On the command line `--option NAME=VALUE`, in `.tenterhook.yaml` below `options:`.", "",
              "| option | default | |", "|---|---|---|"]
    lines += [f"| {name} | {'`' + default + '`' if default else ''} | {text} |" for name, default, text in found]
text = "\n".join(lines) + "\n"
if "--check" in sys.argv:
    with open(out, encoding="utf-8") as stream:
        if stream.read() != text:
            sys.exit(f"{out} is not what the checks say; run ./dev docs")
else:
    with open(out, "w", encoding="utf-8") as stream:
        stream.write(text)
