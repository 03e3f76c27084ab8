// Source text → facts. Expectations are lines of facts::dump_text without their places.
#include "extract_harness.h"

namespace tenterhook::extract {
namespace {

TEST(Coroutine, GuardIsDestroyedAfterTheAwait) {
  const std::string b = body("task g() { std::lock_guard<std::mutex> lk(m); co_return co_await f(1); }", "g");
  EXPECT_LINE(b, "function g : task [coroutine]");
  EXPECT_LINE(b, "    %0: construct std::lock_guard<std::mutex> lk(m) [prvalue] -> stored lk\n"
                 "    %1: call f(1) : task [prvalue] -> awaited %2\n"
                 "    %2: await %1 {ready task::await_ready, suspend task::await_suspend, resume task::await_resume} "
                 "[prvalue] -> returned\n"
                 "    %3: return %2\n"
                 "    %4: destroy std::lock_guard<std::mutex> lk\n");
}

TEST(Coroutine, OperatorCoAwaitAndAwaitTransformAreFieldsOfTheAwait) {
  const std::string b = body(R"(
    namespace lib { struct event {}; struct awaiter { bool await_ready(); void await_suspend(std::coroutine_handle<>); void await_resume(); };
      awaiter operator co_await(event); }
    struct job { struct promise_type { job get_return_object(); std::suspend_never initial_suspend(); std::suspend_never final_suspend() noexcept;
      void return_void(); void unhandled_exception(); lib::awaiter await_transform(int); lib::event await_transform(lib::event); }; };
    job g() { co_await 3; co_await lib::event{}; })",
                             "g");
  EXPECT_LINE(b, "await 3 {transform job::promise_type::await_transform, ready lib::awaiter::await_ready");
  EXPECT_LINE(b, "{transform job::promise_type::await_transform, operator lib::operator co_await, ready lib::awaiter");
  EXPECT_NO_LINE(b, "call job::promise_type");
}

TEST(Coroutine, GeneratorYieldsWhatIsWritten) {
  const std::string b = body(R"(
    struct gen { struct promise_type { gen get_return_object(); std::suspend_always initial_suspend(); std::suspend_always final_suspend() noexcept;
      std::suspend_always yield_value(int); void return_void(); void unhandled_exception(); }; };
    gen g(int n) { co_yield n; })",
                             "g");
  EXPECT_LINE(b, "[coroutine generator]");
  EXPECT_LINE(b, "    %0: yield n -> discarded");
}

TEST(Coroutine, TypesTellHowTheyStart) {
  const Result r = parsed(std::string(prelude) + R"(
    struct fire { struct promise_type { fire get_return_object(); std::suspend_never initial_suspend(); std::suspend_never final_suspend() noexcept;
      void return_void(); void unhandled_exception(); }; };
    struct own { struct start { bool await_ready() { return false; } void await_suspend(std::coroutine_handle<>); void await_resume(); };
      struct promise_type { own get_return_object(); start initial_suspend(); std::suspend_never final_suspend() noexcept; void return_void(); void unhandled_exception(); }; };
    namespace lib { template <class T> struct later { T value; }; template <class T> struct wait { bool await_ready(); void await_suspend(std::coroutine_handle<>); T await_resume(); };
      template <class T> wait<T> operator co_await(later<T>); }
    fire a(); own b(); lib::later<long> c();
    void use() { a(); b(); c(); f(1); m.lock(); })");
  const facts::TUSummary &s = r.summary;
  EXPECT_TRUE(type_named(s, "fire")->detached);
  EXPECT_EQ(type_named(s, "fire")->initial_suspend, facts::InitialSuspend::eager);
  EXPECT_FALSE(type_named(s, "fire")->awaitable);
  EXPECT_EQ(type_named(s, "own")->initial_suspend, facts::InitialSuspend::lazy);
  EXPECT_EQ(type_named(s, "task")->initial_suspend, facts::InitialSuspend::lazy);
  EXPECT_TRUE(type_named(s, "task")->coroutine);
  EXPECT_TRUE(type_named(s, "task")->awaitable);
  EXPECT_TRUE(type_named(s, "lib::later")->awaitable);
  EXPECT_FALSE(type_named(s, "lib::later")->coroutine);
  EXPECT_TRUE(type_named(s, "std::mutex")->basic_lockable);
  EXPECT_FALSE(type_named(s, "task")->basic_lockable);
}

