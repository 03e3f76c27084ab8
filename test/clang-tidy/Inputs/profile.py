"""profile.py FOLDER: passes if one of tenterhook's checks took nearly all the time in clang-tidy's stored profile."""
import json
import pathlib
import sys

(path,) = pathlib.Path(sys.argv[1]).glob("*.json")
times = {key: seconds for key, seconds in json.loads(path.read_text())["profile"].items()
         if "tenterhook-" in key and key.endswith(".user")}
if len(times) < 3:
    sys.exit(f"three checks or more are expected, not {sorted(times)}")
longest = max(times.values())
if longest < 0.05:
    sys.exit(f"too short to tell anything: {times}")
if sum(times.values()) > 1.5 * longest:
    sys.exit(f"more than one check did the work: {times}")
