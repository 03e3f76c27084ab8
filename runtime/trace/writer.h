// The writer: owns the trace file, the drain and its thread. One a process (per copy of this code that is in use).
// The file is made when tracing starts, so that a bad path is said at once; the drain's thread is made at the first
// event. A child of a run is `pending` until its first event: most have none, and leave no file.
// The program's table of descriptors holds none of ours. The thread has a table of its own and keeps the file open there;
// others who want something written hand it a Job and wait. Where there is no thread, a job is done aside (aside.h): there the
// file is opened by its path, if it still is the same, and closed again. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_WRITER_H
#define TENTERHOOK_RUNTIME_TRACE_WRITER_H

#include "trace/modules.h"
#include "trace/rings.h"
#include "trace/share.h"
#include "trace/tables.h"

namespace tenterhook::trace::detail {

// Chunks are put together here and leave with one write(2) each.
class ChunkBuffer {
public:
  static constexpr std::uint32_t capacity = (1u << 19) + 4096;
  void begin(Tag, std::uint32_t thread) noexcept;
  // `size` bytes, padded to 8; zeroed where padded. Starts another chunk of the same tag if this one is full.
  char *room(std::uint32_t size) noexcept;
  void add(const void *bytes, std::uint32_t size) noexcept { std::memcpy(room(size), bytes, size); }
  void end() noexcept; // writes it, unless it is empty
  std::uint64_t chunks = 0;

private:
  std::uint32_t used = 0;
  Tag tag{};
  std::uint32_t thread = 0;
  alignas(8) char bytes[sizeof(ChunkHeader) + capacity] = {};
};

// The keys of places that are in the file already.
class KnownKeys {
  static constexpr std::uint32_t size = 1u << 16;
  std::uint64_t slots[size] = {};
  std::uint32_t used = 0;

public:
  bool add(std::uint64_t key) noexcept; // false if it is known, or there is no room
  void clear() noexcept;
};

class Writer {
public:
  bool start(Producer, const char *path, const Origin &) noexcept; // errno on failure
  void flush() noexcept;
  void finish(Ending, std::uint32_t value) noexcept; // also turns off, unless how is exec
  void die(Ending, std::uint32_t value) noexcept;    // as finish, in a signal handler
  void wake() noexcept;
  // The ring of this thread, null if it finds no seat, by which an event is lost if it is for one.
  Ring *attach(Ring **slot, bool for_event) noexcept;
  bool wants_thread() const noexcept { return thread_wanted.load(std::memory_order_relaxed); }
  void make_thread(bool settled) noexcept; // if it is not there
  // The process is to have no thread of ours for a moment: false if that cannot be had.
  bool put_off_thread() noexcept;
  bool is_put_off() const noexcept;
  bool make_room(Ring &, unsigned units) noexcept;
  // A child's first event opens its file. False if there is none to be had.
  bool ready() noexcept { return !pending.load(std::memory_order_acquire) || open_pending(); }

  bool join(std::atomic<bool> *flag) noexcept;
  void leave(std::atomic<bool> *flag) noexcept;
  void before_fork() noexcept;
  void after_fork_in_parent() noexcept;
  void after_fork_in_child() noexcept;
  void forget() noexcept; // in a child: there is no trace

  std::uint64_t threshold_ticks() const noexcept { return block_ticks.load(std::memory_order_relaxed); }
  void set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept;
  void watch_stalls(std::uint64_t threshold) noexcept;
  bool write_chunk(const char *, std::size_t) noexcept; // for ChunkBuffer

private:
  // What there is to do at the file.
  struct Job {
    enum What : std::uint8_t { open, drain, drain_all, end } what = drain;
    Ending how = Ending::exit;
    std::uint32_t value = 0;
    bool good = false; // the outcome
  };

