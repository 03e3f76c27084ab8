// Objects that functions of libraries make of their arguments, and the constructor that these choose.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <any>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

struct Job {
  Job();
  explicit Job(int);
  Job(int, const char *);
  Job(Job *);
  Job(const Job &);
  Job(Job &&);
  Job &operator=(const Job &);
};
struct Other {
  int x;
};
template <class T> struct Any {
  template <class U> Any(U &&);
};

void make(Job *p, Job j) {
  auto a = std::make_unique<Job>();
  auto b = std::make_shared<Job>(1);
  auto c = std::make_optional<Job>(1, "x");
  auto d = std::make_unique<Job>(p);
  auto e = std::make_shared<Job>(j);
  auto f = std::make_shared<Job>(std::move(j));
  auto g = std::make_unique<int>(3);
  auto h = std::make_unique<Any<int>>(3);
  auto i = std::make_unique<Job[]>(3);
  auto k = std::make_shared<const Job>(7);
}
// CHECK-LABEL: function make
// CHECK: call std::make_unique {{.*}}makes Job::Job() 
// CHECK: call std::make_shared(1) {{.*}}makes Job::Job(int) 
// CHECK: call std::make_optional(1, "x") {{.*}}makes Job::Job(int, const char *) 
// CHECK: call std::make_unique(p) {{.*}}makes Job::Job(Job *) 
// CHECK: call std::make_shared(j) {{.*}}makes Job::Job(const Job &) 
// CHECK: call std::make_shared(move(j)) {{.*}}makes Job::Job(Job &&) 
// CHECK: call std::make_unique(3) : std::unique_ptr<int> [prvalue]
// CHECK: call std::make_unique(3) : std::unique_ptr<Any<int>> makes Any<int> [prvalue]
// CHECK: call std::make_unique(3) : std::unique_ptr<Job[]> [prvalue]
// CHECK: call std::make_shared(7) {{.*}}makes Job::Job(int) 

void emplace(std::vector<Job> &v, std::optional<Job> &o, std::map<int, Job> &m, std::variant<int, Job> &u, std::any &any,
             std::vector<std::function<void()>> &fs) {
  v.emplace_back(1);
  v.emplace(v.begin(), 2, "y");
  o.emplace();
  m.try_emplace(3, 4);
  m.emplace(5, Job());
  u.emplace<Job>(6);
  u.emplace<1>(7);
  any.emplace<Job>(8);
  fs.emplace_back([] { return 1; });
  fs.emplace_back([] {});
  fs.push_back([] { return 1; });
  fs[0] = [] { return 2; };
  fs[0] = [] {};
}
// CHECK-LABEL: function emplace
// CHECK: call {{.*}}emplace_back(1) on v {{.*}}makes Job::Job(int) 
// CHECK: call {{.*}}emplace(%{{[0-9]+}}, 2, "y") on v {{.*}}makes Job::Job(int, const char *) 
// CHECK: call {{.*}}emplace on o {{.*}}makes Job::Job() 
// CHECK: call {{.*}}try_emplace(3, 4) on m {{.*}}makes Job::Job(int) 
// CHECK: call {{.*}}emplace(5, %{{[0-9]+}}) on m {{.*}}makes std::pair
// CHECK: call {{.*}}emplace(6) on u {{.*}}makes Job::Job(int) 
// CHECK: call {{.*}}emplace(7) on u {{.*}}makes Job::Job(int) 
// CHECK: call {{.*}}emplace(8) on any {{.*}}makes Job::Job(int) 
// CHECK: call {{.*}}emplace_back({{.*}}makes std::function<void ()> [drops-result]
// CHECK: call {{.*}}emplace_back({{.*}}makes std::function<void ()> -> 
// CHECK: construct std::function<void ()>{{.*}}[drops-result
// CHECK: call {{.*}}push_back
// CHECK: call std::function::operator={{.*}}[drops-result
// CHECK: call std::function::operator=
// CHECK-NOT: drops-result

// What only looks like it.
void neither(std::vector<int> &v) {
  v.emplace_back(1);
  std::thread t([](int) {}, 1);
  std::invoke([](int) {}, 1);
  t.join();
}
// CHECK-LABEL: function neither
// CHECK-NOT: makes
// CHECK: block 1 exit
