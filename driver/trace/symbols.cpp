// See symbols.h. A module that is not there, or has no build-id to compare, still names what it can.
#include "trace/symbols.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/DebugInfo/Symbolize/Symbolize.h"
#include "llvm/Object/BuildID.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <unordered_map>

namespace tenterhook::runs {
namespace {

enum class Found { not_looked, exact, unchecked, other_build, missing };

llvm::symbolize::LLVMSymbolizer::Options options() {
  llvm::symbolize::LLVMSymbolizer::Options made;
  made.DisableGsym = true;
  return made;
}

// As much of it as the writer keeps.
std::string build_id_of(const llvm::object::ObjectFile &file) {
  llvm::object::BuildIDRef id = llvm::object::getBuildID(&file);
  return std::string(reinterpret_cast<const char *>(id.data()), std::min<std::size_t>(id.size(), 32));
}

bool unknown(llvm::StringRef text) { return text.empty() || text == llvm::DILineInfo::BadString || text == "??"; }

} // namespace

struct Symbols::Impl {
  explicit Impl(const Run &of)
      : run(of), symbolizer(options()), states(of.modules.size(), Found::not_looked), with_lines(of.modules.size()),
        without_lines(of.modules.size()), reported(of.modules.size()) {}

  const Run &run;
  llvm::symbolize::LLVMSymbolizer symbolizer;
  std::vector<Found> states;                             // of Run::modules
  std::vector<bool> with_lines, without_lines, reported; // whether any address had a line, or none
  std::unordered_map<std::uint64_t, Resolved> addresses, keys;
  std::vector<std::string> notes;

  void note(int module, const llvm::Twine &text) { notes.push_back((run.modules[module].path + ": " + text).str()); }

  Found look(int index) {
    Found &state = states[index];
    if (state != Found::not_looked)
      return state;
    const LoadedModule &module = run.modules[index];
    state = Found::missing;
    if (module.path.empty() || module.path[0] != '/')
      return state; // the vdso
    if (!llvm::sys::fs::is_regular_file(module.path)) {
      note(index, "is not on this disk any more, so its functions have no names; keep the program that ran");
      return state;
    }
    auto binary = llvm::object::ObjectFile::createObjectFile(module.path);
    if (!binary) {
      note(index, "cannot be read: " + llvm::toString(binary.takeError()));
      return state;
    }
    std::string there = build_id_of(*binary->getBinary());
    if (module.build_id.empty()) {
      note(index, "has no build-id, so nobody knows whether it is the build that ran; link with -Wl,--build-id");
      return state = Found::unchecked;
    }
    if (there != module.build_id) {
      note(index, llvm::formatv("is another build than the one that ran (build-id {0}, the trace has {1}); places in it may "
                                "be wrong: run the program again, or keep the build",
                                llvm::toHex(there, true), llvm::toHex(module.build_id, true))
                      .str());
      return state = Found::other_build;
    }
    return state = Found::exact;
  }

  static Frame frame_of(const llvm::DILineInfo &info) {
    Frame frame;
    if (!unknown(info.FunctionName))
      frame.function = info.FunctionName;
    if (!unknown(info.FileName))
      frame.file = info.FileName;
    frame.line = info.Line;
    frame.column = info.Column;
    frame.function_line = info.StartLine;
    return frame;
  }

