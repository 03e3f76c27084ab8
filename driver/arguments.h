// The command line, read with CLI11 into plain data. Everything after "--" is the compiler's.
#ifndef TENTERHOOK_DRIVER_ARGUMENTS_H
#define TENTERHOOK_DRIVER_ARGUMENTS_H

#include "config/config.h"
#include "output/report.h"
#include "record/record.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tenterhook::driver {

using namespace config; // its paths, settings and errors are the driver's daily words

enum class Command { help, version, check, facts, threads, list, explain, config, timeline, validate, record };
enum class Format { text, concise, json, sarif };
enum class When { automatic, always, never };

struct OutputFile {
  Format format;
  std::string path;
};

struct Arguments {
  Command command = Command::help;
  std::string help; // Command::help: what to print

  // check, facts, threads
  std::vector<std::string> files;
  std::vector<std::string> compiler_flags;
  bool has_compiler_flags = false; // "--" was there
  std::string build;               // -p
  unsigned jobs = 0;               // 0: as many as cores
  Overrides overrides;
  std::string config, root;
  Format format = Format::text;
  std::vector<OutputFile> outputs;
  SarifProfile sarif_profile = SarifProfile::standard;
  When color = When::automatic;
  bool quiet = false, stats = false;
  std::vector<std::string> deciding; // the arguments that decide what is found: for reports, the same at -j1 and -jN

  // facts
  bool json = false;
  std::string facts_output;

  // validate: `files` are the report and the evidence
  std::string validate_output, validate_fail_on = "never", block_threshold;
  std::vector<std::string> tsan_logs, rtsan_logs;

  // record: `compiler_flags` is the program
  record::Options record;

  // timeline: `files` are the traces
  std::string timeline_output;
  unsigned timeline_limit = 1'000'000;

  // list, explain, config
  bool models = false;
  std::string subject;
};

llvm::Expected<Arguments> parse_arguments(int argc, const char *const *argv);

} // namespace tenterhook::driver

#endif
