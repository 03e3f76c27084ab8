// What is known of descriptors without asking the kernel at each call: whether reading and writing them can wait, and whether it
// is a file on a disk.
#ifndef TENTERHOOK_RUNTIME_RECORDER_DESCRIPTORS_H
#define TENTERHOOK_RUNTIME_RECORDER_DESCRIPTORS_H

namespace tenterhook::recorder {

struct Descriptor {
  bool nonblocking = false; // O_NONBLOCK, and no disk: for that the kernel waits all the same
  bool regular = false;
};

// fresh: as the kernel says now; O_NONBLOCK can be changed through a duplicate or by another process.
Descriptor describe(int descriptor, bool fresh) noexcept;
void forget_descriptor(int descriptor) noexcept; // closed, replaced, or its flags changed
// It is a file of /proc that tells how many threads there are. Forgotten with the rest.
void note_counts_threads(int descriptor) noexcept;
bool counts_threads(int descriptor) noexcept;
// A socket that is connected to somebody, as a client has; not one that listens.
bool is_stream_of_data(int descriptor) noexcept;

} // namespace tenterhook::recorder

#endif
