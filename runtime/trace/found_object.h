// _dl_find_object (glibc 2.35): the module of an address, without a lock, in signal handlers too. Declared here, and weakly: a
// program may run with an older glibc than this was built with, and the other way. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_FOUND_OBJECT_H
#define TENTERHOOK_RUNTIME_TRACE_FOUND_OBJECT_H

#include <link.h>

namespace tenterhook::trace::detail {

struct FoundObject {
  unsigned long long flags;
  void *begin, *end; // as it is mapped, from the ELF header on
  link_map *map;
  void *eh_frame_header;
  unsigned long long reserved[7];
};

} // namespace tenterhook::trace::detail

// Not there: null. Nothing found: not 0.
extern "C" [[gnu::weak]] int tenterhook_dl_find_object(void *,
                                                       tenterhook::trace::detail::FoundObject *) __asm__("_dl_find_object");

#endif
