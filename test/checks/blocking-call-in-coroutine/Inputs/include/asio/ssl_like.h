// The few declarations of asio::ssl that a test needs.
#pragma once
#include <string>
namespace asio::ssl {
class context {
public:
  void use_certificate_chain_file(const std::string &);
  void use_private_key_file(const std::string &, int format);
  void load_verify_file(const std::string &);
  void set_verify_mode(int);
  void use_certificate_chain(const std::string &);
};
} // namespace asio::ssl
