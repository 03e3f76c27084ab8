// See gathered.h.
#include "timeline/gathered.h"
#include "timeline/rows.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

namespace tenterhook::timeline {
namespace {

// The length from which on `most` of them remain; 0 if all do.
std::int64_t shortest_of_the_longest(std::vector<std::int64_t> &lengths, std::size_t most) {
  if (lengths.size() <= most || lengths.empty())
    return 0;
  auto cut = lengths.begin() + std::ptrdiff_t(std::min(lengths.size() - most, lengths.size() - 1));
  std::nth_element(lengths.begin(), cut, lengths.end());
  return *cut;
}

template <typename Take> void each_row(Picture &picture, Take take) {
  for (Lane &lane : picture.lanes)
    for (auto *spans : {&lane.runs, &lane.stalls, &lane.held})
      take(*spans);
}

} // namespace

void Gathered::take(Picture &part) {
  bool whole = part.is_whole();
  if (whole) {
    picture_ = std::move(part);
    each_row(picture_, [&](std::vector<Span> &spans) { spans_ += spans.size(); });
    for (const TaskBar &task : picture_.tasks)
      slices_ += task.slices.size();
    return;
  }
  if (part.first) {
    picture_.title = part.title;
    picture_.process = part.process;
    picture_.length = part.length;
    picture_.events = part.events;
    picture_.lanes.resize(part.lanes.size());
    picture_.first = picture_.last = false;
  }
  for (auto [lane, to] : llvm::zip(part.lanes, picture_.lanes))
    for (auto [from, into] :
         {std::pair(&lane.runs, &to.runs), std::pair(&lane.stalls, &to.stalls), std::pair(&lane.held, &to.held)})
      for (const Span &span : *from)
        if (!span.told)
          into->push_back(span), ++spans_;
  picture_.captions = part.captions; // what is trouble
  for (TaskBar &task : part.tasks) {
    slices_ += task.slices.size();
    if (task.begins) {
      if (!task.ends)
        open_tasks_[task.id] = picture_.tasks.size();
      picture_.tasks.push_back(std::move(task));
      continue;
    }
    auto found = open_tasks_.find(task.id);
    if (found == open_tasks_.end())
      continue;
    TaskBar &known = picture_.tasks[found->second];
    llvm::append_range(known.slices, task.slices);
    if (!task.ends)
      continue;
    std::tie(known.end, known.caption, known.trouble, known.ends) = std::tuple(task.end, task.caption, task.trouble, true);
    open_tasks_.erase(found);
  }
  std::size_t room = limit_ - std::min(limit_, picture_.flows.size());
  llvm::append_range(picture_.flows, llvm::ArrayRef(part.flows).take_front(room));
  cut_spans(false);
  cut_tasks(false);
  cut_slices(false);
  if (!part.last)
    return;
  for (auto [lane, to] : llvm::zip(part.lanes, picture_.lanes)) {
    lane.runs = std::move(to.runs);
    lane.stalls = std::move(to.stalls);
    lane.held = std::move(to.held);
    nest(lane.runs);
    pack(lane.stalls);
    pack(lane.held);
  }
  part.tasks = std::move(picture_.tasks);
  part.flows = std::move(picture_.flows);
  picture_ = std::move(part);
}

Picture Gathered::finish() {
  cut_spans(true);
  cut_tasks(true);
  cut_slices(true);
  if (picture_.flows.size() > limit_)
    picture_.flows.resize(limit_);
  auto say = [&](std::size_t count, const llvm::Twine &what) {
    if (count)
      picture_.notes.push_back((llvm::Twine(count) + " " + what + " left out of this page").str());
  };
  if (spans_left_out_)
    picture_.notes.push_back((llvm::Twine(spans_left_out_) + " spans shorter than " + llvm::Twine(least_) +
                              " ns are left out of this page; --limit raises the number that is shown, -o run.json has all")
                                 .str());
  say(troubles_left_out_, "spans that are worth a look, the shortest, are");
  say(tasks_left_out_, "tasks, the shortest, are");
  say(slices_left_out_, "stretches in which tasks ran, the shortest, are");
  return std::move(picture_);
}

// Of what shows no trouble the shortest, until `limit` spans remain with the others; and of those, if they are more.
void Gathered::cut_spans(bool last) {
  if (spans_ <= (last ? limit_ : 2 * limit_))
    return;
  std::vector<std::int64_t> lengths, troubles;
  auto is_trouble = [&](const Span &span) { return picture_.captions[span.caption].trouble; };
  each_row(picture_, [&](std::vector<Span> &spans) {
    for (const Span &span : spans)
      (is_trouble(span) ? troubles : lengths).push_back(span.end - span.begin);
  });
  std::int64_t least = 0;
  if (!lengths.empty()) {
    std::size_t keep = std::max<std::size_t>(lengths.size() - std::min(spans_ - limit_, lengths.size()), 1);
    least = shortest_of_the_longest(lengths, keep);
    auto kept = std::size_t(llvm::count_if(lengths, [&](std::int64_t length) { return length >= least; }));
    if (kept + troubles.size() > 2 * limit_)
      ++least; // as many of one length: those go as well
  }
  least_ = std::max(least_, least);
  std::int64_t least_trouble = shortest_of_the_longest(troubles, limit_);
  std::size_t longer = std::size_t(llvm::count_if(troubles, [&](std::int64_t length) { return length > least_trouble; }));
  std::size_t as_long = std::min(troubles.size(), limit_) - std::min(longer, limit_);
  spans_ = 0;
  each_row(picture_, [&](std::vector<Span> &spans) {
    llvm::erase_if(spans, [&](const Span &span) {
      std::int64_t length = span.end - span.begin;
      bool trouble = is_trouble(span);
      bool keep = !trouble ? length >= least : length > least_trouble || (length == least_trouble && as_long && as_long--);
      (trouble ? troubles_left_out_ : spans_left_out_) += !keep;
      return !keep;
    });
    spans_ += spans.size();
  });
}

void Gathered::cut_tasks(bool last) {
  std::vector<TaskBar> &tasks = picture_.tasks;
  if (tasks.size() <= (last ? limit_ : 2 * limit_))
    return;
  auto length = [](const TaskBar &task) { return task.ends ? task.end - task.begin : INT64_MAX; };
  std::vector<std::int64_t> lengths;
  for (const TaskBar &task : tasks)
    lengths.push_back(length(task));
  std::int64_t least = shortest_of_the_longest(lengths, limit_);
  llvm::sort(tasks, [](const TaskBar &a, const TaskBar &b) { return std::tie(a.begin, a.id) < std::tie(b.begin, b.id); });
  std::size_t before = tasks.size(), shown = 0;
  llvm::erase_if(tasks, [&](const TaskBar &task) {
    bool keep = length(task) >= least && (shown < limit_ || (!last && length(task) > least));
    shown += keep;
    if (!keep)
      slices_ -= task.slices.size();
    return !keep;
  });
  tasks_left_out_ += before - tasks.size();
  open_tasks_.clear();
  for (auto [index, task] : llvm::enumerate(tasks))
    if (!task.ends)
      open_tasks_[task.id] = index;
}

void Gathered::cut_slices(bool last) {
  if (slices_ <= (last ? limit_ : 2 * limit_))
    return;
  std::vector<std::int64_t> lengths;
  for (const TaskBar &task : picture_.tasks)
    for (const runs::Slice &slice : task.slices)
      lengths.push_back(slice.end - slice.begin);
  std::int64_t least = shortest_of_the_longest(lengths, limit_);
  std::size_t longer = std::size_t(llvm::count_if(lengths, [&](std::int64_t length) { return length > least; }));
  std::size_t as_long = limit_ - longer; // of the same length the first
  slices_left_out_ += slices_;
  slices_ = 0;
  for (TaskBar &task : picture_.tasks) {
    llvm::erase_if(task.slices, [&](const runs::Slice &slice) {
      std::int64_t length = slice.end - slice.begin;
      return length < least || (length == least && !(as_long && as_long--));
    });
    slices_ += task.slices.size();
  }
  slices_left_out_ -= slices_;
}

} // namespace tenterhook::timeline
