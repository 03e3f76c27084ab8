"""A case of the conformance run."""


class Case:
    def __init__(self, name, script, packages=(), programs=(), short=False, expects=0, timeout=300):
        """`script`: for bash, in an empty folder; $PORT is free. `expects`: the exit code of the plain run, None if it may be
        any. `packages`: of Debian; `programs`: by which their being there is known."""
        self.name, self.script, self.packages = name, script, tuple(packages)
        self.programs, self.short, self.expects, self.timeout = tuple(programs), short, expects, timeout
