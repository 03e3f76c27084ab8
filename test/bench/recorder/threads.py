"""What recorder.py measures of Python: threads that work, or that lock, queue and wait for each other. Prints the processor
time of the process from its first thread to its last, and how many items that were.

    threads.py work|locks ITEMS

work: four threads compress what a queue gives them, outside of the interpreter's lock, and add to a total under a lock.
locks: four hand small items on through two queues of a few places, count them under a lock, and meet at a condition.
"""
import queue
import sys
import threading
import time
import zlib

THREADS = 4


def work(items):
    given, total, lock = queue.Queue(64), [0], threading.Lock()
    data = bytes(i * 7 % 251 for i in range(8192))

    def worker():
        while (item := given.get()) is not None:
            size = len(zlib.compress(data[item % 64:], 6)) + sum(i * i for i in range(500))
            with lock:
                total[0] += size

    threads = [threading.Thread(target=worker) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for i in range(items):
        given.put(i)
    for each in threads:
        given.put(None)
    for each in threads:
        each.join()


def locks(items):
    first, second = queue.Queue(8), queue.Queue(8)
    lock, met, seen = threading.Lock(), threading.Condition(), [0]

    def hand_on():
        while (item := first.get()) is not None:
            with lock:
                seen[0] += 1
            second.put(item)
            if item % 16 == 0:
                with met:
                    met.notify_all()

    def take():
        for i in range(items):
            if second.get() % 64 == 0:
                with met:
                    met.wait(0.0005)

    threads = [threading.Thread(target=hand_on) for _ in range(THREADS - 1)] + [threading.Thread(target=take)]
    for each in threads:
        each.start()
    for i in range(items):
        first.put(i)
    for _ in range(THREADS - 1):
        first.put(None)
    for each in threads:
        each.join()


before = time.process_time()
{"work": work, "locks": locks}[sys.argv[1]](int(sys.argv[2]))
print(time.process_time() - before, sys.argv[2])
