// resolve: the addresses of a name (getaddrinfo, which blocks, on a pool).
//
//   std::vector<endpoint> found = co_await resolve(pool, "example.org", "https");
//   auto connection = co_await tenterhook::socket::connect(found); // the first that answers
//
// Gives stream addresses in the system's order of preference (RFC 6724), at least one. `service` is a port number, a name of
// /etc/services, or empty: port 0.
// Ownership: the pool must outlive the call; the texts are copied.
// Threads: any executor. Resume thread: the one on which it was awaited.
// Errors: std::system_error in the category resolve_category(), with the values EAI_... of <netdb.h>, or in the generic
// one where the system said EAI_SYSTEM; what() names what was asked for. No name and no service has a NUL in it: EAI_NONAME,
// EAI_SERVICE.
// Cancellation: a stop request ends the wait with `cancelled`. The lookup itself cannot be stopped: it goes on on its
// worker until the system gives up, and its answer is dropped; a pool of its own keeps slow lookups from other work.
#ifndef TENTERHOOK_RESOLVE_H
#define TENTERHOOK_RESOLVE_H

#include <tenterhook/endpoint.h>
#include <tenterhook/task.h>
#include <tenterhook/thread_pool.h>

#include <string>
#include <system_error>
#include <vector>

namespace tenterhook {

task<std::vector<endpoint>> resolve(thread_pool &pool, std::string host, std::string service = {},
                                    std::source_location at = std::source_location::current());

const std::error_category &resolve_category() noexcept;

} // namespace tenterhook

#endif
