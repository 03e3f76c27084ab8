// One client.
#pragma once
#include "accounts.h"
#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/thread_pool.hpp>

asio::awaitable<void> session(asio::ip::tcp::socket socket, Accounts &accounts, asio::thread_pool &workers);
