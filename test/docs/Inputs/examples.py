"""examples.py TENTERHOOK PAGES INCLUDE OUT: runs the fenced blocks "cpp bad" and "cpp good" of PAGES/<check>.md.

Each bad block must give a finding of the page's check and each good block no finding of any check, those
that are off by default included; a page has both.
Blocks are compiled with INCLUDE on the path, for their task.h.
"""
import json
import os
import re
import subprocess
import sys

BLOCK = re.compile(r"^```cpp (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def findings(tool, file, include):
    run = subprocess.run([tool, "check", "--checks=*", "--format", "json", "--root", os.path.dirname(file), file, "--", "-std=c++20",
                          f"-I{include}"],
                         capture_output=True, text=True, check=False)
    return json.loads(run.stdout)["findings"] if run.returncode in (0, 1) else None


def check_page(tool, page, include, out):
    check = os.path.basename(page).removesuffix(".md")
    with open(page, encoding="utf-8") as stream:
        text = stream.read()
    count = {"bad": 0, "good": 0}
    errors = []
    for block in BLOCK.finditer(text):
        kind, code = block.groups()
        count[kind] += 1
        where = f"{os.path.basename(page)}:{text.count(chr(10), 0, block.start()) + 1}"
        file = os.path.join(out, f"{check}-{kind}-{count[kind]}.cpp")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(code)
        found = findings(tool, file, include)
        if found is None:
            errors.append(f"{where}: the example does not compile")
        elif kind == "bad" and not any(f["rule"] == check for f in found):
            errors.append(f"{where}: a bad example without a finding of {check}")
        elif kind == "good":
            errors += [f"{where}: a good example with a finding: {f['rule']}: {f['message']}" for f in found]
    errors += [f"{os.path.basename(page)}: no example that is {kind}" for kind, n in count.items() if not n]
    print(f"{check}: {count['bad']} bad, {count['good']} good")
    return errors


def main():
    tool, pages, include, out = sys.argv[1:5]
    errors = []
    for name in sorted(os.listdir(pages)):
        if name.endswith(".md") and name != "README.md":
            errors += check_page(tool, os.path.join(pages, name), os.path.abspath(include), os.path.abspath(out))
    if errors:
        sys.exit("\n".join(errors))


main()
