// getaddrinfo and its errors.
#include <tenterhook/resolve.h>

#include <cerrno>
#include <memory>
#include <netdb.h>

namespace tenterhook {

namespace {

struct category : std::error_category {
  const char *name() const noexcept override { return "getaddrinfo"; }
  std::string message(int code) const override { return gai_strerror(code); }
};

// As a line can show it.
std::string quoted(const std::string &text) {
  std::string shown(1, '\'');
  for (char each : text)
    each == '\0' ? shown += "\\0" : shown += each;
  return shown += '\'';
}

std::vector<endpoint> look_up(const std::string &host, const std::string &service) {
  std::string asked = "resolving " + quoted(host);
  if (!service.empty())
    asked += " and " + quoted(service);
  // getaddrinfo() would look up what is before it.
  for (const std::string *each : {&host, &service})
    if (each->find('\0') != std::string::npos)
      throw std::system_error(each == &host ? EAI_NONAME : EAI_SERVICE, resolve_category(), asked);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo *list = nullptr;
  int code = ::getaddrinfo(host.c_str(), service.empty() ? nullptr : service.c_str(), &wanted, &list);
  if (code != 0) {
    if (code == EAI_SYSTEM)
      throw std::system_error(errno, std::generic_category(), asked);
    throw std::system_error(code, resolve_category(), asked);
  }
  std::unique_ptr<addrinfo, void (*)(addrinfo *)> owner(list, ::freeaddrinfo);
  std::vector<endpoint> found;
  for (addrinfo *each = list; each; each = each->ai_next)
    found.push_back(endpoint::from(each->ai_addr, each->ai_addrlen));
  return found;
}

// Not in the coroutine: g++-12 warns of a frame with a lambda in it where sources are built as one.
future<std::vector<endpoint>> look_up_on(thread_pool &pool, std::string host, std::string service,
                                         const std::source_location &at) {
  return pool.submit([asked = std::move(host), with = std::move(service)] { return look_up(asked, with); }, at);
}

} // namespace

const std::error_category &resolve_category() noexcept {
  static const category only;
  return only;
}

task<std::vector<endpoint>> resolve(thread_pool &pool, std::string host, std::string service, std::source_location at) {
  co_return co_await look_up_on(pool, std::move(host), std::move(service), at);
}

} // namespace tenterhook
