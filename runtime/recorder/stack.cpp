// Walking stacks, and remembering the paths that were walked. See stack.h.
#include "recorder/stack.h"
#include "recorder/code.h"
#include "recorder/reach.h"
#include "trace/system.h"
#include "trace/tables.h"
#include "trace/unwind.h"

#include <algorithm>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

constexpr std::uint16_t uses_of_a_path = 1024; // then it is walked anew
constexpr std::size_t search_words = 512;      // how far apart two return addresses on the stack are looked for
constexpr unsigned entries_of_a_path = 4;      // in any of which it may lie
static_assert(Thread::max_paths % entries_of_a_path == 0);

Place place_of(const Thread &thread, unsigned begin, unsigned end) {
  Place place;
  std::uint64_t in_headers = 0; // where the standard library's inline functions called, if nobody of the program did
  for (unsigned i = begin; i < end; ++i) {
    Code code = code_at(thread.frames[i]);
    std::uint64_t &site = code.library ? in_headers : place.site;
    if (!code.system && site == 0)
      site = reinterpret_cast<std::uint64_t>(thread.frames[i]);
    if (code.coroutine) {
      place.inside = true;
      place.coroutine = coroutine_at(thread.frames[i]);
      break;
    }
  }
  if (place.site == 0)
    place.site = in_headers;
  if (place.site == 0 && begin < end)
    place.site = reinterpret_cast<std::uint64_t>(thread.frames[begin]);
  return place;
}

bool is_known(const Path &path, const Caller &here) {
  if (path.address != here.address || path.frame != here.frame || path.generation != code_generation())
    return false;
  if (path.direct)
    return true;
  if (path.uses == 0)
    return false;
  auto *words = static_cast<const std::uint64_t *>(here.frame);
  for (unsigned i = 0; i < path.checked; ++i) {
    if (words[path.offsets[i]] != path.values[i])
      return false;
  }
  return true;
}

void assign(Path &path, const Caller &here, const Place &place, bool direct) {
  flush_reach(path);
  if (path.site != place.site || path.inside != place.inside || path.generation != code_generation())
    path.counts = nullptr; // of another place, or of a forked child's parent
  path.address = here.address;
  path.frame = here.frame;
  path.site = place.site;
  path.coroutine = place.coroutine;
  path.inside = place.inside;
  path.direct = direct;
  path.generation = code_generation();
  path.stack = 0;
  path.uses = uses_of_a_path;
  path.checked = 0;
  path.loops_own = path.known_loop = Path::unknown;
}

// Finds the return addresses of the next frames in their places, up to the coroutine's body.
void remember(Path &path, const Thread &thread, const Caller &here, const Stack &stack) {
  assign(path, here, stack.place, false);
  auto *words = static_cast<const std::uint64_t *>(here.frame);
  const std::size_t readable = std::size_t(static_cast<const std::uint64_t *>(readable_above(here.frame)) - words);
  std::size_t at = 1;
  if (stack.frames == 0 || thread.frames[0] != here.address || words[at] != reinterpret_cast<std::uint64_t>(here.address)) {
    path.uses = 1; // the hook's frame is not laid out as expected: trust nothing for long
    return;
  }
  for (unsigned i = 1; i < stack.frames && path.checked < Path::depth; ++i) {
    auto wanted = reinterpret_cast<std::uint64_t>(thread.frames[i]);
    if (code_at(thread.frames[i - 1]).coroutine)
      break;
    // It lies above, unless a signal handler's frame is between: then it is on another stack, and above there may be nothing.
    std::size_t found = 0, end = std::min(at + search_words, readable);
    for (std::size_t word = at + 1; word < end; ++word) {
      if (words[word] == wanted) {
        found = word;
        break;
      }
    }
    if (!found) {
      if (end == readable)
        path.uses = 1; // what tells this path from others cannot be looked at
      break;
    }
    at = found;
    path.offsets[path.checked] = std::uint16_t(at);
    path.values[path.checked++] = wanted;
  }
}

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> walkers{0}, forking{0}; // forking: the thread that forks

