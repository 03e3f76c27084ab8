// The trace file: what one process did, as far as it bears on findings. Written by trace/writer (the runtime's hooks and the
// recorder), read by driver/trace; this header is the only definition of it and depends on nothing.
//
// A file is a FileHeader and then chunks, each a ChunkHeader and `size` bytes. All numbers are little-endian. A chunk is
// written with one write(2), so a process that dies tears at most the last one; the reader stops there and says so.
// Chunks of an unknown tag are skipped, records of an unknown kind are counted; a larger `version` is refused.
// Tables (modules, sites, stacks, strings, threads) may be repeated; an entry of a key that is known already is the same,
// but that a thread's name and role are those written last. settings may have grown: what is missing is 0.
// Totals (reach, lock_edges, drops) are absolute since the start of the trace: of one key, the last written counts.
#ifndef TENTERHOOK_RUNTIME_TRACE_FORMAT_H
#define TENTERHOOK_RUNTIME_TRACE_FORMAT_H

#include <cstddef>
#include <cstdint>

namespace tenterhook::trace {

inline constexpr char magic[8] = {'T', 'N', 'T', 'R', 'H', 'O', 'O', 'K'};
inline constexpr std::uint32_t format_version = 1;

enum class Producer : std::uint32_t { runtime = 1, recorder = 2 }; // a recorder also takes the runtime's events in

struct FileHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t size; // of this header
  Producer producer;
  std::uint32_t process, parent; // process ids
  std::uint32_t reserved;
  std::uint64_t ticks, monotonic; // one moment in both clocks: ticks as in Record, nanoseconds of CLOCK_MONOTONIC
  std::uint64_t realtime;         // the same moment, nanoseconds since the epoch
};
static_assert(sizeof(FileHeader) == 56);

enum class Tag : std::uint32_t {
  records = 1,    // Record…; of one thread, in its order
  clock = 2,      // ClockPair; one a drain, to turn ticks into nanoseconds
  modules = 3,    // Module, build-id bytes, path bytes; each entry padded to 8
  strings = 4,    // StringEntry, bytes; padded to 8. Names of functions, reasons
  sites = 5,      // SiteEntry, file bytes, function bytes; padded to 8. Places that the program knows itself
  stacks = 6,     // StackEntry, `frames` × u64 return addresses, innermost first
  threads = 7,    // ThreadEntry, name bytes; padded to 8
  reach = 8,      // ReachTotal…
  lock_edges = 9, // LockEdge…
  drops = 10,     // DropTotal…
  settings = 11,  // Settings
  end = 12,       // End; the last chunk of a process that ended in a way that could be seen
};

struct ChunkHeader {
  Tag tag;
  std::uint32_t thread;   // index of the thread the records are of; 0 for tables
  std::uint32_t size;     // bytes of payload, a multiple of 8
  std::uint32_t checksum; // CRC-32C of the payload
};
static_assert(sizeof(ChunkHeader) == 16);

