"""Tools and interpreters."""
from case import Case

LIBRARY = "/usr/lib/python3.11/test/"


def python_suite(name, short=False):
    """A test module of Debian's Python: which tests there were, which failed."""
    return Case("python3 " + name, r"""
unset PORT
timeout 1200 /usr/bin/python3 -W ignore -m unittest -v test.%s > out 2>&1; code=$?
grep -aoE '(test\w+|setUp\w+) \([^)]*\)' out | sort -u | wc -l
grep -aE '^(ERROR|FAIL): ' out | sort -u; grep -aE '^(OK|FAILED)' out
cp out $SCRATCH/python.$$; rm -rf out @test* build; exit $code
""" % name, packages=["python3", "libpython3.11-testsuite"], programs=["/usr/bin/python3", LIBRARY + "support"], short=short,
                expects=None, timeout=1300)


CASES = [
    Case("tar, gzip, xz, zstd", r"""
mkdir t; seq 60000 > t/n; seq 1 7 300000 > t/m; ln t/n t/h; ln -s n t/s
tar --sort=name --mtime=@0 -cf t.tar t; for z in gzip bzip2 "xz -T2 -1" "zstd -q -T2"; do tar --sort=name --mtime=@0 -I "$z" -cf t.z t; mkdir x; tar -I "${z%% *}" -xf t.z -C x; diff -r t x/t && echo "$z"; rm -rf x t.z; done
xz -k -T2 -1 t/n; xz -dc t/n.xz | cmp - t/n; zstd -q -T2 -19 t/m -o m.zst; zstd -q -d -c m.zst | cksum; tar -tvf t.tar | wc -l; gzip -l t/missing; echo $?
cat t.tar | tar -xf - -O t/n | tail -n 1; rm t.tar
""", packages=["tar", "xz-utils", "zstd", "bzip2"], programs=["tar", "xz", "zstd", "bzip2"], short=True),
    Case("git", r"""
export GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z' GIT_CONFIG_NOSYSTEM=1
git config --global user.name N; git config --global user.email n@example.org; git config --global init.defaultBranch main; git config --global gc.auto 0
git init -q a; cd a; for i in 1 2 3 4 5; do seq $((i * 100)) > f$i; git add .; git commit -qm "commit $i"; done
git log --oneline; git checkout -qb side HEAD~2; echo side > f1; git commit -qam side; git merge -q main 2>&1 | head -n 2; git log --graph --oneline | cat
cd ..; git clone -q --no-local a b; cd b; git rev-parse HEAD; git gc -q; git fsck --full --no-progress; git diff HEAD~1 --stat | cat; git grep -c 99 | head -n 3
echo x > y; git stash -uq; git status --short; git bundle create -q ../bundle HEAD; git verify-pack -v .git/objects/pack/*.idx | tail -n 1
git archive HEAD | tar -t | sort; git push -q origin HEAD:refs/heads/pushed; git -C ../a rev-parse pushed; git frobnicate; echo $?; rm -rf ../a/.git ../b/.git ../bundle
""", packages=["git"], programs=["git"], short=True),
    Case("perl", r"""
cat > p <<'END'
use strict; use warnings; use IPC::Open3; use POSIX ":sys_wait_h"; use Socket; $| = 1;
local $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 60; }; print "got $@";
local $SIG{USR1} = sub { print "usr1\n" }; kill USR1 => $$;
my @pids; for my $i (1 .. 5) { my $p = fork; if (!$p) { exit $i } push @pids, $p } my $s = 0; for (@pids) { waitpid $_, 0; $s += $? >> 8 } print "$s\n";
pipe(my $r, my $w); if (!fork) { close $r; print $w "through a pipe\n"; exit } close $w; print scalar <$r>; wait;
my $p = open3(my $in, my $out, undef, "tr", "a-z", "A-Z"); print $in "shout\n"; close $in; print <$out>; waitpid $p, 0;
socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC); syswrite $a, "pair"; sysread $b, my $t, 4; print "$t\n";
open my $f, ">", "file" or die; flock $f, 2; print $f $_ x 10, "\n" for "a" .. "z"; close $f; print `wc -l < file`; print fileno(STDIN), " ", fileno($r), "\n";
my %h = map { $_ => length } map { "k" . $_ x 3 } 1 .. 500; print join(",", (sort keys %h)[0 .. 3]), "\n"; exec "sh", "-c", "echo exec; exit 6";
END
perl p
""", packages=["perl"], programs=["perl"], short=True, expects=6),
    Case("python3", r"""
cat > p.py <<'END'
import asyncio, os, signal, subprocess, sys, threading, queue, multiprocessing, concurrent.futures, time
def main():
    print(os.open("/dev/null", os.O_RDONLY), sorted(map(int, os.listdir("/proc/self/fd")))[:3])
    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGPIPE))
    try:
        os.kill(os.getpid(), signal.SIGINT); time.sleep(60)
    except KeyboardInterrupt: print("KeyboardInterrupt")
    print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.sigpending())
    async def job(n):
        await asyncio.sleep(n / 100); return n
    async def several():
        p = await asyncio.create_subprocess_exec("tr", "a", "b", stdin=-1, stdout=-1); out, _ = await p.communicate(b"banana")
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0); server.close()
        return out, await asyncio.gather(*map(job, range(10))), await asyncio.to_thread(sum, range(100))
    print(asyncio.run(several()))
    q = queue.Queue(); threads = [threading.Thread(target=lambda i=i: q.put(i)) for i in range(20)]
    [t.start() for t in threads]; [t.join() for t in threads]; print(sorted(q.queue))
    with concurrent.futures.ThreadPoolExecutor(4) as pool: print(sum(pool.map(lambda x: x * x, range(200))))
    with multiprocessing.get_context("fork").Pool(3) as pool: print(pool.map(abs, range(-5, 5)))
    with multiprocessing.get_context("spawn").Pool(2) as pool: print(pool.map(abs, range(-3, 3)))
    print(subprocess.run(["sh", "-c", "kill -TERM $$"]).returncode, subprocess.run("exit 3", shell=True, close_fds=True).returncode)
    print(subprocess.run(["sh", "-c", "ulimit -s; ls /proc/self/fd | head -n 3; trap"], capture_output=True, restore_signals=False).stdout)
    sys.stdout.flush()
    pid = os.posix_spawn("/bin/echo", ["echo", "spawned"], os.environ, setsigdef=[signal.SIGTERM]); print(os.waitpid(pid, 0)[1])
    r, w = os.pipe(); sys.stdout.flush(); pid = os.fork()
    if pid == 0: os.write(w, b"child"); os._exit(4)
    print(os.read(r, 10), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])); os.closerange(3, 1024); print(os.dup(0), os.dup(0))
    sys.stdout.flush(); os._exit(11)
if __name__ == "__main__": main()
END
/usr/bin/python3 p.py; code=$?; rm -rf __pycache__; exit $code
""", packages=["python3"], programs=["/usr/bin/python3"], short=True, expects=11),
    python_suite("test_signal"),
    python_suite("test_subprocess"),
    python_suite("test_threading"),
    python_suite("test_os"),
    python_suite("test_asyncio"),
    python_suite("test_fork1"),
    python_suite("test_posix"),
    Case("node", r"""
cat > n.js <<'END'
const fs = require('fs'), cp = require('child_process'), http = require('http'), {Worker} = require('worker_threads'), zlib = require('zlib'), crypto = require('crypto');
const say = (...a) => fs.writeSync(1, a.join(' ') + '\n');
say(fs.openSync('/dev/null', 'r') > 2, cp.execSync('echo sync').toString().trim());
const keep = setInterval(() => {}, 1000);
process.on('SIGUSR2', () => { say('usr2');
  const s = http.createServer((q, r) => r.end('hi ' + q.url)).listen(0, '127.0.0.1', () => http.get({port: s.address().port, path: '/x', agent: false}, r => r.on('data', d => { say('' + d); s.close();
    new Worker("require('worker_threads').parentPort.postMessage(6*7)", {eval: true}).on('message', m => { say(m);
      crypto.pbkdf2('a', 'b', 20000, 16, 'sha1', (e, k) => { say(k.toString('hex')); say(zlib.gunzipSync(zlib.gzipSync('z'.repeat(1e5))).length);
        const c = cp.spawn('sh', ['-c', 'read l; echo "$l"; exit 5']); c.stdout.on('data', d => say(('' + d).trim())); c.on('close', x => { say(x); process.exit(x); }); c.stdin.end('line\n'); }); }); }))); });
process.kill(process.pid, 'SIGUSR2');
END
node n.js
""", programs=["node"], packages=["nodejs"], short=True, expects=5),
    Case("sqlite3", r"""
sqlite3 d.db <<'END'
pragma journal_mode=wal; create table t(a integer primary key, b text); create index i on t(b);
with recursive n(x) as (select 1 union all select x+1 from n where x < 20000) insert into t select x, hex(x * 7919 % 10007) from n;
begin; update t set b = b || 'x' where a % 3 = 0; commit; delete from t where a % 5 = 0; select count(*), sum(a), max(b) from t; vacuum; pragma integrity_check; select b from t order by b limit 3;
.mode csv
select * from t where a < 8;
END
sqlite3 d.db .dump | cksum; sqlite3 d.db 'select nothing'; echo $?; rm -f d.db*
""", packages=["sqlite3"], programs=["sqlite3"], short=True),
    Case("gcc, g++", r"""
cat > a.c <<'END'
#include <stdio.h>
int twice(int); int main(void) { printf("%d\n", twice(21)); return 0; }
END
echo 'int twice(int x) { return 2 * x; }' > b.c; gcc -O2 -pipe -c a.c -o a.o; gcc -O2 -c b.c -o b.o; ar rcsD l.a b.o; gcc a.o l.a -o p && ./p
echo '#include <map>
#include <string>
#include <iostream>
int main() { std::map<std::string, int> m{{"a", 1}}; for (auto &[k, v] : m) std::cout << k << v << "\n"; }' > c.cpp; g++ -O1 -std=c++20 c.cpp -o c && ./c; echo 'int x = ' > bad.c; gcc -c bad.c; echo $?; objdump -d b.o | wc -l
""", packages=["gcc", "g++"], programs=["gcc", "g++"], short=True),
    Case("openssl, ssh-keygen", r"""
seq 50000 > n; openssl dgst -sha256 n; openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -in n -out e; openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x -in e | cmp - n && echo same
openssl genpkey -algorithm ed25519 -out k; openssl pkey -in k -pubout -out p; openssl pkeyutl -sign -inkey k -rawin -in n -out s; openssl pkeyutl -verify -pubin -inkey p -rawin -in n -sigfile s
ssh-keygen -q -t ed25519 -N '' -C c -f id; ssh-keygen -y -f id | cut -d' ' -f1; ssh-keygen -Y sign -q -f id -n file n; ssh-keygen -Y check-novalidate -n file -s n.sig < n | cut -c1-20; ssh-keygen -l -f missing; echo $?
""", packages=["openssl", "openssh-client"], programs=["openssl", "ssh-keygen"], short=True),
    Case("rsync", r"""
mkdir -p a/b; seq 20000 > a/n; seq 300 > a/b/m; ln -s n a/l; rsync -a a/ c; rsync -ain a/ c; echo more >> a/n; rsync -a --stats --checksum a/ c | grep -E '^Number of (regular )?files'; diff -r a c && echo same; rm a/b/m; rsync -a --delete --out-format=%n a/ c; rsync -a missing/ c; echo $?
""", packages=["rsync"], programs=["rsync"]),
    Case("ffmpeg", r"""
ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=duration=2:size=320x240:rate=25 -f lavfi -i sine=duration=2 -threads 2 -c:v mpeg4 -c:a aac -fflags +bitexact -flags:v +bitexact -flags:a +bitexact o.mkv; ffprobe -loglevel error -show_entries stream=codec_name,nb_frames -of csv o.mkv; ffmpeg -nostdin -loglevel error -i o.mkv -f framemd5 - | cksum; ffmpeg -nostdin -loglevel error -i missing.mkv x.mkv; echo $?
""", packages=["ffmpeg"], programs=["ffmpeg"]),
    Case("busybox", r"""
busybox sh -c 'i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo $i; done | busybox sort -n | busybox tail -n 2; exec 3>o; echo x >&3; exec 3>&-; cat o'; busybox seq 9 | busybox awk '{s+=$1} END {print s}'
""", packages=["busybox"], programs=["busybox"]),
    Case("java", r"""
cat > A.java <<'END'
import java.util.concurrent.*; import java.util.stream.*;
public class A { public static void main(String[] a) throws Exception {
  ExecutorService e = Executors.newFixedThreadPool(4); int s = 0; for (Future<Integer> f : e.invokeAll(IntStream.range(0, 100).mapToObj(i -> (Callable<Integer>) () -> i * i).collect(Collectors.toList()))) s += f.get(); e.shutdown(); System.out.println(s);
  Process p = new ProcessBuilder("sh", "-c", "echo child; exit 3").inheritIO().start(); System.out.println(p.waitFor()); try { Object o = null; o.toString(); } catch (NullPointerException x) { System.out.println("npe"); }
  Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook"))); System.exit(8); } }
END
java A.java
""", packages=["openjdk-17-jdk-headless"], programs=["java"], expects=8),
]