TEST(Use, EveryFateOfAResult) {
  const std::string b = body(R"(
    void take(task); struct S { task t; task make(); void go(); }; task ret() { co_return 1; } task pass() { return f(0); }
    void g(S &s, bool c) {
      f(1); (void)f(2); static_cast<void>(f(3)); std::ignore = f(4); task a = f(5); a = f(6); s.t = f(7); take(f(8));
      f(9).await_ready(); f(10), f(11); auto b = std::move(f(12)); task d = c ? f(13) : f(14); task e[] = {f(15)};
      if (f(16).await_ready()) {} auto p = std::make_unique<task>(f(17)); [[maybe_unused]] auto &&r = f(18);
    })",
                             "g");
  for (const char *line :
       {"f(1) : task [prvalue] -> discarded", "f(2) : task [prvalue] -> voided", "f(3) : task [prvalue] -> voided",
        "f(4) : task [prvalue] -> voided", "f(5) : task [prvalue] -> stored a", "f(6) : task [prvalue] -> stored a",
        "f(7) : task [prvalue] -> stored s.t", "f(8) : task [prvalue] -> argument %", "f(9) : task [prvalue] -> receiver %",
        "f(10) : task [prvalue] -> discarded", "f(11) : task [prvalue] -> discarded", "f(13) : task [prvalue] -> stored d",
        "f(14) : task [prvalue] -> stored d", "f(15) : task [prvalue] -> stored e", "f(17) : task [prvalue] -> argument %",
        "f(18) : task [prvalue] -> stored r"})
    EXPECT_LINE(b, line);
  EXPECT_LINE(b, ": bool [prvalue] -> condition");
}

TEST(Use, ReturnedAndStoredInMembers) {
  const std::string code = R"(
    task pass() { return f(0); }
    struct S { task t; std::unique_ptr<task> p; S() : t(f(1)), p(std::make_unique<task>(f(2))) {} };
    S s;)";
  EXPECT_LINE(body(code, "pass"), "call f(0) : task [prvalue] -> returned\n");
  EXPECT_LINE(body(code, "S::S"), "call f(1) : task [prvalue] -> stored this->t\n");
  EXPECT_LINE(body(code, "S::S"), "[prvalue] -> stored this->p\n");
}

TEST(Paths, PointersReferencesAndSmartPointers) {
  const std::string b = body(R"(
    struct In { std::mutex m; }; struct S { In in; In *raw; std::unique_ptr<In> own; std::mutex all[3]; void go(); };
    void S::go() { in.m.lock(); raw->m.lock(); own->m.lock(); (*own).m.lock(); own.get()->m.lock(); all[1].lock(); (&in)->m.lock(); (*(&in)).m.lock();
      this->in.m.lock(); auto *p = &in.m; p->lock(); })",
                             "S::go");
  EXPECT_LINE(b, "call std::mutex::lock on this->in.m -> discarded");
  EXPECT_LINE(b, "call std::mutex::lock on this->raw->m -> discarded");
  EXPECT_LINE(b, "call std::mutex::lock on this->all[1] -> discarded");
  EXPECT_LINE(b, "call std::mutex::lock on *p -> discarded");
  EXPECT_LINE(b, "call std::unique_ptr::operator-> on this->own : In * [prvalue implicit]");
  std::size_t own = 0, in = 0;
  for (std::size_t at = 0; (at = b.find("lock on this->own->m", at)) != std::string::npos; ++at)
    ++own;
  for (std::size_t at = 0; (at = b.find("lock on this->in.m", at)) != std::string::npos; ++at)
    ++in;
  EXPECT_EQ(own, 3u) << b;
  EXPECT_EQ(in, 4u) << b;
}

TEST(Paths, MovesAndConstants) {
  const std::string b = body(R"(
    enum E { none_, some = 4 }; constexpr int flag = 8; void k(int, E, bool, const char *, void *); void sleep(std::chrono::milliseconds);
    void g() { std::unique_lock<std::mutex> a(m, std::defer_lock); auto b = std::move(a); k(flag | 1, some, true, "text", nullptr);
      sleep(0ms); sleep(std::chrono::seconds(2)); sleep(std::chrono::milliseconds{5}); sleep(std::chrono::milliseconds::zero()); })",
                             "g");
  EXPECT_LINE(b, "construct std::unique_lock<std::mutex> a(m, std::defer_lock) [prvalue] -> stored a");
  EXPECT_LINE(b, "construct std::unique_lock<std::mutex> b(move(a)) [prvalue] -> stored b");
  EXPECT_LINE(b, "call k(9, 4, 1, \"text\", null) -> discarded");
  for (const char *line : {"call sleep(0)", "call sleep(2000)", "call sleep(5)"})
    EXPECT_LINE(b, line);
}