  Resolved resolve(std::uint64_t return_address) {
    Resolved result;
    result.address = return_address;
    std::uint64_t address = return_address ? return_address - 1 : 0; // within the call
    result.module = module_at(run, address);
    Found state = result.module < 0 ? Found::missing : look(result.module);
    if (state == Found::missing) {
      Frame frame;
      frame.function = result.module < 0 ? llvm::formatv("{0:x}", return_address).str()
                                         : llvm::formatv("{0}+{1:x}", llvm::sys::path::filename(run.modules[result.module].path),
                                                         return_address - run.modules[result.module].bias)
                                               .str();
      result.frames.push_back(std::move(frame));
      return result;
    }
    const LoadedModule &module = run.modules[result.module];
    auto inlined =
        symbolizer.symbolizeInlinedCode(module.path, {address - module.bias, llvm::object::SectionedAddress::UndefSection});
    if (!inlined)
      llvm::consumeError(inlined.takeError());
    else
      for (unsigned i = 0, n = inlined->getNumberOfFrames(); i < n; ++i) {
        Frame frame = frame_of(inlined->getFrame(i));
        frame.inlined = i + 1 < n;
        result.frames.push_back(std::move(frame));
      }
    if (result.frames.empty())
      result.frames.emplace_back();
    Frame &outer = result.frames.back();
    if (outer.function.empty())
      outer.function = llvm::formatv("{0}+{1:x}", llvm::sys::path::filename(module.path), return_address - module.bias);
    bool has_lines = !result.frames.front().file.empty();
    result.trust = !has_lines                  ? Trust::no_debug_info
                   : state == Found::exact     ? Trust::exact
                   : state == Found::unchecked ? Trust::unchecked
                                               : Trust::other_build;
    (has_lines ? with_lines : without_lines)[result.module] = true;
    return result;
  }

  Resolved resolve_key(std::uint64_t key) {
    Resolved result;
    result.address = key;
    Frame frame;
    if (const SourcePlace *place = run.place(key)) {
      frame = {place->function, place->file, place->line, place->column, 0, false};
      result.trust = Trust::exact;
    } else
      frame.function = "?";
    result.frames.push_back(std::move(frame));
    return result;
  }
};

Symbols::Symbols(const Run &run) : impl_(std::make_unique<Impl>(run)) {}
Symbols::~Symbols() = default;

const Resolved &Symbols::at(std::uint64_t return_address) {
  auto found = impl_->addresses.find(return_address);
  if (found == impl_->addresses.end())
    found = impl_->addresses.emplace(return_address, impl_->resolve(return_address)).first;
  return found->second;
}

const Resolved &Symbols::at(SiteRef site) {
  if (!site.is_key)
    return at(site.value);
  auto found = impl_->keys.find(site.value);
  if (found == impl_->keys.end())
    found = impl_->keys.emplace(site.value, impl_->resolve_key(site.value)).first;
  return found->second;
}

std::vector<Frame> Symbols::stack(std::uint32_t id) {
  std::vector<Frame> frames;
  for (std::uint64_t address : impl_->run.stack(id))
    llvm::append_range(frames, at(address).frames);
  return frames;
}

llvm::ArrayRef<std::string> Symbols::notes() const {
  Impl &impl = *impl_;
  // Of the program alone: libraries of the system have none as a rule, and its own start-up code has none either.
  if (!impl.reported.empty() && impl.without_lines[0] && !impl.with_lines[0] && !impl.reported[0]) {
    impl.reported[0] = true;
    impl.note(0, "has no debug information for what the trace names; compile with -g, or keep what its .gnu_debuglink names");
  }
  return impl.notes;
}

int module_at(const Run &run, std::uint64_t address) {
  for (std::size_t i = run.modules.size(); i--;)
    if (address >= run.modules[i].begin && address < run.modules[i].end)
      return int(i);
  return -1;
}

bool is_build_that_ran(const LoadedModule &module) {
  if (!llvm::StringRef(module.path).starts_with("/") || !llvm::sys::fs::is_regular_file(module.path))
    return false;
  auto binary = llvm::object::ObjectFile::createObjectFile(module.path);
  if (!binary) {
    llvm::consumeError(binary.takeError());
    return false;
  }
  return module.build_id.empty() || build_id_of(*binary->getBinary()) == module.build_id;
}

std::string describe(const Frame &frame) {
  if (frame.file.empty())
    return frame.function;
  std::string text = frame.file + ":" + std::to_string(frame.line);
  return frame.function.empty() ? text : text + " " + frame.function;
}

} // namespace tenterhook::runs
