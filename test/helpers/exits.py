"""exits.py CODES COMMAND…: runs COMMAND and passes if its exit code is one of CODES ("1" or "1,3")."""
import subprocess
import sys

codes = [int(code) for code in sys.argv[1].split(",")]
got = subprocess.call(sys.argv[2:])
if got not in codes:
    sys.exit(f"exits.py: expected exit code {sys.argv[1]}, got {got}: {' '.join(sys.argv[2:])}")
