// The audit trail: every transfer is on disk before it is confirmed.
#pragma once
#include <string>

namespace audit {
void record(const std::string &line);
} // namespace audit
