"""Shells and what they start: descriptors, traps, job control, many short processes, core dumps."""
from case import Case

CASES = [
    Case("bash: descriptors", r"""
printf 'one\ntwo\nthree\n' > in
exec 3<in 4>out 5>&1 6<&0 7>>log 8<>both 9>&2
while read -r line <&3; do echo "3 says $line"; echo "to 4: $line" >&4; done
echo five >&5; echo seven >&7; echo eight >&8; echo nine >&9
exec 3<&- 4>&- 5>&- 6<&- 7>&- 8>&- 9>&-
cat out log both
exec {fd}<in; cat <&$fd; exec {fd}<&-
for n in 3 4 5 6 7 8 9; do eval "exec $n<in"; eval "read -r a <&$n"; echo "$n $a"; eval "exec $n<&-"; done
ls /proc/self/fd | head -n 3
read -r a b < <(echo process substitution); echo "$a-$b"
diff <(sort in) <(sort -r in); tee >(wc -l > lines) < in > copy; for _ in $(seq 600); do [ -s lines ] && break; sleep 0.05; done; cat lines
""", short=True),
    Case("bash: traps", r"""
trap 'echo usr1' USR1; trap 'echo exit $?' EXIT; trap 'echo err $?' ERR; trap '' HUP
kill -USR1 $$; kill -HUP $$; false
(trap 'echo inner term; exit 3' TERM; kill -TERM $BASHPID; echo no) ; echo "subshell $?"
bash -c 'kill -INT $$; echo not here'; echo "int $?"
bash -c 'kill -TERM $$'; echo "term $?"
bash -c 'trap "echo got int" INT; kill -INT $$; echo after'; echo "trapped $?"
bash -c 'ulimit -c 0; kill -SEGV $$'; echo "segv $?"
bash -c 'ulimit -c 0; kill -ABRT $$' ; echo "abrt $?"
bash -c 'trap "" TERM; sh -c "kill -TERM \$\$; echo ignored is inherited"'
bash -c 'trap -p; trap "echo chld" CHLD; /bin/true; trap -p CHLD'
yes | head -n 2; echo "${PIPESTATUS[@]}"
sleep 50 & p=$!; for _ in $(seq 1200); do [ "$(cat /proc/$p/comm)" = sleep ] && break; sleep 0.05; done; kill -TERM $p; wait $p; echo "wait $?"
timeout -s KILL 0.2 sleep 50; echo "timeout $?"
timeout 0.2 sleep 50; echo "timeout $?"
exit 7
""", short=True, expects=7),
    Case("bash: jobs, coprocs", r"""
set -m
sleep 1.2 & sleep 1.1 & jobs -l | sed 's/[0-9]\{2,\}/N/'; wait; echo done
coproc CAT { while read -r l; do echo "<$l>"; done; }
echo hello >&${CAT[1]}; read -r answer <&${CAT[0]}; echo "$answer"
p=$CAT_PID; eval "exec ${CAT[1]}>&-"; wait $p; echo "coproc $?"
bash -c '(sleep 0.1; exit 4) & wait -n; echo "wait -n $?"' # here it would find the coproc, or not
cat <<A; cat <<'B'
first $((1 + 1))
A
second $HOME
B
f() { local i; for i in 1 2 3; do echo "$1$i"; done; return 5; }; f x; echo $?
printf '%s\n' {a..e} | while read -r l; do echo -n "$l"; done; echo
echo $(echo $(echo nested $(echo deeper)))
mapfile -t lines < <(seq 5); echo "${lines[@]}"
nohup sh -c 'kill -HUP $$; echo survived' 2>/dev/null
set -o pipefail; false | true; echo "pipefail $?"
sh -c 'exit 42'; echo $?; (exec -a other sh -c 'echo "$0"')
set +m
sh -c 'kill -STOP $$; echo goes on; exit 3' & p=$!
for _ in $(seq 600); do case $(cat /proc/$p/stat) in *') T '*) break ;; esac; sleep 0.05; done
kill -CONT $p; wait $p; echo "stopped and went on $?"
""", short=True),
    Case("dash", r"""
cat > s <<'END'
set -e
exec 3>out; echo three >&3; exec 3>&-; cat out
trap 'echo bye' EXIT; trap 'echo alrm' ALRM
kill -ALRM $$
i=0; while [ $i -lt 30 ]; do i=$((i + 1)); echo $i | (read x; [ $((x % 10)) = 0 ] && echo $x) || :; done
ulimit -n 16; exec 9<s; read -r l <&9; echo "$l"
exit 9
END
dash s
""", programs=["dash"], packages=["dash"], short=True, expects=9),
    Case("bash: 800 processes", r"""
for ((i = 0; i < 800; i++)); do /bin/true; done; echo $?
"""),
    Case("bash: 100 processes", r"""
for ((i = 0; i < 100; i++)); do /bin/true; done; echo $?
""", short=True),
    Case("sh: 200 pipelines", r"""
seq 200 | while read -r i; do echo "$i" | sed s/1/x/ | tr x y; done | cksum
"""),
    Case("800, 40 at once", r"""
seq 800 | xargs -P 40 -n 1 sh -c 'echo $0; exit 0' | sort -n | cksum
"""),
    Case("core dumps", r"""
ulimit -c unlimited
cat > crash.c <<'END'
#include <signal.h>
#include <stdlib.h>
#include <string.h>
int main(int n, char **a) { if (!strcmp(a[1], "abort")) abort(); if (!strcmp(a[1], "trap")) __builtin_trap();
  if (!strcmp(a[1], "null")) *(volatile int *)0 = 1; raise(atoi(a[1])); return 0; }
END
gcc -O1 -w crash.c -o crash
for how in abort trap null 1 2 3 4 5 6 7 8 11 13 14 15 24 25 30 31; do
  ./crash $how; echo "$how $?"; ls core* 2>/dev/null | sed 's/[0-9]*//g' | sort -u; rm -f core*
done 2>&1 | sed 's/^.*script.sh: line [0-9]*: *[0-9]* //'
""", packages=["gcc", "libc6-dev"], programs=["gcc"], short=True),
    Case("coreutils", r"""
seq 1 20000 > n; shuf --random-source=n n > s; sort -n s | cmp - n && echo sorted
sort -S 1M --parallel=2 s | sha256sum; split -l 5000 n part.; cat part.* | cmp - n; wc n part.*
tac n | head -n 3; cut -c1-2 n | uniq -c | sort -rn | head -n 5; comm -12 <(sort n) <(sort s) | wc -l
dd if=n of=d bs=777 count=10 status=none; cksum d; od -A d -t x1 d | tail -n 2; base64 d | tail -n 1
mkfifo f; (cat f > g; touch g.done) & cp n h; cat n > f; wait; cmp n g; ln -s n l; readlink l; stat -c '%s %F' n l f; chmod 640 d; install -m 700 d e
numfmt --to=iec 1234567; factor 360360; date -u -d @0; tr a-z A-Z <<< abc; paste -sd+ <(seq 5) | tee t; expr 3 \* 4; cat missing; mv missing x; rm n.no; truncate -s 1M big; tail -c 5 n
""", short=True),
    Case("find, xargs, awk, sed", r"""
mkdir -p a/{b,c}/{d,e}; for f in a/*/*; do seq 50 > $f/x; echo "$f" > $f/y; done
find a -type f -name x -exec wc -l {} + | sort; find a -name y -print0 | sort -z | xargs -0 -n 1 -P 3 cat | sort
find a -type f | xargs -I{} sh -c 'cksum < {}' | sort -u; find a -name x -delete; find a | sort
seq 10000 | gawk '{s += $1; if ($1 % 2500 == 0) print s | "sort -n"} END {close("sort -n"); "echo from a pipe" | getline l; print l; printf "%d\n", s > "sum"}'
cat sum; seq 30 | sed -n '5,10{s/./&&/gp}; 20q'; sed -i 's/a/z/' a/b/d/y; cat a/b/d/y; grep -rc . a | sort; grep -q nothing sum
""", packages=["findutils", "gawk"], programs=["find", "gawk"], short=True, expects=1),
    Case("make", r"""
cat > Makefile <<'END'
objects = $(patsubst %,o.%,$(shell seq 40))
all: $(objects) ; @cat $^ | cksum
o.%: ; @echo $* > $@; sleep 0; echo made $* > log.$*
fail: ; false
END
make -s -j2; make -j2; make fail; echo $?; make -s -j3 -B all; rm o.3; make -n | head -n 3; echo '$(info in $(MAKE))' > B; make -f B nothing; echo $?
""", packages=["make"], programs=["make"], short=True),
]
