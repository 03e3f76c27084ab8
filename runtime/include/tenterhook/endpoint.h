// endpoint: the address of a socket: IPv4, IPv6 or a path (AF_UNIX). A value.
#ifndef TENTERHOOK_ENDPOINT_H
#define TENTERHOOK_ENDPOINT_H

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace tenterhook {

class endpoint {
public:
  // A numeric address ("127.0.0.1", "::1") and a port. Names are resolve()'s (resolve.h). Throws std::invalid_argument.
  endpoint(std::string_view address, std::uint16_t port);
  // 127.0.0.1; port 0 lets the system choose one when listening.
  static endpoint loopback(std::uint16_t port = 0) { return endpoint("127.0.0.1", port); }
  // A socket in the file system; throws std::invalid_argument if the path is too long (107 bytes) or has a NUL in it.
  static endpoint local(std::string_view path);

  // What the system calls an address; throws std::invalid_argument if it is larger than they are.
  static endpoint from(const sockaddr *address, socklen_t size);

  std::uint16_t port() const noexcept; // 0 for a path
  std::string to_string() const;       // "127.0.0.1:80", "[::1]:80", "/run/x.sock"

  const sockaddr *data() const noexcept { return reinterpret_cast<const sockaddr *>(&storage); }
  sockaddr *data() noexcept { return reinterpret_cast<sockaddr *>(&storage); }
  socklen_t size = 0;
  static constexpr socklen_t capacity = sizeof(sockaddr_storage);
  int family() const noexcept { return storage.ss_family; }

private:
  friend class socket;
  endpoint() noexcept = default;
  sockaddr_storage storage{};
};

} // namespace tenterhook

#endif
