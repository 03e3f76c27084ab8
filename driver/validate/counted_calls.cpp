// See counted_calls.h. The table holds what libstdc++, libc++ and asio call whatever their arguments are; the corpus
// runs some of each row.
#include "validate/counted_calls.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::validate {

namespace {

struct Row {
  llvm::StringLiteral scope, functions, calls; // a call of any of `functions` makes at least one of `calls`
};

constexpr Row rows[] = {
    {"std::this_thread::", "sleep_for sleep_until", "nanosleep clock_nanosleep"},
    {"std::thread::", "join", "pthread_join"},
    {"std::jthread::", "join", "pthread_join"},
    {"std::filesystem::",
     "exists is_block_file is_character_file is_directory is_empty is_fifo is_other is_regular_file is_socket "
     "is_symlink "
     "status symlink_status file_size hard_link_count equivalent temp_directory_path weakly_canonical relative "
     "proximate",
     "stat lstat fstatat statx"},
    {"std::filesystem::", "create_directory", "mkdir mkdirat"},
    {"std::filesystem::", "create_directories", "mkdir mkdirat stat lstat fstatat statx"},
    {"std::filesystem::", "create_hard_link", "link"},
    {"std::filesystem::", "create_symlink create_directory_symlink", "symlink"},
    {"std::filesystem::", "read_symlink", "readlink"},
    {"std::filesystem::", "rename", "rename"},
    {"std::filesystem::", "resize_file", "truncate"},
    {"std::filesystem::", "remove", "remove unlink unlinkat rmdir"},
    {"std::filesystem::", "copy copy_file", "stat lstat fstatat statx open"},
    {"std::filesystem::directory_iterator::", "directory_iterator", "opendir open openat"},
    {"std::filesystem::recursive_directory_iterator::", "recursive_directory_iterator", "opendir open openat"},
    {"std::basic_ifstream::", "basic_ifstream open", "fopen open"},
    {"std::basic_ofstream::", "basic_ofstream open", "fopen open"},
    {"std::basic_fstream::", "basic_fstream open", "fopen open"},
    {"std::basic_filebuf::", "open", "fopen open"},
    {"asio::ip::basic_resolver::", "resolve", "getaddrinfo"},
    {"boost::asio::ip::basic_resolver::", "resolve", "getaddrinfo"},
    {"asio::basic_socket::", "connect", "connect"},
    {"boost::asio::basic_socket::", "connect", "connect"},
};

// "std::__cxx11::x" and the like, as some compilers have it.
std::string without_inline_namespaces(llvm::StringRef function) {
  llvm::SmallVector<llvm::StringRef> parts;
  function.split(parts, "::");
  llvm::erase_if(parts, [](llvm::StringRef part) { return part == "__cxx11" || part == "__1" || part == "__fs"; });
  return llvm::join(parts, "::");
}

} // namespace

bool CountedCalls::may_be(llvm::StringRef counted) const { return names.empty() || llvm::is_contained(names, counted); }

CountedCalls counted_calls(llvm::StringRef function, const Seen &seen) {
  CountedCalls calls;
  auto counts = [&](const std::string &name) {
    return llvm::any_of(seen.evidence(), [&](const findings::Evidence &of) { return of.functions.count(name) != 0; });
  };
  if (!function.contains("::")) {
    calls.names = {function.str()};
  } else if (function.starts_with("tenterhook::")) { // the runtime counts its own
    calls.always = llvm::any_of(seen.evidence(), [](const findings::Evidence &of) { return of.sight.tasks; });
    return calls;
  } else {
    std::string name = without_inline_namespaces(function);
    llvm::StringRef rest = name;
    for (const Row &row : rows)
      if (llvm::StringRef last = rest; last.consume_front(row.scope) && llvm::is_contained(llvm::split(row.functions, ' '), last))
        for (llvm::StringRef call : llvm::split(row.calls, ' '))
          calls.names.push_back(call.str());
  }
  // A recorder counts all of them, other sources none.
  calls.always = llvm::any_of(calls.names, counts);
  return calls;
}

} // namespace tenterhook::validate
