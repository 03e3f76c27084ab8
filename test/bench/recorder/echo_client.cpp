// For recorder.py: `echo_client PORT CONNECTIONS REQUESTS`: keeps one request under way on each connection.
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

int main(int count, char **arguments) {
  if (count != 4)
    return 2;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(std::atoi(arguments[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<pollfd> sockets;
  for (int i = 0; i < std::atoi(arguments[2]); ++i) {
    int made = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (connect(made, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
      return 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockets.push_back({made, POLLIN, 0});
  }
  char data[64] = {};
  for (pollfd &each : sockets) {
    if (write(each.fd, data, sizeof data) != sizeof data)
      return 1;
  }
  for (long left = std::atol(arguments[3]); left > 0;) {
    poll(sockets.data(), sockets.size(), -1);
    for (pollfd &each : sockets) {
      if (!(each.revents & POLLIN))
        continue;
      if (read(each.fd, data, sizeof data) <= 0 || write(each.fd, data, sizeof data) <= 0)
        return 1;
      --left;
    }
  }
  data[0] = 'q';
  return write(sockets[0].fd, data, 1) == 1 ? 0 : 1;
}
