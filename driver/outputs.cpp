// Where reports go. See outputs.h.
#include "driver/outputs.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <cstdlib>

namespace tenterhook::driver {
using namespace config;
namespace {

std::optional<std::string> read_source(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

llvm::Error cannot_write(llvm::StringRef path, const llvm::Twine &reason) {
  return usage_error(path + ": cannot write: " + reason);
}

} // namespace

llvm::Expected<PendingFile> PendingFile::open(llvm::StringRef path) {
  if (path == "-") // elsewhere it stands for standard output; nobody wants a file of that name
    return cannot_write(path, "name a file; standard output is /dev/stdout");
  PendingFile file(absolute(path, current_folder()));
  llvm::sys::fs::file_status status;
  llvm::sys::fs::status(file.path_, status);
  if (status.type() == llvm::sys::fs::file_type::directory_file)
    return cannot_write(path, "it is a folder");
  bool in_place = llvm::sys::fs::exists(status) && !llvm::sys::fs::is_regular_file(status);
  if (in_place)
    return file;
  if (llvm::sys::fs::exists(status) && llvm::sys::fs::access(file.path_, llvm::sys::fs::AccessMode::Write))
    return cannot_write(path, "it is not writable");
  auto temporary = llvm::sys::fs::TempFile::create(file.path_ + ".%%%%%%%%.tmp", 0644);
  if (!temporary)
    return cannot_write(path, llvm::toString(temporary.takeError()));
  file.temporary_ = std::move(*temporary);
  return file;
}

llvm::Error PendingFile::write(llvm::StringRef bytes) {
  return write([&](llvm::raw_ostream &out) { out << bytes; });
}

llvm::Error PendingFile::write(llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  std::error_code error;
  if (temporary_) {
    llvm::raw_fd_ostream out(temporary_->FD, /*shouldClose=*/false);
    writer(out);
    out.flush();
    error = out.error();
    out.clear_error();
  } else {
    llvm::raw_fd_ostream out(path_, error);
    if (!error) {
      writer(out);
      out.flush();
      error = out.error();
      out.clear_error();
    }
  }
  if (error)
    return cannot_write(path_, error.message());
  if (!temporary_)
    return llvm::Error::success();
  llvm::Error kept = temporary_->keep(path_);
  temporary_.reset();
  return kept ? cannot_write(path_, llvm::toString(std::move(kept))) : llvm::Error::success();
}

PendingFile::~PendingFile() {
  if (temporary_)
    llvm::consumeError(temporary_->discard());
}

void write_report(Format format, const Report &report, SarifProfile profile, const TextStyle &style, llvm::raw_ostream &out) {
  switch (format) {
  case Format::text: return write_text(report, read_source, style, out);
  case Format::concise: return write_concise(report, out);
  case Format::json: return write_json(report, out);
  case Format::sarif: return write_sarif(report, read_source, profile, out);
  }
}

TextStyle terminal_style(When color) {
  TextStyle style;
  bool terminal = llvm::sys::Process::StandardOutIsDisplayed();
  const char *no_color = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  bool wanted = terminal && !(no_color && *no_color) && !(term && llvm::StringRef(term) == "dumb");
  style.colour = color == When::always || (color == When::automatic && wanted);
  if (unsigned columns = terminal ? llvm::sys::Process::StandardOutColumns() : 0)
    style.width = std::clamp(columns, 60u, 160u);
  return style;
}

ProgressLine::ProgressLine(bool wanted) : active_(wanted && llvm::sys::Process::StandardErrIsDisplayed()) {}
ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::show(std::size_t done, std::size_t total, llvm::StringRef what) {
  if (!active_)
    return;
  unsigned columns = std::max(40u, llvm::sys::Process::StandardErrColumns());
  std::string line = ("[" + llvm::Twine(done) + "/" + llvm::Twine(total) + "] ").str();
  std::string name = llvm::sys::path::filename(what).str();
  for (char &c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?'; // a file's name must not steer the terminal
  line += llvm::StringRef(name).take_front(columns - std::min<std::size_t>(columns - 1, line.size() + 1)).str();
  llvm::errs() << "\r\033[2K" << line;
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_)
    llvm::errs() << "\r\033[2K";
  drawn_ = false;
}

llvm::Error finish_standard_output() {
  llvm::outs().flush();
  std::error_code error = llvm::outs().error();
  llvm::outs().clear_error();
  return error ? usage_error("cannot write to standard output: " + error.message()) : llvm::Error::success();
}

} // namespace tenterhook::driver
