"""database.py OUT FILE… [-- FLAGS]: writes a compilation database that compiles each FILE with FLAGS (-std=c++20)."""
import json
import os
import sys

arguments = sys.argv[1:]
flags = ["-std=c++20"]
if "--" in arguments:
    cut = arguments.index("--")
    arguments, flags = arguments[:cut], arguments[cut + 1 :]
out, files = arguments[0], arguments[1:]
entries = [
    {
        "directory": os.path.dirname(os.path.abspath(out)),
        "file": os.path.abspath(file),
        "arguments": ["clang++", *flags, "-c", os.path.abspath(file)],
    }
    for file in files
]
os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
with open(out, "w", encoding="utf-8") as stream:
    json.dump(entries, stream, ensure_ascii=False, indent=1)