// What happened. `object`, `site`, `arg` of each kind are told behind it; "detail" is the record that follows (Record::more).
enum class Kind : std::uint16_t {
  none = 0,
  // Tasks; object = task id, unique in the process.
  task_new = 1,     // site: the coroutine; detail TaskDetail
  task_start = 2,   // first resumption
  task_suspend = 3, // site: the await; arg: Wait
  task_resume = 4,  // site: the await that it continues at
  task_done = 5,    // arg: 1 if with an exception
  task_destroy = 6, // arg: TaskEnd; site: where known; detail StackDetail if it ended unstarted or unawaited
  task_awaited = 7, // arg unused; somebody awaits or waits for the result
  // Executors; object = executor.
  loop_place = 9,  // the loop's thread waits for events with this stack, for the first time; site: the wait; detail StackDetail
  loop_enter = 10, // this thread runs a loop from here on
  loop_leave = 11,
  loop_wait = 12, // the loop's thread waits for events; arg: number of locks the thread holds
  loop_wake = 13,
  stall = 14,        // a callback or a slice of a task kept the loop; object: task or 0, site: where it began; detail StallDetail
  submit = 15,       // object = work id, site: the caller, arg: executor (low 32 bits of its id)
  work_start = 16,   // object = work id
  work_end = 17,     // object = work id
  worker_enter = 18, // this thread is a worker of pool `object`
  worker_leave = 19,
  // Locks; object = address of the lock.
  lock = 20, // arg: 1 shared; site: who took it
  unlock = 21,
  lock_wait = 22,      // taking it had to wait; detail BlockDetail
  held_at_wait = 23,   // the thread goes back to its loop's wait with this lock; site: who took it; detail HeldDetail
  foreign_unlock = 24, // unlocked by another thread than took it; site: who unlocks; detail HeldDetail
  held_at_suspend =
      25, // a task suspends (arg: as task_suspend) on a thread that holds this lock; site: the await; detail HeldDetail
  // Blocking.
  block = 30,   // object = task id or 0; site: return address of the call; arg: string id of the function; detail BlockDetail
  wait_on = 31, // object waits for …: object = task or work id, site: caller, arg: low bits of what it waits for
  // Values that a data-race check will join on.
  access = 40, // object = address, arg: 1 write
  race = 41,   // object = address; detail StackDetail of the other side
};

// The site of a record is a return address, or with this bit in `kind` the key of a SiteEntry.
inline constexpr std::uint16_t site_is_key = 0x8000;

struct Record {
  std::uint64_t ticks; // rdtsc where there is one, else nanoseconds of CLOCK_MONOTONIC
  std::uint64_t object;
  std::uint64_t site;
  std::uint32_t arg;
  std::uint16_t kind; // Kind, with site_is_key
  std::uint16_t more; // how many of the 32-byte units that follow belong to this record
};
static_assert(sizeof(Record) == 32);

struct TaskDetail {
  std::uint64_t parent;  // task that created it; 0 outside of tasks
  std::uint64_t creator; // return address of the ramp, in the function that called the coroutine; 0 if unknown
  std::uint64_t frame;   // address of the coroutine frame
  std::uint32_t stack;   // 0 if none was taken
  std::int32_t ramp;     // an address in the coroutine's entry function (its ramp) - creator; 0 if unknown. A ramp that was
                         // inlined tells its caller by the inlined frames there, and `creator` is that one's caller
};

enum class Wait : std::uint32_t { other = 0, task, timer, descriptor, lock, executor, queue, future };
enum class TaskEnd : std::uint32_t { done = 0, unstarted = 1, suspended = 2 }; // state when destroyed

// Flags of BlockDetail.
enum : std::uint32_t {
  in_coroutine = 1u << 0,   // a coroutine's body is on the stack (recorder), or a task is current (runtime)
  nonblocking = 1u << 1,    // O_NONBLOCK, MSG_DONTWAIT, a zero timeout: could not wait
  on_loop_thread = 1u << 2, // the thread runs a loop
  on_worker = 1u << 3,      // the thread is a worker of a pool
  under_lock = 1u << 4,     // the thread holds a lock
  failed = 1u << 5,         // the call returned an error
  regular_file = 1u << 6,   // the descriptor is a file on a disk
  below_loop = 1u << 7,     // whoever runs the loop says that it made the call: the runtime, or a library whose functions
                            // are known. Else the stack tells, held against those of Kind::loop_place
};

struct BlockDetail {
  std::uint64_t duration; // ticks
  std::uint32_t stack;
  std::uint32_t flags;
  std::int32_t descriptor; // -1 if the call has none
  std::uint32_t locks_held;
  std::uint64_t reserved;
};

struct StallDetail {
  std::uint64_t duration; // ticks
  std::uint32_t stack;    // of the thread while it was stalled; 0 if none could be taken
  std::uint32_t flags;    // as BlockDetail
  std::uint64_t loop;
  std::uint64_t reserved;
};