TEST(Branches, TryLockInItsForms) {
  const std::string b = body(R"(extern "C" int trylock(void *); extern "C" int word;
    int g() { if (!m.try_lock()) return 1; bool ok = m.try_lock(); if (ok) m.unlock(); if (trylock(&m) == 0) return 2;
      std::unique_lock<std::mutex> lk(m, std::try_to_lock); if (lk && word == 3) return 3; while (word != 5) {} return 0; })",
                             "g");
  EXPECT_LINE(b, "call std::mutex::try_lock on m : bool [prvalue] -> condition\n    if !%0 then");
  EXPECT_LINE(b, "call std::mutex::try_lock on m : bool [prvalue] -> stored ok");
  EXPECT_LINE(b, "    if ok then");
  EXPECT_LINE(b, "call trylock(&m) : int [prvalue] -> condition\n    if !%");
  EXPECT_LINE(b, "call std::unique_lock::operator bool on lk : bool [prvalue implicit] -> condition\n    if %");
  EXPECT_LINE(b, "    if word == 3 then");
  EXPECT_LINE(b, "    if word != 5 then");
}

TEST(Handlers, AreReachedFromWhereTheTryBlockBeginsAndEnds) {
  const Result r =
      parsed("void f(); void g(); struct G { G(); ~G(); }; void h() { G a; try { G b; f(); } catch (int) { g(); } }\n"
             "void loop() { try { for (;;) f(); } catch (...) { g(); } }");
  for (const char *name : {"h", "loop"}) {
    const facts::Function &f = *function_named(r.summary, name);
    std::vector<bool> seen(f.blocks.size());
    std::vector<facts::BlockId> todo{0};
    while (!todo.empty()) {
      const facts::BlockId at = todo.back();
      todo.pop_back();
      if (at == facts::none || seen[at])
        continue;
      seen[at] = true;
      for (facts::BlockId next : f.blocks[at].succs)
        todo.push_back(next);
    }
    bool handler = false;
    for (std::size_t b = 0; b < f.blocks.size(); ++b)
      for (facts::OpId op = f.blocks[b].first; op < f.blocks[b].first + f.blocks[b].count; ++op)
        handler |= seen[b] && f.ops[op].in_unevaluated_catch;
    EXPECT_TRUE(handler) << body(r.summary, name);
  }
}

TEST(Handlers, BranchesStayBinary) {
  const Result r =
      parsed("void f(); void h(int k) { while (k) { try { if (k == 1) continue; if (k == 2) break; f(); } catch (...) {} } }");
  for (const facts::Block &block : function_named(r.summary, "h")->blocks)
    EXPECT_TRUE(!block.branch.present || block.succs.size() == 2);
}

TEST(Closures, CapturesNameTheirSources) {
  const std::string code = R"(
    struct S { int n; std::shared_ptr<S> self; void go(int k) {
      auto a = [this, &k, s = std::move(self), c = k] { n = k + c; s->n = 1; };
      a(); std::function<void()> h = [] { f(1); }; h(); [&k] { k = 2; }(); auto generic = [](auto x) { return x; }; generic(3); } };)";
  const std::string outer = body(code, "S::go");
  EXPECT_LINE(outer, "call S::go::(lambda) on a -> discarded");
  EXPECT_LINE(outer, "construct std::function<void ()> h(closure S::go::(lambda)) [prvalue] -> stored h");
  EXPECT_LINE(outer, "-> receiver %");
  EXPECT_LINE(outer, "call S::go::(lambda)(3) on generic : int");
  const std::string inner = body(code, "S::go::(lambda)");
  EXPECT_LINE(inner, "  in S::go\n");
  EXPECT_LINE(inner, "  capture this : S * = this\n");
  EXPECT_LINE(inner, "  capture &k : int = k\n");
  EXPECT_LINE(inner, "= move(this->self)\n");
  EXPECT_LINE(inner, "write this->n = ?");
  EXPECT_LINE(inner, "write [s]->n = 1");
}

