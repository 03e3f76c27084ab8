#!/usr/bin/env python3
"""The example echo_server when it has no descriptor left for the next connection.

    echo_server.py PROGRAM

With a limit of 16 descriptors, 24 clients connect. Those that were taken are served all the same, the others when some of the
first have left; the server says so once, and does not spin meanwhile. SIGINT ends it in order.
"""
import os
import resource
import signal
import socket
import subprocess
import sys
import time

LIMIT, CLIENTS = 16, 24


def echoed(client):
    client.sendall(b"x")
    return client.recv(1) == b"x"


def main():
    server = subprocess.Popen([sys.argv[1], "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT)))
    try:
        address = server.stdout.readline().split()[-1].rsplit(":", 1)
        clients = [socket.create_connection((address[0], int(address[1])), timeout=60) for _ in range(CLIENTS)]
        told = server.stderr.readline()  # comes when the descriptors are used up
        assert "no further connections for now" in told and "Too many open files" in told, told
        assert echoed(clients[0]) and echoed(clients[1]), "a connection that was taken is not served"
        ticks = os.sysconf("SC_CLK_TCK")
        used = lambda: sum(map(int, open(f"/proc/{server.pid}/stat").read().rsplit(")", 1)[1].split()[11:13])) / ticks
        before = used()
        time.sleep(1)
        assert used() - before < 0.5, f"it spins: {used() - before} s of processor in a second"
        for client in clients[:CLIENTS // 2]:
            client.close()
        for client in clients[CLIENTS // 2:]:
            assert echoed(client), "a connection that had waited is not served"
        assert server.poll() is None, f"it ended with {server.returncode}"
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0, "Ctrl-C is an orderly end"
        assert "ended by signal 2" in server.stdout.read()
    finally:
        server.kill()
        rest = server.stderr.read()
    # Not once a try, of which there were ten; again when it had room and ran short again.
    assert rest.count("no further connections") <= 5, rest


if __name__ == "__main__":
    main()
