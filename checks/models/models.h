// What libraries do, as data: which functions block, which types lock, which calls start or move work.
//
// One descriptor a function or type, keyed by qualified name without template arguments and inline namespaces
// ("std::condition_variable::wait"). Read from YAML (models/data/*.yaml are built in; users add more in
// .tenterhook.yaml). Immutable after loading, so thread-safe. docs/models.md describes the YAML.
#ifndef TENTERHOOK_CHECKS_MODELS_MODELS_H
#define TENTERHOOK_CHECKS_MODELS_MODELS_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tenterhook::models {

// What a blocked thread waits for.
enum class BlockClass : std::uint8_t {
  wait,
  sleep,
  socket,
  pipe,
  terminal,
  disk,
  name_lookup,
  process,
  lock,
  database,
  http,
  cpu
};
llvm::StringRef to_string(BlockClass c);
std::optional<BlockClass> block_class(llvm::StringRef name);

// In Condition::arg and Blocks::fd_arg: the object on which the function is called.
inline constexpr int receiver_arg = -2;

// A test on the arguments of one call. All that is not known makes a condition false.
enum class ConditionKind : std::uint8_t {
  arg_zero,           // argument `arg` is the constant 0 (or a zero duration)
  arg_equals,         // argument `arg` is the constant `value`
  arg_has_flag,       // argument `arg` is a constant with (arg & value) != 0
  arg_lacks_flag,     // argument `arg` is a constant with (arg & value) == 0
  arg_null,           // argument `arg` is null
  arg_count,          // the call has `value` written arguments
  arg_type,           // argument `arg` has (or derives from) the class named `text`
  fd_nonblocking,     // argument `arg` is a descriptor that the program has set to non-blocking
  fd_datagram,        // argument `arg` is a socket without connections
  arg_global,         // argument `arg` is (the address of) the global variable named `text`: stdin, std::cin
  arg_no_time,        // argument `arg` points to a time (timeval, timespec) all of whose fields are 0
  arg_past,           // argument `arg` is a point in time that is not in the future
  arg_callable,       // argument `arg` is a closure, a function, or an object of a callable type
  arg_integer,        // argument `arg` is a number
  arg_count_at_least, // the call has `value` or more written arguments
};
struct Condition {
  ConditionKind kind = ConditionKind::arg_zero;
  int arg = 0; // 0-based; -1: the last written argument; receiver_arg: the object the function is called on
  std::int64_t value = 0;
  std::string text; // of arg_has_flag: the field of what argument `arg` points to; empty: the argument itself
};

// Whose object a clause speaks of.
struct Subject {
  enum Kind : std::uint8_t { receiver, argument, all_arguments, result } kind = receiver;
  int arg = 0; // argument: 0-based; -1: the last that the caller wrote (defaulted ones follow it)
};

struct Blocks {
  BlockClass cls = BlockClass::wait;
  std::vector<Condition> when;     // all must hold (empty: always)
  std::vector<Condition> unless;   // none may hold
  bool fd = false;                 // depends on the mode of the descriptor in argument `fd_arg`
  int fd_arg = 0;                  // receiver_arg: the receiver wraps the descriptor
  std::optional<int> bytes;        // the argument that says how many it writes: what `fd` names may have room for them
  bool reads = false;              // it waits for data at `fd`: not where a question (`ready_unless`) said that there are some
  bool possible = false;           // whether it waits hangs on what the call does not show
  bool parks_fiber = false;        // in a fiber, only that waits: its thread runs others meanwhile
  std::optional<Subject> releases; // a lock (or a guard of it) that is not held while the thread waits: cv.wait(lock)
  std::string what;                // never empty; completes "the thread …": "sleeps", "waits for the child process"
  std::string instead;             // advice, where there is a better one than the class's own; may be empty
};

enum class LockAction : std::uint8_t { acquire, release, try_acquire };
struct LockClause { // a manual operation on a lock: m.lock(), pthread_mutex_lock(&m), std::lock(a, b)
  LockAction action;
  Subject subject;
  bool shared = false;
  std::optional<std::int64_t> success_is; // try_acquire: what it returns then; none: anything but 0
};

// Where work runs.
enum class Executor : std::uint8_t {
  unknown,
  inherited, // where the caller runs
  loop,      // an event loop: blocking stops others
  pool,      // worker threads that may block
  thread,    // a thread of its own
  fiber,     // a stack of its own on an event loop's thread: what parks fibers does not stop the others
};
struct ExecutorClause { // "runs on": the executor that a subject's value denotes, else the fixed kind
  Executor fixed = Executor::unknown;
  std::optional<Subject> from; // then: the kind of this subject's type or value
};

