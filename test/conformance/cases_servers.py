"""Servers on a loopback port, with their clients. Each is stopped by the signal that stops it as it should be."""
from case import Case

WAIT = r"""
wait_for() { for _ in $(seq 600); do (exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null && return; sleep 0.05; done; echo "nobody answers at $1"; exit 99; }
"""

CASES = [
    Case("curl, http.server", WAIT + r"""
seq 100000 > big; mkdir d; echo in > d/f
/usr/bin/python3 -m http.server --bind 127.0.0.1 $PORT > log 2>&1 & s=$!
wait_for $PORT; curl -s http://127.0.0.1:$PORT/big | cksum; curl -sI http://127.0.0.1:$PORT/d/f | grep -i length; curl -sf http://127.0.0.1:$PORT/none; echo $?
seq 20 | xargs -P 5 -I{} curl -s http://127.0.0.1:$PORT/d/f | sort | uniq -c; curl -s -Z -o o1 -o o2 http://127.0.0.1:$PORT/big http://127.0.0.1:$PORT/big 2>log2; rm log2; cmp o1 big && cmp o2 big && echo both
kill -TERM $s; wait $s; echo "ended $?"; curl -s http://127.0.0.1:$PORT/; echo $?; rm log
""", packages=["curl", "python3"], programs=["curl", "/usr/bin/python3"], short=True),
    Case("redis, redis-benchmark", WAIT + r"""
redis-server --port $PORT --bind 127.0.0.1 --save '' --appendonly yes --dir . --daemonize no > log 2>&1 & s=$!
wait_for $PORT; r="redis-cli -p $PORT"
$r set a 1; $r incr a; $r rpush l 1 2 3; $r lrange l 0 -1; $r eval 'return redis.call("get", "a")' 0; $r bgrewriteaof; sleep 0.5; $r save
redis-benchmark -p $PORT -n 20000 -c 20 -t set,get -q | tr '\r' '\n' | grep -c 'requests per second, p50'
$r dbsize; $r shutdown nosave; wait $s; echo "ended $?"; rm -rf log appendonlydir dump.rdb
""", packages=["redis-server", "redis-tools"], programs=["redis-server", "redis-benchmark"]),
    Case("memcached", WAIT + r"""
memcached -u nobody -l 127.0.0.1 -p $PORT -U 0 -t 4 & s=$!
wait_for $PORT; exec 5<>/dev/tcp/127.0.0.1/$PORT
for i in $(seq 200); do printf 'set k%d 0 0 3\r\nabc\r\n' $i >&5; read -r l <&5; done; printf 'get k7\r\nincr k7 1\r\nstats settings\r\nquit\r\n' >&5; cat <&5 | tr -d '\r' | grep -E '^(VALUE|abc|END|CLIENT|STAT num_threads )'
kill -TERM $s; wait $s; echo "ended $?"
""", packages=["memcached"], programs=["memcached"]),
    Case("nginx", WAIT + r"""
mkdir w t; echo hello > w/index.html; seq 50000 > w/big
cat > n.conf <<END
daemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/error.log; events { worker_connections 64; }
http { access_log off; client_body_temp_path t/a; proxy_temp_path t/b; fastcgi_temp_path t/c; uwsgi_temp_path t/d; scgi_temp_path t/e; server { listen 127.0.0.1:$PORT; root $PWD/w; } }
END
chmod 755 . w; nginx -p $PWD -c $PWD/n.conf & s=$!
wait_for $PORT; curl -s http://127.0.0.1:$PORT/; curl -s http://127.0.0.1:$PORT/big | cksum; seq 40 | xargs -P 8 -I{} curl -s http://127.0.0.1:$PORT/ | uniq -c; kill -HUP $s; sleep 0.5; curl -s http://127.0.0.1:$PORT/; kill -USR1 $s; sleep 0.2; curl -sI http://127.0.0.1:$PORT/none | head -n 1
kill -QUIT $s; wait $s; echo "ended $?"; rm -f error.log; rm -rf t n.conf
""", packages=["nginx-light", "curl"], programs=["nginx", "curl"]),
    Case("openssl s_server", WAIT + r"""
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k -out c -subj /CN=localhost -days 2 2>/dev/null
openssl s_server -accept 127.0.0.1:$PORT -key k -cert c -www -quiet & s=$!
wait_for $PORT; for i in 1 2 3 4 5; do printf 'GET / HTTP/1.0\r\n\r\n' | openssl s_client -connect 127.0.0.1:$PORT -CAfile c -verify_return_error -quiet 2>/dev/null | grep -c 'HTTP/1.0 200'; done
kill -TERM $s; wait $s; echo "ended $?"; rm k c
""", packages=["openssl"], programs=["openssl"], short=True),
    Case("postgres", r"""
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1); chmod 755 . ; install -d -o postgres p; install -d -o postgres sock
as() { setpriv --reuid=postgres --regid=postgres --clear-groups env PATH=$bin:$PATH HOME=$PWD/p "$@"; }
as initdb -D p/d -A trust --no-sync --no-locale -E UTF8 | grep -c ok; as pg_ctl -D p/d -w -s -l p/log -o "-p $PORT -h 127.0.0.1 -k $PWD/sock -c fsync=off" start; echo "start $?"
as psql -h $PWD/sock -p $PORT -At postgres <<'END'
create table t as select g a, md5(g::text) b from generate_series(1, 20000) g; create index on t(b); analyze t; select count(*), min(b) from t; select a from t where b < '001' order by a; begin; delete from t where a > 10; rollback; select sum(a) from t; set max_parallel_workers_per_gather = 2; select count(distinct b) from t; select nothing; copy (select a from t where a < 4) to stdout;
END
as pg_ctl -D p/d -w -s -m fast stop; echo "stop $?"; rm -rf p sock
""", packages=["postgresql-15"], programs=["/usr/lib/postgresql"]),
    Case("chromium", r"""
cat > p.html <<'END'
<!doctype html><title>t</title><p id=p></p><script>document.getElementById('p').textContent = [3, 1, 2].sort().map(x => x * x).join();</script>
END
browse() { "$@" chromium --headless $sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --user-data-dir=$SCRATCH/home/c $what file://$PWD/p.html 2>$SCRATCH/chromium.log; echo "ended $?"; }
sandbox=--no-sandbox what="--virtual-time-budget=2000 --dump-dom" browse; sandbox=--no-sandbox what=--screenshot=$PWD/s.png browse
# With its own sandbox, which it does not allow root.
chmod 777 . $SCRATCH/home; rm -r $SCRATCH/home/c; user="setpriv --reuid=65534 --regid=65534 --clear-groups"; sandbox= what="--virtual-time-budget=2000 --dump-dom" browse $user; sandbox= what=--screenshot=$PWD/t.png browse $user; rm -r $SCRATCH/home/c
""", packages=["chromium"], programs=["chromium"]),
    Case("tmux", r"""
unset TMUX; export TERM=xterm t="tmux -S $SCRATCH/tmux"
$t -f /dev/null new-session -d -x 80 -y 24 'cat'; $t send-keys hello Enter; for _ in $(seq 200); do $t capture-pane -p | grep -q . && [ $($t capture-pane -p | grep -c hello) = 2 ] && break; sleep 0.05; done; $t capture-pane -p | head -n 2; $t new-window 'sleep 60'; $t list-windows -F '#I'; $t kill-server; echo "ended $?"
""", packages=["tmux"], programs=["tmux"]),
    Case("daemons", r"""
cat > d.py <<'END'
import os, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
os.closerange(0, 4096); null = os.open("/dev/null", os.O_RDWR); os.dup2(null, 1); os.dup2(null, 2)
with open("daemon", "w") as file: print(null, sorted(map(int, os.listdir("/proc/self/fd")))[:3], file=file)
os.rename("daemon", "daemon.done")
END
until_there() { for _ in $(seq 600); do [ -e $1 ] && break; sleep 0.05; done; cat $1; }
/usr/bin/python3 d.py; echo $?; until_there daemon.done
setsid -f sh -c 'exec </dev/null >/dev/null 2>&1; sleep 0.3; echo late > l; mv l late'; env -i /bin/sh -c 'echo "none: $LD_PRELOAD"'; until_there late
(sleep 0.4; echo outlives > o; mv o outlives) > /dev/null & disown; unshare -r true 2>/dev/null; chroot / true; setpriv --reuid=65534 --clear-groups id -u; until_there outlives
""", packages=["python3"], programs=["/usr/bin/python3"], short=True),
]
