"""Reads a trace file (runtime/trace/format.h) for the recorder's tests, independently of the project's own reader, and
symbolizes addresses with llvm-symbolizer. Checksums are verified; what does not fit raises ValueError."""
import struct
import subprocess

KINDS = {1: "task_new", 2: "task_start", 3: "task_suspend", 4: "task_resume", 5: "task_done", 6: "task_destroy",
         7: "task_awaited", 10: "loop_enter", 11: "loop_leave", 12: "loop_wait", 13: "loop_wake", 14: "stall",
         15: "submit", 16: "work_start", 17: "work_end", 18: "worker_enter", 19: "worker_leave", 20: "lock", 21:
"unlock",
         22: "lock_wait", 23: "held_at_wait", 24: "foreign_unlock", 25: "held_at_suspend", 30: "block", 31: "wait_on"}
IN_COROUTINE, NONBLOCKING, ON_LOOP, ON_WORKER, UNDER_LOCK, FAILED, REGULAR = (1 << i for i in range(7))


def crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC = crc32c_table()


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = CRC[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xFFFFFFFF


class Event(dict):
    __getattr__ = dict.__getitem__


def padded(size):
    return (size + 7) // 8 * 8


class Trace:
    def __init__(self, path, check=True):
        self.path = path
        self.modules, self.strings, self.stacks, self.threads = [], {}, {}, {}
        self.events, self.reach, self.edges, self.drops, self.clocks, self.end = [], {}, {}, {}, [], None
        self.settings = None
        data = open(path, "rb").read()
        if data[:8] != b"TNTRHOOK":
            raise ValueError(path + ": no trace")
        (self.version, size, self.producer, self.process, self.parent, _, self.ticks, self.monotonic,
         self.realtime) = struct.unpack_from("<IIIIIIQQQ", data, 8)
        at = size
        while at + 16 <= len(data):
            tag, thread, size, checksum = struct.unpack_from("<IIII", data, at)
            body = data[at + 16:at + 16 + size]
            if len(body) < size:
                raise ValueError(path + ": torn")
            if check and crc32c(body) != checksum:
                raise ValueError(path + ": checksum")
            self.chunk(tag, thread, body)
            at += 16 + size
        first = self.ticks, self.monotonic
        last = self.clocks[-1] if self.clocks else (self.ticks + 1, self.monotonic + 1)
        self.rate = (last[0] - first[0]) / max(1, last[1] - first[1]) or 1

    def milliseconds(self, ticks):
        return ticks / self.rate / 1e6

    def chunk(self, tag, thread, body):
        at = 0
        if tag == 1:
            while at < len(body):
                ticks, obj, site, arg, kind, more = struct.unpack_from("<QQQIHH", body, at)
                detail = body[at + 32:at + 32 + 32 * more]
                at += 32 + 32 * more
                event = Event(thread=thread, ticks=ticks, object=obj, site=site, arg=arg, key=bool(kind & 0x8000),
                              kind=KINDS.get(kind & 0x7FFF, kind & 0x7FFF))
                if event.kind in ("block", "lock_wait"):
                    (event["duration"], event["stack"], event["flags"], event["descriptor"], event["locks_held"],
                     _) = struct.unpack("<QIIiIQ", detail)
                elif event.kind == "stall":
                    (event["duration"], event["stack"], event["flags"], event["loop"],
                     _) = struct.unpack("<QIIQQ", detail)
                elif event.kind in ("held_at_wait", "foreign_unlock", "held_at_suspend"):
                    (event["acquired"], event["acquired_site"], event["acquired_stack"], event["stack"], event["owner"],
                     event["flags"]) = struct.unpack("<QQIIII", detail)
                self.events.append(event)
        elif tag == 2:
            self.clocks += [struct.unpack_from("<QQ", body, i) for i in range(0, len(body), 16)]
        elif tag == 3:
            while at < len(body):
                begin, end, bias, id_size, path_size = struct.unpack_from("<QQQII", body, at)
                path = body[at + 32 + id_size:at + 32 + id_size + path_size].decode()
                self.modules.append((begin, end, bias, path))
                at += padded(32 + id_size + path_size)
        elif tag == 4:
            while at < len(body):
                key, size = struct.unpack_from("<II", body, at)
                self.strings[key] = body[at + 8:at + 8 + size].decode()
                at += padded(8 + size)
        elif tag == 6:
            while at < len(body):
                key, count = struct.unpack_from("<II", body, at)
                self.stacks[key] = struct.unpack_from("<%dQ" % count, body, at + 8)
                at += 8 + 8 * count
        elif tag == 7:
            while at < len(body):
                index, tid, role, size = struct.unpack_from("<IIII", body, at)
                self.threads[index] = Event(tid=tid, role=role, name=body[at + 16:at + 16 + size].decode())
                at += padded(16 + size)
        elif tag == 8:
            for at in range(0, len(body), 64):
                site, function, flags, outside, inside, nonblocking, slow, slow_inside, longest = struct.unpack_from(
                    "<QIIQQQQQQ", body, at)
                self.reach[site, function] = Event(site=site, function=function, outside=outside, inside=inside,
                                                   nonblocking=nonblocking, slow=slow, slow_inside=slow_inside)
        elif tag == 9:
            for at in range(0, len(body), 64):
                first, second, first_site, second_site, _, _, thread, flags, count, gate = struct.unpack_from(
                    "<QQQQIIIIQQ", body, at)
                self.edges[first, second, first_site, second_site] = Event(
                    first=first, second=second, first_site=first_site, second_site=second_site, thread=thread,
                    flags=flags, count=count, gate=gate)
        elif tag == 10:
            for at in range(0, len(body), 24):
                thread, _, dropped, _ = struct.unpack_from("<IIQQ", body, at)
                self.drops[thread] = dropped
        elif tag == 11:
            self.settings = struct.unpack_from("<QQQQ", body)
        elif tag == 12:
            self.end = struct.unpack_from("<II", body)

    def of(self, *kinds):
        return [event for event in self.events if event.kind in kinds]

    def symbolize(self, addresses, symbolizer):
        """address → [(function, file, line)], inlined functions first."""
        result, by_module = {}, {}
        for address in set(addresses):
            result[address] = []
            for begin, end, bias, path in self.modules:
                if begin <= address < end:
                    by_module.setdefault(path, []).append((address, address - bias - 1))
        for path, pairs in by_module.items():
            text = "".join("0x%x\n" % offset for _, offset in pairs)
            out = subprocess.run([symbolizer, "--obj=" + path, "--output-style=LLVM", "--inlines"], input=text,
                                 text=True, capture_output=True).stdout
            for (address, _), block in zip(pairs, out.split("\n\n")):
                lines = block.strip().split("\n")
                for function, place in zip(lines[::2], lines[1::2]):
                    file, line = place.rsplit(":", 2)[:2]
                    result[address].append((function, file, int(line) if line.isdigit() else 0))
        return result