// What happens to a callable (or a coroutine object) given to the function. A callable argument to which no clause
// applies is called in place.
struct CallbackClause {
  Subject subject;             // which argument; all_arguments: every callable among them
  bool in_place = true;        // called before the function returns, on this thread; false: later
  bool once = false;           // in place: at most once, however often the function is called for the same flag
  ExecutorClause on;           // where, if later
  bool result_dropped = false; // what it gives is not looked at: a thread's function, a completion handler
  // It is a method of this subject, perhaps told by a string ("1save()"), and runs on the thread in which that lives.
  std::optional<Subject> slot_of;
  std::vector<Condition> when, unless; // as in Blocks
};

enum class ConditionAction : std::uint8_t { wait, notify_one, notify_all };
struct ConditionVariableClause { // what the function does to a condition variable
  ConditionAction action = ConditionAction::wait;
  Subject condition;
  std::optional<Subject> lock; // wait: the lock or guard it gives up meanwhile
  int predicate = -1;          // wait: the argument that, if written, is the predicate; -1: there is no such form
};

// How a function treats its object, for guards whose methods are not in GuardType's lists.
struct FunctionModel {
  std::string name;
  std::string library;        // name of the model file: "std", "posix", "asio"
  bool builtin = false;       // comes with the tool, not from a user's configuration
  std::vector<Blocks> blocks; // the first clause that applies counts
  bool nonblocking = false;   // known not to block, whatever its body seems to do
  std::vector<LockClause> locks;
  std::optional<LockClause> returns_guard; // the result is a guard (GuardType) that holds this subject's lock
  std::vector<CallbackClause> callbacks;
  std::optional<ExecutorClause> await_resumes_on; // co_await of the result goes on there
  std::optional<ExecutorClause> result_executor;  // the result is (a handle of) this executor
  std::optional<Executor> moves_to;               // its object lives there afterwards, as others of its class may
  std::optional<Executor> called_on;              // programs define it, and the library calls it there
  bool generated = false;                         // a tool of the library writes its body: nobody is told of what stands in it
  std::optional<Subject> sets_nonblocking;        // a descriptor becomes non-blocking …
  std::vector<Condition> sets_nonblocking_when, sets_nonblocking_unless; // as in Blocks
  bool opens_descriptor = false;                                         // the result (or *arg) is a descriptor, blocking …
  std::vector<Condition> opens_nonblocking_when;                         // … unless one of these holds
  std::vector<Condition> opens_datagram_when;                            // one holds: a socket without connections
  std::int64_t opens_with_room = 0;                                      // so many bytes it takes at once while it is new: a pipe
  bool discard_allowed = false;                                          // the awaitable it returns may be dropped …
  std::vector<Condition> discard_when, discard_unless;                   // … under these conditions, as in Blocks
  bool expects_exception = false; // what it is given to run is meant to throw (for a macro: what is written in it)
  std::optional<std::int64_t> ready_if, ready_unless; // it asks its object: answered so (not so), that is ready
  bool asserts = false;                               // returns only if what it is given is as it should be
  bool gives_ready = false;                           // what it gives, or what an await of that gives, is ready, or holds what is
  bool ready_arguments = false;                       // calls its callables with what is ready
  bool waits_for_events = false;                      // for whichever of several descriptors is ready: poll, epoll_wait
  bool runs_executor = false;                         // the calling thread runs what its object, an executor, is given
  bool forks = false;                                 // 0: the calling thread is one of a new process, whose loop is its own
  bool asks_thread = false;                           // true: the calling thread is the one of the object, an event loop
  bool gives_up = false;        // its object owns nothing afterwards, nor does it wait for anything: release(), detach()
  bool current_thread = false;  // gives the calling thread's name
  bool past_time = false;       // gives a point in time that is not in the future
  bool runs_awaitable = false;  // drives its awaitable argument to completion on this thread (sync_wait)
  bool returns_subject = false; // identity on its first argument or receiver (std::move, std::ref, std::forward, get())
  int returned_arg = 0;         // returns_subject: on this argument instead of the first (bind_executor(ex, f): 1)
  std::optional<Blocks> result_destructor_blocks; // destroying the result waits (the future of std::async)
  std::optional<Subject> joins; // when it returns, the work this subject stands for is over: thread.join(), future.get()
  std::optional<Subject> signals, awaits, awaits_true; // lets others go on / returns after that / … where it gives true
  // Only one of several callers gets this answer: what was there before is 0 / it is true / it equals some constant.
  std::optional<Subject> claims_zero, claims_true, claims_equal;
  std::optional<Subject> result_stands_for; // to wait for the result is to wait for this
  std::optional<int> handle;                // the argument by which somebody waits for the thread that it starts
  bool asks_running = false;                // false: there is no thread to wait for in its object
  bool hidden_state = false;                // writes memory of its library's own, which other calls read and write
  bool atomic_access = false;               // its first argument points to what it reads or writes atomically
  bool reads_object = false;                // only reads its object, though it is not const
  bool writes_variadic = false;             // through the pointers among its variadic arguments
  std::optional<ConditionVariableClause> condition_variable;
  // Whether it runs a callable at most once.
  bool runs_once() const {
    for (const CallbackClause &c : callbacks)
      if (c.once)
        return true;
    return false;
  }
  bool noreturn = false;
};