struct HeldDetail {
  std::uint64_t acquired;      // ticks when it was taken
  std::uint64_t acquired_site; // return address of who took it, or key with acquired_is_key
  std::uint32_t acquired_stack;
  std::uint32_t stack; // now
  std::uint32_t owner; // thread index of who took it
  std::uint32_t flags; // HeldFlags
};
enum HeldFlags : std::uint32_t {
  acquired_in_coroutine = 1u << 0,
  coroutine_on_stack = 1u << 1, // the coroutine that took it is on the present stack: not suspended
  acquired_is_key = 1u << 2,
};

struct StackDetail {
  std::uint32_t stack, thread;
  std::uint64_t reserved[3];
};
static_assert(sizeof(TaskDetail) == 32 && sizeof(BlockDetail) == 32 && sizeof(StallDetail) == 32 && sizeof(HeldDetail) == 32 &&
              sizeof(StackDetail) == 32);

struct ClockPair {
  std::uint64_t ticks, monotonic;
};

struct Module {
  std::uint64_t begin, end;    // addresses in the process
  std::uint64_t bias;          // address in the process - address in the file
  std::uint32_t build_id_size; // 0 if it has none
  std::uint32_t path_size;
};

struct StringEntry {
  std::uint32_t id, size;
};

struct SiteEntry {
  std::uint64_t key;
  std::uint32_t line, column;
  std::uint32_t file_size, function_size;
};

struct StackEntry {
  std::uint32_t id, frames;
};

enum class Role : std::uint32_t { unknown = 0, main = 1, loop = 2, worker = 3 };
struct ThreadEntry {
  std::uint32_t index; // from 1, in the order of their first event
  std::uint32_t system_id;
  Role role;
  std::uint32_t name_size;
};

// How often a call of an interposed or traced function was reached at a place, whatever was dropped.
struct ReachTotal {
  std::uint64_t site;            // return address, or key with flag 1
  std::uint32_t function;        // string id
  std::uint32_t flags;           // 1: site is a key
  std::uint64_t outside, inside; // how often, by whether a coroutine was running
  std::uint64_t nonblocking;     // of both: calls that could not wait
  std::uint64_t slow;            // of those that could wait: calls at or above Settings::block_threshold
  std::uint64_t slow_inside;     // of `inside`
  std::uint64_t longest;         // ticks; of those that could wait
};

// `second` was taken while `first` was held.
struct LockEdge {
  std::uint64_t first, second;           // addresses of the locks
  std::uint64_t first_site, second_site; // who took them: return addresses, or keys with flags 1 and 2
  std::uint32_t first_stack, second_stack;
  std::uint32_t thread; // index of the first thread that did so
  std::uint32_t flags;  // 1, 2: keys; 4: done by more than one thread; 8: while another lock was held as well (a gate)
  std::uint64_t count;
  std::uint64_t gate; // with flag 8: one lock that was held every time; 0 if none was
};

struct DropTotal {
  std::uint32_t thread, reserved;
  std::uint64_t dropped;
  std::uint64_t written;
};

struct Settings {
  std::uint64_t block_threshold; // nanoseconds from which on a call is recorded as one that blocks
  std::uint64_t stall_threshold; // nanoseconds from which on a slice of a loop is a stall; 0 if nobody watches
  std::uint64_t reach_lost;      // totals that found no room
  std::uint64_t edges_lost;
  std::uint64_t stacks_lost; // stacks and names that found no room; records show 0 or an id that no table has
  std::uint64_t names_lost;
};

// full: not the process ended, but the room for the trace (disk, quota, limit on files); it lacks what came after, and of
// what came before as many events as DropTotal of thread 0 says.
enum class Ending : std::uint32_t { exit = 0, signal = 1, exec = 2, quick_exit = 3, stopped = 4, full = 5 };
struct End {
  Ending how;
  std::uint32_t value; // signal: its number; full: errno; else 0
  // After exec that failed and after an end of which the process knew nothing, more chunks follow: the last End counts.
};

} // namespace tenterhook::trace

#endif
