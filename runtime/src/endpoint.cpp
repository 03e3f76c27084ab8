// Addresses to and from text.
#include <tenterhook/endpoint.h>

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/un.h>

namespace tenterhook {

endpoint::endpoint(std::string_view address, std::uint16_t port) {
  std::string text(address);
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const bool is_text = text.find('\0') == std::string::npos; // else inet_pton() sees what is before it
  if (is_text && inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&storage, &v4, size = sizeof v4);
  } else if (is_text && inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&storage, &v6, size = sizeof v6);
  } else {
    throw std::invalid_argument("'" + text.substr(0, text.find('\0')) + (is_text ? "" : "\\0...") +
                                "' is no IPv4 or IPv6 address; resolve() names first");
  }
}

endpoint endpoint::local(std::string_view path) {
  sockaddr_un file{};
  if (path.empty() || path.size() >= sizeof file.sun_path || path.find('\0') != std::string_view::npos)
    throw std::invalid_argument("the path of a socket has 1 to 107 bytes, none of them NUL: '" + std::string(path) + "'");
  file.sun_family = AF_UNIX;
  std::memcpy(file.sun_path, path.data(), path.size());
  endpoint result;
  std::memcpy(&result.storage, &file, result.size = sizeof file);
  return result;
}

endpoint endpoint::from(const sockaddr *address, socklen_t size) {
  if (size > capacity)
    throw std::invalid_argument("an address of " + std::to_string(size) + " bytes is no address of a socket");
  endpoint result;
  std::memcpy(&result.storage, address, result.size = size);
  return result;
}

std::uint16_t endpoint::port() const noexcept {
  sockaddr_in v4;
  sockaddr_in6 v6;
  if (family() == AF_INET)
    return ntohs((std::memcpy(&v4, &storage, sizeof v4), v4.sin_port));
  if (family() == AF_INET6)
    return ntohs((std::memcpy(&v6, &storage, sizeof v6), v6.sin6_port));
  return 0;
}

std::string endpoint::to_string() const {
  char text[INET6_ADDRSTRLEN] = "";
  std::string result; // built by += : g++-12 warns of "[" + std::string (GCC bug 105651)
  if (family() == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &storage, sizeof v4);
    result += inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    result += ':';
    result += std::to_string(port());
    return result;
  }
  if (family() == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &storage, sizeof v6);
    result += '[';
    result += inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    result += "]:";
    result += std::to_string(port());
    return result;
  }
  sockaddr_un file;
  std::memcpy(&file, &storage, sizeof file);
  return file.sun_path;
}

} // namespace tenterhook