  Lock lock; // of all below and of the tables' `written`; whoever hands over a job holds it for the thread
  std::atomic<bool> running{false}, pending{false}, has_thread{false}, thread_gone{true}, thread_wanted{false};
  std::atomic<std::uint64_t> not_before{0};       // on the monotonic clock, nanoseconds: until then no thread is made
  std::atomic<std::uint32_t> thread_task{0};      // the thread's id for the kernel
  std::atomic<std::uint32_t> alarm{0};            // futex that the drain's thread sleeps on
  std::atomic<bool> asleep{false}, to_end{false}; // to_end: the thread alone
  Job job{};
  std::atomic<bool> handed{false};
  std::atomic<std::uint32_t> served{0}; // futex: jobs that the thread has done
  std::atomic<std::uint64_t> block_nanoseconds{1'000'000}, stall_nanoseconds{0}, block_ticks{1'000'000};
  std::atomic<std::uint64_t> settings_version{1};
  std::uint64_t settings_written = 0;
  Producer producer = Producer::runtime;
  int file = -1; // in the table of who is at work; between jobs, in the thread's
  bool regular = true;
  std::uint64_t device = 0, inode = 0;            // of the file
  std::uint32_t opened = 0, opened_by_thread = 0; // files so far; which of them the thread has open
  // How long the file is, and where its last chunks begin.
  static constexpr unsigned max_tails = 8;
  struct Tail {
    std::uint64_t begin, events;
  } tail[max_tails] = {};
  std::uint64_t length = 0, tails = 0;
  std::uint32_t process = 0, parent = 0;
  bool forked = false, fixed_done = false, wiped_in_child = false, asked_to_wipe = false;
  std::uint64_t grace = 0, thread_after = 0; // ticks: how long a child gets no thread; 0 in thread_after: is none
  ClockPair begin{};
  std::uint64_t next_totals = 0;
  std::uint32_t strings_done = 0, stacks_done = 0; // all before these in `order` are written
  static char base_path[4096], path[4160];         // as given, made absolute; and of this process
  std::atomic<bool> *flags[8] = {};

  bool open(bool child) noexcept;
  bool open_pending() noexcept;
  bool try_open(const char *) noexcept;
  bool open_again() noexcept;
  // Under the lock. False if it was not done, or not within `nanoseconds`: then the lock is to be kept.
  bool perform(const Job &, std::uint64_t nanoseconds = ~std::uint64_t(0)) noexcept;
  bool hand_over(std::uint64_t nanoseconds) noexcept;
  void do_job(bool keep_open) noexcept;
  std::uint64_t pass_of_thread(bool own_table) noexcept;
  bool is_worth_a_file(Ending) noexcept;
  void write_header() noexcept;
  bool write_whole(const char *, std::size_t, std::uint64_t events) noexcept;
  void end_full(int error, std::uint64_t lost) noexcept;
  void give_up() noexcept;
  void lose() noexcept;                    // also says so
  static void refresh_modules() noexcept;  // not under the lock; see modules.h
  static bool keep_off_modules() noexcept; // within a fork
  static void let_modules_be_read(bool kept_off) noexcept;
  bool modules_kept_off = false;
  static void reset_modules() noexcept;
  void set_active(bool) noexcept;
  void start_thread() noexcept;
  void end_thread() noexcept;
  static void *thread_main(void *) noexcept;

  // One pass over everything; all: the totals too, whether they are due or not. How many records there were.
  std::uint64_t drain(bool all) noexcept;
  std::uint64_t drain_seat(Seat &, std::uint64_t head, bool finished) noexcept;
  void drain_tables() noexcept;
  void drain_thread_entry(Seat &) noexcept;
  void drain_totals(std::uint64_t now) noexcept;
  void drain_settings() noexcept;
  void drain_drops(Seat &, bool finished) noexcept;
  void note_site(std::uint64_t key) noexcept;
  void note_sites(const char *records, std::uint32_t size) noexcept;
  void write_end(Ending, std::uint32_t value) noexcept;
  void nothing_written() noexcept;
};
extern Writer writer;

ClockPair read_clocks() noexcept;
void watch_endings() noexcept; // from now on, a signal that ends the process is seen

} // namespace tenterhook::trace::detail

#endif