TEST(Accesses, ReadsWritesAndAddresses) {
  const std::string b = body(
      R"(int global; const int fixed = 3; struct S { int a, b; int *p; void k(int); int &go() { a = b; ++a; a += 2; k(b); int local = a; local = 5; p = &b;
    int &r = b; *p = fixed; global--; return a; } };)",
      "S::go");
  for (const char *line : {"read this->b\n", "write this->a = this->b\n", "read-write this->a += 1\n",
                           "read-write this->a += 2\n", "write local = this->a\n", "write local = 5\n", "write *this->p = 3\n",
                           "address this->b\n", "read-write global -= 1\n", "address this->a\n"})
    EXPECT_LINE(b, line);
  EXPECT_NO_LINE(b, "read local");
  EXPECT_NO_LINE(b, "fixed");
}

TEST(Calls, VirtualFinalQualifiedAndThroughValues) {
  const std::string b = body(R"(
    struct V { virtual void run(); virtual void stop(); }; struct W final : V { void run() override; };
    void fn(int); void g(V &v, V by_value, W &w, void (*p)(int), std::function<void(int)> h, void (V::*pm)()) {
      v.run(); by_value.run(); w.run(); v.V::run(); p(1); h(2); (v.*pm)(); p = fn; p = &fn; auto q = &V::stop; })",
                             "g");
  EXPECT_LINE(b, "call V::run on v [virtual] -> discarded");
  EXPECT_LINE(b, "call V::run on by_value -> discarded");
  EXPECT_LINE(b, "call W::run on w -> discarded");
  EXPECT_LINE(b, "call V::run on v -> discarded");
  EXPECT_LINE(b, "call ?(1) on p -> discarded");
  EXPECT_LINE(b, "call std::function::operator()(2) on h -> discarded");
  EXPECT_LINE(b, "call ? on pm -> discarded");
  EXPECT_LINE(b, "write p = &fn");
  EXPECT_LINE(b, "write q = &V::stop");
}

TEST(Bodies, InstantiationsLocalClassesAndDestructors) {
  const Result r = parsed(R"(
    template <class T> T twice(T t) { return t + t; } template <class T> struct Box { T t; T get() { return t; } ~Box() {} };
    struct M { ~M(); }; struct D { M a; M b; ~D() {} }; template <class T> void never(T t) { t.x(); }
    int use() { struct L { int n() { return 7; } } l; Box<int> b{3}; return twice(1) + int(twice(2.0)) + b.get() + l.n(); })");
  const facts::TUSummary &s = r.summary;
  EXPECT_EQ(std::ranges::count_if(s.functions,
                                  [&](const facts::Function &f) { return s.str(s.entities[f.entity].qualified) == "twice"; }),
            2);
  ASSERT_NE(function_named(s, "Box::get"), nullptr);
  EXPECT_EQ(function_named(s, "never"), nullptr);
  const facts::Function *local = function_named(s, "use::L::n");
  ASSERT_NE(local, nullptr);
  EXPECT_TRUE(local->has_constant_return);
  EXPECT_EQ(local->constant_return, 7);
  EXPECT_EQ(local->enclosing, function_named(s, "use")->entity);
  EXPECT_LINE(body(s, "D::~D"), "destroy M this->b\n    %1: destroy M this->a\n");
  EXPECT_EQ(r.summary.bodies_seen, s.functions.size());
}

TEST(Bodies, AggregatesOfEitherBracket) {
  const std::string code = "struct A { std::mutex &m; int n; }; A g() { A a{m, 1}; A b(m, 2); return {m, 3}; }";
  for (const char *line : {"construct A a(m, 1) [prvalue] -> stored a", "construct A b(m, 2) [prvalue] -> stored b",
                           "construct A %2(m, 3) [prvalue] -> returned"})
    EXPECT_LINE(body(code, "g"), line);
}

TEST(Places, AreWhereAPersonWrote) {
  const Result r = parsed("void f(int);\n#define LOCK(x) do { f(x); } while (0)\n#define TWO f(1)\nvoid g() {\n  "
                          "LOCK(\n    7);\n  TWO;\n}\n");
  std::vector<std::uint32_t> lines;
  for (const facts::Operation &op : function_named(r.summary, "g")->ops)
    lines.push_back(op.place.line);
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{5, 7}));
}

