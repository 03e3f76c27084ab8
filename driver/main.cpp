// Tenterhook's command line: the list of passes.
//
// Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage, configuration, input or output, 3 some TUs were
// not analysed (wins over 1: a clean or a full list would be believed), 4 an internal error.
#include "driver/arguments.h"
#include "driver/describe.h"
#include "driver/facts_command.h"
#include "driver/inputs.h"
#include "driver/outputs.h"
#include "driver/schedule.h"
#include "driver/threads_command.h"
#include "driver/timeline_command.h"
#include "driver/validate_command.h"
#include "engine/engine.h"
#include "engine/guard.h"
#include "output/names.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FormatVariadic.h"
#include <chrono>
#include <exception>
#include <optional>
#include <sys/resource.h>

using namespace tenterhook;
using namespace tenterhook::driver;

namespace {

enum ExitCode { clean = 0, findings_reported = 1, wrong_input = 2, incomplete = 3, internal_error = 4 };

int fail(ExitCode code, llvm::StringRef message) {
  llvm::errs() << "tenterhook: error: " << message << '\n';
  return code;
}
int fail(llvm::Error error) { return fail(wrong_input, llvm::toString(std::move(error))); }

// On standard error, for formats that do not show them to a person.
void print_troubles(llvm::ArrayRef<Trouble> troubles) {
  for (const Trouble &trouble : troubles) {
    llvm::errs() << "tenterhook: " << (is_failure(trouble.kind) ? "warning: " : "note: ");
    if (!trouble.file.empty()) {
      llvm::errs() << trouble.file;
      if (trouble.line)
        llvm::errs() << ':' << trouble.line << ':' << trouble.column;
      llvm::errs() << ": ";
    }
    if (trouble.kind != Trouble::note)
      llvm::errs() << label(trouble.kind) << ": "; // the line begins with it already
    llvm::errs() << trouble.message << '\n';
  }
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto seconds = [](const timeval &t) { return t.tv_sec + t.tv_usec / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// For people and scripts: one line a pass.
void print_stats(const Extraction &extraction, const engine::Result &result, const Report &report, double elapsed) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto pass = [](llvm::StringRef name, double seconds) {
    llvm::errs() << llvm::formatv("pass {0,-28} {1,9:f3} s\n", name, seconds);
  };
  llvm::errs() << llvm::formatv("CPU {0:f3} s, elapsed {1:f3} s, peak memory {2:f1} MB\n", cpu_seconds(), elapsed,
                                usage.ru_maxrss / 1024.0);
  pass("parse", extraction.times.parse);
  pass("extraction", extraction.times.extract);
  for (const auto &[name, seconds] : result.passes)
    pass(name, seconds);
  llvm::errs() << llvm::formatv("{0} translation units, {1} functions, {2} operations, {3} bodies shared, "
                                "{4} compiler flags dropped\n",
                                report.units, report.functions, result.operations, extraction.bodies_shared,
                                extraction.dropped_flags);
  if (!extraction.slowest.empty())
    llvm::errs() << llvm::formatv("slowest: {0}, {1:f3} s of parse and extraction\n", extraction.slowest,
                                  extraction.slowest_seconds);
}

Report make_report(const Arguments &arguments, const Inputs &inputs, const Extraction &extraction, engine::Result &result) {
  Report report;
  report.version = TENTERHOOK_VERSION;
  report.root = inputs.root;
  report.rules = inputs.settings.rules;
  report.suppressed = std::move(result.suppressed);
  report.functions = result.functions;
  report.units = inputs.commands.size();
  report.units_analysed = extraction.analysed;
  report.bodies_shared = extraction.bodies_shared;
  report.arguments = arguments.deciding;
  for (findings::Finding &finding : result.findings) {
    if (finding.confidence < inputs.settings.min_confidence)
      ++report.below_threshold;
    else
      report.findings.push_back(std::move(finding));
  }
  report.troubles = extraction.troubles;
  if (!arguments.quiet) {
    report.troubles.insert(report.troubles.end(), inputs.notes.begin(), inputs.notes.end());
    for (const std::string &text : result.notes)
      report.troubles.push_back({Trouble::note, "", text});
  }
  llvm::sort(report.troubles, [](const Trouble &a, const Trouble &b) {
    return std::tie(a.file, a.kind, a.line, a.column, a.message) < std::tie(b.file, b.kind, b.line, b.column, b.message);
  });
  return report;
}

llvm::Error write_reports(const Arguments &arguments, const Report &report, std::vector<PendingFile> &files) {
  llvm::Error errors = llvm::Error::success();
  write_report(arguments.format, report, arguments.sarif_profile, terminal_style(arguments.color), llvm::outs());
  errors = llvm::joinErrors(std::move(errors), finish_standard_output());
  for (std::size_t i = 0; i < files.size(); ++i) { // one that fails does not stop the others
    std::string bytes;
    llvm::raw_string_ostream out(bytes);
    write_report(arguments.outputs[i].format, report, arguments.sarif_profile, TextStyle(), out);
    errors = llvm::joinErrors(std::move(errors), files[i].write(bytes));
  }
  return errors;
}

int exit_code(const Report &report, const Settings &settings) {
  if (report.units_analysed < report.units ||
      llvm::any_of(report.troubles, [](const Trouble &trouble) { return trouble.kind == Trouble::capped; })) // whole bodies
    return incomplete;
  bool failing = settings.fail_on && llvm::any_of(report.findings, [&](const findings::Finding &finding) {
                   return finding.confidence >= *settings.fail_on;
                 });
  return failing ? findings_reported : clean;
}

int check(const Arguments &arguments) {
  auto start = std::chrono::steady_clock::now();
  llvm::Expected<Inputs> inputs = load_inputs(arguments);
  if (!inputs)
    return fail(inputs.takeError());
  std::vector<PendingFile> files;
  for (const OutputFile &output : arguments.outputs) {
    llvm::Expected<PendingFile> file = PendingFile::open(output.path);
    if (!file)
      return fail(file.takeError());
    files.push_back(std::move(*file));
  }

  unsigned jobs = workers_for(arguments.jobs);
  ProgressLine progress(!arguments.quiet);
  Extraction extraction = extract_all(inputs->commands, jobs, arguments.stats,
                                      [&](auto done, auto total, auto file) { progress.show(done, total, file); });
  progress.clear();

  engine::Result result;
  inputs->settings.engine.jobs = jobs;
  std::optional<std::string> crashed =
      engine::run_guarded([&] { result = engine::run(std::move(extraction.units), inputs->models, inputs->settings.engine); });
  if (crashed) {
    print_troubles(extraction.troubles);
    return fail(internal_error, "the analysis crashed: " + *crashed + "; please report this with the facts of the files");
  }
  Report report = make_report(arguments, *inputs, extraction, result);
  if (arguments.format == Format::json || arguments.format == Format::sarif)
    print_troubles(report.troubles);
  if (llvm::Error error = write_reports(arguments, report, files))
    return fail(std::move(error));
  if (arguments.stats) {
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    print_stats(extraction, result, report, elapsed.count());
  }
  return exit_code(report, inputs->settings);
}

int show(llvm::Expected<int> (*what)(const Arguments &, llvm::raw_ostream &, std::vector<Trouble> &),
         const Arguments &arguments) {
  std::vector<Trouble> problems;
  llvm::Expected<int> code = what(arguments, llvm::outs(), problems);
  print_troubles(problems);
  if (!code)
    return fail(code.takeError());
  if (llvm::Error error = finish_standard_output())
    return fail(std::move(error));
  return *code;
}

int judge(const Arguments &arguments) {
  llvm::Expected<int> code = run_validate(arguments, llvm::outs());
  if (!code)
    return fail(code.takeError());
  if (llvm::Error error = finish_standard_output())
    return fail(std::move(error));
  return *code;
}

int record_run(const Arguments &arguments) {
  llvm::Expected<int> code = record::run(arguments.record, llvm::errs());
  return code ? *code : fail(code.takeError());
}

int timeline(const Arguments &arguments) {
  if (llvm::Error error = run_timeline(arguments, llvm::outs(), llvm::errs()))
    return fail(std::move(error));
  if (llvm::Error error = finish_standard_output())
    return fail(std::move(error));
  return clean;
}

int print(llvm::Error (*what)(const Arguments &, llvm::raw_ostream &), const Arguments &arguments) {
  if (llvm::Error error = what(arguments, llvm::outs()))
    return fail(std::move(error));
  if (llvm::Error error = finish_standard_output())
    return fail(std::move(error));
  return clean;
}

int run(const Arguments &arguments) {
  switch (arguments.command) {
  case Command::help: llvm::outs() << arguments.help; return clean;
  case Command::version: llvm::outs() << "tenterhook " TENTERHOOK_VERSION " (LLVM " LLVM_VERSION_STRING ")\n"; return clean;
  case Command::check: return check(arguments);
  case Command::facts: return show(run_facts, arguments);
  case Command::threads: return show(run_threads, arguments);
  case Command::validate: return judge(arguments);
  case Command::record: return record_run(arguments);
  case Command::timeline: return timeline(arguments);
  case Command::list: return print(run_list, arguments);
  case Command::explain: return print(run_explain, arguments);
  case Command::config: return print(run_config, arguments);
  }
  llvm_unreachable("not a command");
}

} // namespace

int main(int argc, char **argv) {
  try {
    llvm::Expected<Arguments> arguments = parse_arguments(argc, argv);
    if (!arguments)
      return fail(arguments.takeError());
    return run(*arguments);
  } catch (const std::exception &error) {
    return fail(internal_error, std::string("internal: ") + error.what());
  }
}