// In front of a name: whatever scope it is in.
inline constexpr llvm::StringLiteral any_scope = "*::";

enum class GuardTag : std::uint8_t { none, deferred, try_to_lock, adopted };

// When an awaitable begins to run: as facts::InitialSuspend says of a promise.
enum class Start : std::uint8_t { unknown, lazy, eager };

struct LockType {
  bool recursive = false, shared = false, spin = false;
  bool async = false; // locking it is awaited; holding it over an await is meant
};
struct GuardType {
  Subject mutexes{Subject::argument, 0}; // constructor arguments that are locked; all_arguments for scoped_lock
  bool shared = false;
  bool on_construction = true; // false: only `lock` methods lock
  std::vector<std::string> lock{"lock"}, unlock{"unlock"}, try_lock, release, owns;
};
struct TypeModel {
  std::string name;
  std::string library;
  std::optional<LockType> lock;
  std::optional<GuardType> guard;
  GuardTag tag = GuardTag::none;
  std::optional<Blocks> destructor_blocks;
  std::optional<Executor> executor; // objects of this type are (handles of) this kind of executor
  int executor_from_type_arg = -1;  // or of the kind of this template argument (strand<E>)
  bool callable = false;            // owns or refers to a callable: std::function
  bool smart_pointer = false;
  bool thread = false;                   // is a thread, or keeps one for an event loop of its own
  bool owns_arguments = false;           // its destructor destroys objects of its template arguments: std::vector<T>
  std::vector<std::string> destroyed_by; // its methods that end what it holds, as its destructor would
  bool synchronised = false;             // made to be used by several threads at a time: an atomic, a latch, a promise
  bool not_awaitable = false;            // awaitable by structure but may be dropped
  std::optional<Start> awaitable;        // to be awaited, though only its library's promises know how: folly::coro::Task
  bool blocking_descriptor = false;      // wraps a descriptor that blocks until the program switches it: a socket
  bool coroutine_executor_tag = false;   // a coroutine with a parameter of this type starts on its next parameter, an executor
  std::optional<bool> ready;             // awaiters: await_ready is always this (suspend_never: true)
};

class Models {
public:
  // The models built into the tool.
  static const Models &builtin();
  // A copy of these plus the descriptors of `yaml`, which win over built-in ones of the same name. `yaml` is a model
  // file, or a configuration with a `models:` section (a model or a list of them; all other keys are the
  // configuration's, and strings in the list name files that the caller loads). The error names `file`, line, column,
  // what is wrong and, for a misspelt key, the nearest known one.
  llvm::Expected<Models> with(llvm::StringRef yaml, llvm::StringRef file) const;

  // Null if there is no descriptor. Names are looked up as written, then with namespace aliases applied
  // (boost::asio → asio); functions then by the patterns "*::name" and "*::start*", which stand for any scope.
  const FunctionModel *function(llvm::StringRef qualified) const;
  const TypeModel *type(llvm::StringRef qualified) const;

  // Everything, sorted by name: for `tenterhook list --models`, docs and tests.
  std::vector<const FunctionModel *> functions() const;
  std::vector<const TypeModel *> types() const;

private:
  friend class Loader;
  llvm::StringMap<FunctionModel> functions_;
  llvm::StringMap<TypeModel> types_;
  std::vector<std::string> patterns_;                        // the names in functions_ that start with "*::", sorted
  llvm::StringMap<std::int64_t> constants_;                  // flags that YAML may name: O_NONBLOCK
  std::vector<std::pair<std::string, std::string>> aliases_; // "from::" → "to::", longest first
};

} // namespace tenterhook::models

#endif
