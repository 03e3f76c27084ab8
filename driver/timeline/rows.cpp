// See rows.h.
#include "timeline/rows.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

namespace tenterhook::timeline {
namespace {

void sort(std::vector<Span> &spans) {
  auto before = [](const Span &a, const Span &b) {
    return std::tuple(a.begin, -a.end, a.category, a.object, a.caption) <
           std::tuple(b.begin, -b.end, b.category, b.object, b.caption);
  };
  if (!llvm::is_sorted(spans, before))
    llvm::sort(spans, before);
}

} // namespace

void nest(std::vector<Span> &spans, llvm::ArrayRef<Span *> open) {
  sort(spans);
  std::vector<std::int64_t> ends;
  auto place = [&](Span &span) {
    while (!ends.empty() && ends.back() <= span.begin)
      ends.pop_back();
    if (!ends.empty())
      span.end = std::min(span.end, ends.back());
    span.row = std::uint8_t(std::min<std::size_t>(ends.size(), 15));
    ends.push_back(span.end);
  };
  for (Span &span : spans) {
    for (; !open.empty() && open.front()->begin <= span.begin; open = open.drop_front())
      place(*open.front());
    place(span);
  }
  for (Span *span : open)
    place(*span);
}

void pack(std::vector<Span> &spans) {
  sort(spans);
  std::vector<std::int64_t> rows;
  for (Span &span : spans) {
    auto free = llvm::find_if(rows, [&](std::int64_t end) { return end <= span.begin; });
    if (free == rows.end() && rows.size() < 16)
      free = rows.insert(rows.end(), 0);
    if (free == rows.end())
      free = rows.end() - 1;
    *free = span.end;
    span.row = std::uint8_t(free - rows.begin());
  }
}

} // namespace tenterhook::timeline
