// What a timeline draws, whoever draws it: for each thread the spans on it, for each task its life, the flows between.
// Names and stacks are resolved and kept once; spans refer to them by number.
//
// A trace is drawn in parts, each of so many events, so that memory does not grow with its length: a part has the spans
// that ended in it. What is shared (strings, captions, stacks, lanes) grows from part to part and is never renumbered.
#ifndef TENTERHOOK_DRIVER_TIMELINE_PICTURE_H
#define TENTERHOOK_DRIVER_TIMELINE_PICTURE_H

#include "trace/reader.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>
#include <vector>

namespace tenterhook::timeline {

enum class Category : std::uint8_t { task, work, wait, block, lock_wait, stall, held, mark };
inline constexpr unsigned categories = 8;
llvm::StringRef label(Category);

// Text that many spans share.
struct Caption {
  std::uint32_t name = 0, place = 0; // strings; 0: none
  std::uint32_t note = 0;            // string: what else there is to say
  std::uint32_t stack = 0;           // 1 + index into Picture::stacks
  bool trouble = false;              // to be looked at: a stall, a block in a coroutine, a lock held across a suspend …
  bool operator==(const Caption &) const = default;
};

struct Span {
  std::int64_t begin = 0, end = 0;
  std::uint64_t object = 0; // task, work or lock
  std::uint32_t caption = 0;
  Category category = Category::task;
  std::uint8_t row = 0; // below the spans that it lies within
  bool told = false;    // stood in the part before, and stands here for its neighbours' sake
};

// Spans of one thread. Within `runs` they nest; locks and stalls may overlap and have rows of their own.
struct Lane {
  std::uint32_t thread = 0;
  std::string name;
  runs::Role role = runs::Role::unknown;
  std::uint32_t entry = 0;       // string: the outermost function of the program that was seen on it, so its own
  std::int64_t from = 0, to = 0; // of its first and last event
  std::vector<Span> runs, stalls, held;
  std::uint64_t dropped = 0;
};

struct TaskBar {
  std::uint64_t id = 0, parent = 0;
  std::int64_t begin = 0, end = 0;
  std::uint32_t caption = 0;
  bool trouble = false;            // ended unstarted, suspended or unawaited, or with an exception
  bool begins = true, ends = true; // in this part; else in an earlier or a later one
  std::vector<runs::Slice> slices; // of this part
};

struct Flow { // work handed from one thread to another
  std::int64_t from = 0, to = 0;
  std::uint32_t from_thread = 0, to_thread = 0;
  std::uint64_t work = 0;
};

struct Picture {
  std::string title;
  std::uint32_t process = 0;
  std::int64_t length = 0;
  std::uint64_t events = 0;
  std::vector<std::string> strings; // [0] is empty
  std::vector<Caption> captions;
  std::vector<std::vector<std::uint32_t>> stacks; // strings, innermost first
  std::vector<Lane> lanes;
  std::vector<TaskBar> tasks; // by begin
  std::vector<Flow> flows;
  std::vector<std::string> notes;
  bool first = true, last = true; // of the parts of its trace
  bool is_whole() const { return first && last; }
};

constexpr std::size_t events_a_part = 1u << 18;

// Draws a trace, from where the file is to its end. `take` gets each part; it may move the tasks and flows out, and of the
// last part everything.
void draw(runs::TraceFile &, std::size_t events_a_part, llvm::function_ref<void(Picture &)> take,
          runs::Release release = nullptr);
Picture draw(runs::TraceFile &); // as one part

} // namespace tenterhook::timeline

#endif