TEST(Names, InlineAndAnonymousNamespacesVanish) {
  const Result r = parsed(R"(
    namespace a { inline namespace v1 { namespace { struct S { void go() { k = 1; } int k; }; } template <class T> struct V { V() {} }; } }
    extern "C" { void c_fn() {} } static void local() {} inline void shared() { auto l = [] {}; auto k = [] {}; l(); k(); }
    void use() { a::S().go(); a::V<int> v; c_fn(); local(); shared(); })");
  const facts::TUSummary &s = r.summary;
  ASSERT_NE(function_named(s, "a::S::go"), nullptr);
  EXPECT_TRUE(s.entities[function_named(s, "a::S::go")->entity].internal_linkage);
  EXPECT_NE(function_named(s, "a::V::V"), nullptr);
  EXPECT_NE(function_named(s, "c_fn"), nullptr);
  EXPECT_EQ(s.entities[function_named(s, "local")->entity].name.build_namespace, "/src/main.cpp");
  EXPECT_EQ(s.entities[function_named(s, "shared")->entity].name.build_namespace, "");
  std::set<facts::EntityName> names;
  for (const facts::Function &f : s.functions)
    EXPECT_TRUE(names.insert(s.entities[f.entity].name).second);
}

TEST(Names, AnnotationsAndEffects) {
  const Result r = parsed(
      R"([[clang::annotate("tenterhook::blocking")]] void a(); void b() [[clang::nonblocking]]; void c() [[clang::blocking]];
    void use() { a(); b(); c(); })");
  auto annotations = [&](llvm::StringRef name) {
    std::vector<std::string> out;
    for (const facts::Entity &e : r.summary.entities)
      if (r.summary.str(e.qualified) == name)
        for (facts::StringId id : e.annotations)
          out.push_back(r.summary.str(id));
    return out;
  };
  EXPECT_EQ(annotations("a"), std::vector<std::string>{"tenterhook::blocking"});
  EXPECT_EQ(annotations("b"), std::vector<std::string>{"clang::nonblocking"});
  EXPECT_EQ(annotations("c"), std::vector<std::string>{"clang::blocking"});
}

TEST(Registry, LeavesOutWhatAnotherUnitGave) {
  BodyRegistry registry;
  Options options;
  options.registry = &registry;
  const Files header{{{"/src/h.h", "inline int twice(int n) { auto l = [n] { return n; }; return l() + n; }\n#ifdef "
                                   "WIDE\n#define K 2\n#else\n#define K 1\n#endif\n"
                                   "inline int k() { return K; }\n"}}};
  const std::string code = "#include \"h.h\"\nint main() { return twice(1) + k(); }";
  const Result first = parsed(code, {"-std=c++20"}, options, header);
  EXPECT_EQ(first.summary.shared_bodies.size(), 0u);
  registry.publish(first.summary);
  const Result second = parsed("\n" + code, {"-std=c++20", "-DWIDE"}, options, header);
  EXPECT_EQ(function_named(second.summary, "twice"), nullptr);
  EXPECT_EQ(second.summary.shared_bodies.size(), 1u);
  EXPECT_NE(function_named(second.summary, "k"), nullptr) << "the macro makes it another body";
}

TEST(Suppressions, AreClangTidys) {
  const Result r =
      parsed("#include \"h.h\"\nint a; // NOLINT\nint b; // NOLINT(tenterhook-*, other)\n// NOLINTNEXTLINE(x)\nint c;\n"
             "// NOLINTBEGIN(y)\nint d;\n// NOLINTEND(y)\n// NOLINTBEGIN\nint e;\nint NOLINTED;\nint f; // NOLINT()\n",
             {}, {}, {{{"/src/h.h", "int h; // NOLINT(z)\n"}}});
  std::vector<std::string> got;
  for (const facts::Suppression &s : r.summary.suppressions) {
    std::string line = r.summary.str(s.file) + ":" + std::to_string(s.first_line) + "-" + std::to_string(s.last_line);
    for (facts::StringId check : s.checks)
      line += " " + r.summary.str(check);
    got.push_back(line);
  }
  EXPECT_EQ(got, (std::vector<std::string>{"/src/main.cpp:2-2", "/src/main.cpp:3-3 tenterhook-* other", "/src/main.cpp:5-5 x",
                                           "/src/main.cpp:6-8 y", "/src/h.h:1-1 z"}));
  EXPECT_EQ(r.summary.files.size(), 2u);
  EXPECT_EQ(r.summary.str(r.summary.files[0]), "/src/main.cpp");
}

