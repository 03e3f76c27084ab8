// Tarjan's algorithm ("Depth-first search and linear graph algorithms", SIAM 1972), without recursion.
#include "program/components.h"
#include "facts/entity.h"
#include <algorithm>

namespace tenterhook::analysis {

std::vector<std::vector<std::uint32_t>> components(const std::vector<std::vector<std::uint32_t>> &successors) {
  const auto count = static_cast<std::uint32_t>(successors.size());
  constexpr std::uint32_t done = facts::none;             // it is in a component
  std::vector<std::uint32_t> number(count, 0);            // in the order of the walk, from 1
  std::vector<std::uint32_t> lowest(count);               // number that it leads back to
  std::vector<std::uint32_t> open;                        // in no component yet
  std::vector<std::pair<std::uint32_t, std::size_t>> way; // with the successor that comes next
  std::uint32_t last = 0;
  std::vector<std::vector<std::uint32_t>> out;
  auto enter = [&](std::uint32_t n) {
    number[n] = lowest[n] = ++last;
    open.push_back(n);
    way.push_back({n, 0});
  };
  for (std::uint32_t root = 0; root < count; ++root) {
    if (number[root])
      continue;
    enter(root);
    while (!way.empty()) {
      auto &[n, next] = way.back();
      if (next < successors[n].size()) {
        const std::uint32_t s = successors[n][next++];
        if (s == facts::none)
          continue;
        if (!number[s])
          enter(s);
        else if (number[s] != done)
          lowest[n] = std::min(lowest[n], number[s]);
        continue;
      }
      const std::uint32_t left = n;
      way.pop_back();
      if (!way.empty())
        lowest[way.back().first] = std::min(lowest[way.back().first], lowest[left]);
      if (lowest[left] != number[left])
        continue;
      const auto first = std::find(open.rbegin(), open.rend(), left).base() - 1;
      out.emplace_back(first, open.end());
      open.erase(first, open.end());
      std::sort(out.back().begin(), out.back().end());
      for (std::uint32_t n : out.back())
        number[n] = done;
    }
  }
  return out;
}

} // namespace tenterhook::analysis
