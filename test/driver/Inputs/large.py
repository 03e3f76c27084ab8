"""large.py FOLDER COUNT: as many small C files, and their database."""
import json
import os
import sys

folder, count = sys.argv[1], int(sys.argv[2])
entries = []
for number in range(count):
    name = os.path.join(folder, f"f{number}.c")
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(f"static int helper(void) {{ return {number}; }}\nint f{number}(void) {{ return helper(); }}\n")
    entries.append({"directory": folder, "file": name, "arguments": ["cc", "-c", name]})
with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as stream:
    json.dump(entries, stream)