TEST(Command, ForeignFlagsAreDroppedAndNothingIsWritten) {
  const Result r = parsed("int main() {}",
                          {"-std=c++20", "-fno-such-flag", "-Werror", "-Wall", "-MD", "-MF", "/no/such/dir/x.d", "-c", "-o",
                           "CMakeFiles/app.dir/main.cpp.o", "-fconcepts-diagnostics-depth=3", "-Wl,--as-needed", "-save-temps"});
  EXPECT_EQ(r.dropped_flags, (std::vector<std::string>{"-fno-such-flag", "-fconcepts-diagnostics-depth=3"}));
  EXPECT_EQ(r.summary.target, "app");
  EXPECT_TRUE(r.parsed);
}

TEST(Command, UnknownProcessorsDoNotStopTheParse) {
  const Result r = parsed("int main() {}", {"-march=no-such-cpu", "-mno-such-feature"});
  EXPECT_EQ(r.summary.functions.size(), 1u);
  EXPECT_EQ(r.dropped_flags.size(), 2u);
}

TEST(Command, PrecompiledHeadersOfOthersAreReadAsText) {
  const Result r = parsed("int main() { return pre(); }", {"-Xclang", "-include-pch", "-Xclang", "/src/pre.hxx.pch"}, {},
                          {{{"/src/pre.hxx", "inline int pre() { return 1; }"}, {"/src/pre.hxx.pch", "not Clang's"}}});
  EXPECT_NE(function_named(r.summary, "pre"), nullptr);
}

TEST(Command, ErrorsSayWhy) {
  auto message = [](llvm::Expected<Result> r) { return r ? std::string("no error") : llvm::toString(r.takeError()); };
  EXPECT_NE(message(run("", {}, {}, {}, "/src/a.s")).find("/src/a.s: cannot read this compile command"), std::string::npos);
  Command gone;
  gone.file = "/src/gone.cpp";
  gone.argv = {"clang++", "/src/gone.cpp"};
  EXPECT_EQ(message(extract(gone, {}, llvm::vfs::createPhysicalFileSystem())),
            "/src/gone.cpp: no such file; rebuild the compilation database");
}

TEST(Command, SourceErrorsLeaveTheOtherBodies) {
  llvm::Expected<Result> r = run("#include \"missing.h\"\nvoid good() { int x = 1; (void)x; }\nvoid bad() { undeclared(); }\n");
  ASSERT_TRUE(static_cast<bool>(r)) << llvm::toString(r.takeError());
  EXPECT_FALSE(r->parsed);
  ASSERT_FALSE(r->summary.errors.empty());
  EXPECT_EQ(r->summary.errors[0].place.line, 1u);
  EXPECT_FALSE(static_cast<bool>(facts::validate(r->summary)));
  const facts::Function *good = function_named(r->summary, "good");
  ASSERT_NE(good, nullptr);
  EXPECT_FALSE(good->ops.empty());
  EXPECT_EQ(r->summary.capped_bodies, 0u);
}

TEST(Command, LargeBodiesAreCounted) {
  Options options;
  options.max_block_count = 8;
  std::string code = "void f(); void g(int n) {";
  for (int i = 0; i < 10; ++i)
    code += "if (n) f();";
  const Result r = parsed(code + "}", {}, options);
  EXPECT_EQ(r.summary.capped_bodies, 1u);
  EXPECT_TRUE(function_named(r.summary, "g")->ops.empty());
}

// However deep an else-if chain is nested, it is extracted as a whole, or counted as left out, and so is nothing else.
TEST(Command, LongElseIfChains) {
  auto chain = [](int length, std::uint32_t max_block_count) {
    Options options;
    options.max_block_count = max_block_count;
    std::string code = "void f(int); void before() { f(-1); } void g(int n) {";
    for (int i = 0; i < length; ++i)
      code += "if (n == " + std::to_string(i) + ") f(" + std::to_string(i) + "); else ";
    return parsed(code + "f(-1); } void after() { f(-1); }", {}, options);
  };
  const Result whole = chain(2500, Options().max_block_count), capped = chain(2500, 4000);
  EXPECT_EQ(whole.summary.capped_bodies, 0u);
  EXPECT_EQ(llvm::count_if(function_named(whole.summary, "g")->ops,
                           [](const facts::Operation &op) { return op.kind == facts::OpKind::call; }),
            2501);
  EXPECT_EQ(capped.summary.capped_bodies, 1u);
  EXPECT_TRUE(function_named(capped.summary, "g")->ops.empty());
  EXPECT_EQ(function_named(capped.summary, "before")->ops.size(), 1u);
  EXPECT_EQ(function_named(capped.summary, "after")->ops.size(), 1u);
}