class Walking {
public:
  Walking() noexcept {
    for (;;) {
      walkers.fetch_add(1);
      std::uint32_t other = forking.load();
      if (other == 0 || other == thread_id())
        return; // that one may be asked for its stack by a signal
      walkers.fetch_sub(1);
      futex_wait(forking, other, 10'000'000);
    }
  }
  ~Walking() { walkers.fetch_sub(1); }
  Walking(const Walking &) = delete;
  Walking &operator=(const Walking &) = delete;
};

} // namespace

void stop_walking() noexcept {
  forking.store(thread_id());
  // Not for ever: a signal handler that forks may have interrupted a walk.
  for (int i = 0; i < 2000 && walkers.load() != 0; ++i) {
    timespec moment{0, 50'000};
    system_call(SYS_nanosleep, word(&moment));
  }
}

void go_on_walking(bool in_child) noexcept {
  if (in_child)
    walkers.store(0);
  forking.store(0);
  futex_wake(forking);
}

Stack walk(Thread &thread, bool in_signal) noexcept {
  Walking walking;
  Stack stack;
  unsigned count = walk_stack(thread.frames.data(), Thread::max_frames), skip = 0;
  while (skip < count && code_at(thread.frames[skip]).own)
    ++skip;
  if (in_signal && skip < count)
    ++skip; // __restore_rt
  while (count > skip && reinterpret_cast<std::uint64_t>(thread.frames[count - 1]) < 4096)
    --count;
  std::copy(thread.frames.begin() + skip, thread.frames.begin() + count, thread.frames.begin());
  stack.frames = count - skip;
  stack.place = place_of(thread, 0, stack.frames);
  return stack;
}

Path &locate(Thread &thread, const Caller &here, bool with_stack) noexcept {
  // A path lies in one of a few entries: where two that take turns had but one, each call would walk the stack.
  std::uint64_t key = reinterpret_cast<std::uint64_t>(here.address) * 31 + (reinterpret_cast<std::uint64_t>(here.frame) >> 4);
  std::uint64_t first = (key * 0x9e37'79b9'7f4a'7c15u >> 32) % Thread::max_paths;
  Path *entry = nullptr;
  for (unsigned i = 0; i < entries_of_a_path; ++i) {
    Path &path = thread.paths[first ^ i];
    if (is_known(path, here)) {
      if (path.stack || !with_stack || path.direct) {
        --path.uses;
        return path;
      }
      entry = &path;
      break;
    }
    bool unused = !path.address || path.generation != code_generation() || (path.uses == 0 && !path.direct);
    if (unused && !entry)
      entry = &path;
  }
  Path &path = entry ? *entry : thread.paths[first ^ thread.next_entry++ % entries_of_a_path];
  Code code = code_at(here.address);
  if (code.coroutine) { // then the site says it all
    assign(path, here, {reinterpret_cast<std::uint64_t>(here.address), coroutine_at(here.address), true}, true);
    return path;
  }
  Stack stack = walk(thread);
  remember(path, thread, here, stack);
  if (with_stack)
    path.stack = keep_stack(thread, stack);
  return path;
}

std::uint32_t keep_stack(Thread &thread, const Stack &stack) noexcept {
  static_assert(sizeof(void *) == sizeof(std::uint64_t));
  return tables.add_stack(reinterpret_cast<const std::uint64_t *>(thread.frames.data()), stack.frames);
}

bool is_on_stack(Thread &thread, const Stack &stack, std::uint64_t coroutine) noexcept {
  for (unsigned i = 0; i < stack.frames; ++i) {
    if (code_at(thread.frames[i]).coroutine && coroutine_at(thread.frames[i]) == coroutine)
      return true;
  }
  return false;
}

} // namespace tenterhook::recorder
