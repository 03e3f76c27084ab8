// The timer wheel alone: against a sorted list, the order within a tick, callbacks that cancel.
#include <tenterhook/timer_wheel.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

using namespace tenterhook;

namespace {

struct entry : timer_node {
  std::vector<std::uint64_t> *fired = nullptr;
};

TEST(TimerWheel, AgreesWithASortedListOverRandomOperations) {
  std::mt19937_64 random(7);
  timer_wheel wheel(12345);
  std::vector<entry> entries(2000);
  std::vector<std::uint64_t> fired;
  std::multiset<std::uint64_t> expected;
  std::uint64_t now = 12345;
  for (int step = 0; step < 20000; ++step) {
    entry &one = entries[random() % entries.size()];
    if (one.is_waiting()) {
      expected.erase(expected.find(one.tick));
      timer_wheel::cancel(one);
    } else {
      one.fired = &fired;
      one.fire = [](timer_node *node) noexcept { static_cast<entry *>(node)->fired->push_back(node->tick); };
      std::uint64_t tick = now + random() % (std::uint64_t(1) << (random() % 40));
      wheel.insert(one, tick);
      expected.insert(tick);
    }
    if (step % 16 == 0) {
      now += random() % (std::uint64_t(1) << (random() % 36));
      std::optional<std::uint64_t> next = wheel.next();
      ASSERT_EQ(next.has_value(), !expected.empty());
      if (next) {
        ASSERT_LE(*next, *expected.begin()); // nothing would be slept through
      }
      fired.clear();
      wheel.advance(now);
      std::vector<std::uint64_t> due(expected.begin(), expected.upper_bound(now));
      expected.erase(expected.begin(), expected.upper_bound(now));
      ASSERT_EQ(fired, due); // in order
    }
  }
}

TEST(TimerWheel, OneTickFiresInTheOrderOfInsertion) {
  timer_wheel wheel;
  std::vector<int> order;
  struct numbered : timer_node {
    std::vector<int> *into;
    int number;
  };
  std::vector<numbered> all(100);
  for (int i = 0; i < 100; ++i) {
    all[i].into = &order;
    all[i].number = i;
    all[i].fire = [](timer_node *node) noexcept {
      auto *self = static_cast<numbered *>(node);
      self->into->push_back(self->number);
    };
    wheel.insert(all[i], 100'000); // moves down two levels on its way
  }
  EXPECT_EQ(wheel.advance(99'999), 0u);
  EXPECT_EQ(wheel.advance(100'000), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(TimerWheel, OneTickFiresInTheOrderOfRanks) {
  struct ranked : timer_node {
    std::vector<int> *fired;
    int name;
  };
  std::mt19937 random(7);
  for (std::size_t count : {1u, 2u, 3u, 17u, 1000u}) {
    timer_wheel wheel;
    std::vector<int> fired;
    std::vector<ranked> nodes(count);
    std::vector<int> expected;
    for (std::size_t i = 0; i < count; ++i) {
      nodes[i].fired = &fired;
      nodes[i].name = int(i);
      nodes[i].rank = std::int64_t(random() % (count / 2 + 1));
      nodes[i].fire = [](timer_node *node) noexcept {
        auto *self = static_cast<ranked *>(node);
        self->fired->push_back(self->name);
      };
      wheel.insert(nodes[i], 5000);
      expected.push_back(int(i));
      if (i == count / 2)
        wheel.advance(4990); // some lie on another level than the rest
    }
    std::sort(expected.begin(), expected.end(),
              [&](int a, int b) { return std::pair(nodes[std::size_t(a)].rank, a) < std::pair(nodes[std::size_t(b)].rank, b); });
    wheel.advance(5000);
    EXPECT_EQ(fired, expected);
  }
}

TEST(TimerWheel, CallbacksMayCancelOthersOfTheirTick) {
  timer_wheel wheel;
  struct killer : timer_node {
    killer *victim = nullptr;
    bool ran = false;
  };
  killer first, second;
  first.victim = &second;
  for (killer *one : {&first, &second}) {
    one->fire = [](timer_node *node) noexcept {
      auto *self = static_cast<killer *>(node);
      self->ran = true;
      if (self->victim)
        timer_wheel::cancel(*self->victim);
    };
    wheel.insert(*one, 70);
  }
  EXPECT_EQ(wheel.advance(80), 1u);
  EXPECT_TRUE(first.ran);
  EXPECT_FALSE(second.ran);
  EXPECT_FALSE(wheel.next());
}

} // namespace