TEST(Command, CFiles) {
  auto r = run("struct s { int n; }; int read(int, void *, unsigned long); static int k; int g(struct s *p) { p->n = "
               "k; return read(p->n, 0, 3); }\n",
               {"-std=gnu11"}, {}, {}, "/src/a.c");
  ASSERT_TRUE(static_cast<bool>(r)) << llvm::toString(r.takeError());
  const std::string b = body(r->summary, "g");
  EXPECT_LINE(b, "write p->n = k");
  EXPECT_LINE(b, "call read(p->n, null, 3)");
}

// Of a variable in a header, one TU gives the initializer and the others refer to it.
TEST(Initializers, SharedBetweenTranslationUnits) {
  const Files header{{{"/src/h.h", "int f(); inline int a = f(); static int b = f();"}}};
  BodyRegistry registry;
  Options options;
  options.registry = &registry;
  const Result first = parsed("#include \"h.h\"\nint c = f();", {"-std=c++20"}, options, header);
  registry.publish(first.summary);
  const Result second = parsed("#include \"h.h\"\nint c = f();", {"-std=c++20"}, options, header);
  ASSERT_NE(function_named(first.summary, "dynamic initializer for 'a'"), nullptr);
  EXPECT_TRUE(function_named(first.summary, "dynamic initializer for 'a'")->before_main);
  EXPECT_EQ(first.summary.functions.size(), 3u);
  EXPECT_TRUE(second.summary.functions.empty());
  EXPECT_EQ(second.summary.shared_bodies.size(), 3u);
}

TEST(Initializers, OnlyConstantOnesInC) {
  auto r = run("int f(void); int *p; static int n = 3; int *q = &n;\n", {"-std=gnu11"}, {}, {}, "/src/a.c");
  ASSERT_TRUE(static_cast<bool>(r)) << llvm::toString(r.takeError());
  ASSERT_EQ(r->summary.functions.size(), 2u); // of n and q
  for (const facts::Function &f : r->summary.functions)
    EXPECT_TRUE(f.constant_init && !f.before_main);
}

TEST(Determinism, SameBytesTwice) {
  const std::string code =
      std::string(prelude) +
      "task g(int n) { auto l = [n](auto x) { return f(x + n); }; co_await l(1); co_return co_await l(2L); }";
  EXPECT_EQ(facts::encode(parsed(code).summary), facts::encode(parsed(code).summary));
}

TEST(Determinism, ThreadsDoNotMeet) {
  const std::string code = std::string(prelude) + "task g(int n) { std::lock_guard<std::mutex> l(m); co_return co_await f(n); }";
  const std::string alone = facts::encode(parsed(code).summary);
  std::vector<std::string> got(3);
  std::vector<std::thread> threads;
  for (std::string &bytes : got)
    threads.emplace_back([&bytes, &code] {
      if (llvm::Expected<Result> r = run(code))
        bytes = facts::encode(r->summary);
      else
        llvm::consumeError(r.takeError());
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const std::string &bytes : got)
    EXPECT_EQ(bytes, alone);
}

TEST(Branches, ComparisonsOfTwoVariablesNameNothing) {
  const Result r = parsed("bool h(); int g(int a, int b) { if (!(a == b)) return 1; if (h() != false) return 2; return 0; }");
  std::vector<facts::Branch> present;
  for (const facts::Block &block : function_named(r.summary, "g")->blocks)
    if (block.branch.present)
      present.push_back(block.branch);
    else
      EXPECT_FALSE(block.branch.negated);
  ASSERT_EQ(present.size(), 1u);
  EXPECT_FALSE(present[0].negated);
  EXPECT_FALSE(present[0].compares);
}

} // namespace
} // namespace tenterhook::extract
