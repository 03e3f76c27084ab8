"""docs_index.py TENTERHOOK OUT README [--check]: the index of the checks' pages, and README's table of them, from what the tool
says of itself.

With --check nothing is written: exit 1 if one of the two is not what would be written."""
import re
import subprocess
import sys

tool, out, readme = sys.argv[1:4]
listed = subprocess.run([tool, "list"], check=True, capture_output=True, text=True).stdout
lines = ["# Checks", "", "Written by `./dev docs` from what the checks say of themselves.", "",
         "| check | category | default | what it reports |", "|---|---|---|---|"]
short = ["| check | says |", "|---|---|"]
checks, _, options = listed.partition("\nOptions")
for line in checks.splitlines():
    name, category, default, summary = re.fullmatch(r"(\S+)\s+(\S+)\s+(on|off)\s+(.*)", line).groups()
    lines.append(f"| [{name}]({name}.md) | {category} | {default} | {summary} |")
    short.append(f"| [{name}](docs/checks/{name}.md) | {summary}{'' if default == 'on' else ' (off by default)'} |")
found = re.findall(r"^  (\S+?)=(.*)\n      (.*)$", options, re.MULTILINE)
if found:
    lines += ["", "## Options", "", "On the command line `--option NAME=VALUE`, in `.tenterhook.yaml` below `options:`.", "",
              "| option | default | |", "|---|---|---|"]
    lines += [f"| {name} | {'`' + default + '`' if default else ''} | {text} |" for name, default, text in found]
with open(readme, encoding="utf-8") as stream:
    before = stream.read()
after, count = re.subn(r"\| check \| says \|\n(\|.*\n)+", lambda _: "\n".join(short) + "\n", before)
if count != 1:
    sys.exit(f"{readme} has no table '| check | says |'")
for path, text in ((out, "\n".join(lines) + "\n"), (readme, after)):
    if "--check" in sys.argv:
        with open(path, encoding="utf-8") as stream:
            if stream.read() != text:
                sys.exit(f"{path} is not what the checks say; run ./dev docs")
    else:
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
