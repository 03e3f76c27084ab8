// Where reports go: standard output and files.
//
// A file is opened before anything is analysed, so that a wrong path costs no time; it is written beside its place and
// renamed, so that a reader never sees half a report.
#ifndef TENTERHOOK_DRIVER_OUTPUTS_H
#define TENTERHOOK_DRIVER_OUTPUTS_H

#include "driver/arguments.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

namespace tenterhook::driver {

class PendingFile {
public:
  static llvm::Expected<PendingFile> open(llvm::StringRef path);
  // Everything or nothing; the error names the file.
  llvm::Error write(llvm::StringRef bytes);
  llvm::Error write(llvm::function_ref<void(llvm::raw_ostream &)> writer);
  PendingFile(PendingFile &&) = default;
  PendingFile &operator=(PendingFile &&) = delete;
  ~PendingFile();

private:
  explicit PendingFile(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::optional<llvm::sys::fs::TempFile> temporary_; // absent for devices and pipes, which are written in place
};

// Writes one report. `style` matters to text only.
void write_report(Format format, const Report &report, SarifProfile profile, const TextStyle &style, llvm::raw_ostream &out);

// Colours and width of standard output.
TextStyle terminal_style(When color);

// The progress line: drawn over itself on standard error if that is a terminal, otherwise nothing.
class ProgressLine {
public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  void show(std::size_t done, std::size_t total, llvm::StringRef what);
  void clear();

private:
  bool active_;
  bool drawn_ = false;
};

// Flushes standard output; an error if it could not be written (a full disk; a closed pipe ends the process instead).
llvm::Error finish_standard_output();

} // namespace tenterhook::driver

#endif
