// The command line. See arguments.h.
#include "driver/arguments.h"
#include "config/suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <CLI/CLI.hpp>
#include <optional>

namespace tenterhook::driver {
namespace {

const std::vector<std::pair<std::string, Format>> formats = {
    {"text", Format::text}, {"concise", Format::concise}, {"json", Format::json}, {"sarif", Format::sarif}};
const std::vector<std::pair<std::string, SarifProfile>> profiles = {
    {"standard", SarifProfile::standard}, {"github", SarifProfile::github}, {"strict", SarifProfile::strict}};
const std::vector<std::pair<std::string, When>> whens = {
    {"auto", When::automatic}, {"always", When::always}, {"never", When::never}};

constexpr const char *general_footer = R"(
Examples:
  tenterhook check                          every file of the compilation database
  tenterhook check src/net -o sarif=r.sarif files below a folder; SARIF beside the text
  tenterhook check a.cpp -- -std=c++20      one file, without a database
  tenterhook explain lock-across-await      what a check finds, and what to do

Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, configuration or input; or an output that cannot be written
  3  some translation units or bodies were not analysed (this wins over 1; the findings are reported all the same)
  4  an internal error)";

constexpr const char *validate_footer = R"(
Examples:
  tenterhook check -o sarif=report.sarif
  tenterhook record -o run.trace -- ./program
  tenterhook validate report.sarif run.trace -o validated.sarif
  tenterhook validate report.sarif *.trace tsan.log helgrind.xml --fail-on confirmed

A verdict is confirmed, contradicted, not exercised or inconclusive; docs/validate.md says what each means. Evidence is a
trace of the runtime or the recorder, a log of ThreadSanitizer or RealtimeSanitizer, XML of Helgrind or DRD; which it is
is told by its content, but for a sanitizer's run without reports, which leaves nothing to tell it by: --tsan, --rtsan.
Exit codes: 0; 1 if what --fail-on names is there; 2 if the report or a file of evidence cannot be used, which is told of each.)";

constexpr const char *record_footer = R"(
Examples:
  tenterhook record -- ./server --port 8080
  tenterhook record -o run.trace --block-threshold 500us -- ./server
  tenterhook validate report.sarif run.trace

It ends with the program's exit code, with 128 + n if signal n ended it; 2 if the program or the output cannot be used.
Processes that the program starts write files of their own, into the folder TRACE.children. docs/record.md says what is recorded.)";

constexpr const char *timeline_footer = R"(
Examples:
  tenterhook timeline run.trace               what is in it, in a few lines
  tenterhook timeline run.trace -o run.html   one page: threads, tasks, stalls, held locks
  tenterhook timeline run.trace -o run.json   for Perfetto or chrome://tracing; all processes of the run together

A trace is written by `tenterhook record`, or by a program that uses tenterhook::runtime with TENTERHOOK_TRACE=run.trace.)";

constexpr const char *check_footer = R"(
Examples:
  tenterhook check -p build src/server      files below src/server, database build/compile_commands.json
  tenterhook check --checks='-*,lock-*'     some checks only; --checks=-NAME leaves one out
  tenterhook check --format concise -o sarif=report.sarif -o json=report.json
  tenterhook check --option blocking-call-in-coroutine.classes=wait,sleep
  tenterhook check a.cpp b.cpp -- -std=c++20 -Iinclude

Without -p the database is compile_commands.json of this folder, of build*/, out*/ or cmake-build-*/ in it, or of the
same in the folders above, up to the repository's root. The same holds for .tenterhook.yaml.)";

template <typename T>
llvm::Expected<T> one_of(llvm::StringRef option, llvm::StringRef word, const std::vector<std::pair<std::string, T>> &values) {
  std::vector<std::string> names;
  for (const auto &[name, value] : values) {
    if (name == word)
      return value;
    names.push_back(name);
  }
  return usage_error(option + ": '" + word + "' is not one of " + llvm::join(names, ", ") + did_you_mean(word, names));
}

llvm::Expected<unsigned> number(llvm::StringRef option, llvm::StringRef word, unsigned most, unsigned unless_given) {
  unsigned value = 0;
  if (word.empty())
    return unless_given;
  if (word.getAsInteger(10, value) || value == 0 || value > most)
    return usage_error(option + " " + word + ": a number from 1 to " + llvm::Twine(most) + " is expected");
  return value;
}

llvm::Expected<OutputFile> output_file(llvm::StringRef assignment) {
  auto [format, path] = assignment.split('=');
  if (path.empty())
    return usage_error("-o " + assignment + ": write it as FORMAT=FILE, such as -o sarif=report.sarif");
  llvm::Expected<Format> known = one_of("-o " + assignment.str(), format, formats);
  if (!known)
    return known.takeError();
  return OutputFile{*known, path.str()};
}

// What the parser gives as text, before its words are looked up.
struct Words {
  std::string format = "text", profile = "standard", color = "auto", jobs, limit;
  std::vector<std::string> outputs, checks;
  bool version = false;
};

// CLI11's help, but for what it gets wrong: the usage of commands whose arguments it does not see as they are, and dots
// behind an option that takes one value each time.
class HelpFormatter : public CLI::Formatter {
public:
  explicit HelpFormatter(std::string operands = "") : operands_(std::move(operands)) { column_width(34); }

private:
  std::string make_usage(const CLI::App *app, std::string name) const override {
    std::string usage = CLI::Formatter::make_usage(app, std::move(name));
    if (operands_.empty())
      return usage;
    constexpr llvm::StringLiteral options = "[OPTIONS]";
    return usage.substr(0, usage.find(options) + options.size()) + " " + operands_ + "\n";
  }
  std::string make_option_opts(const CLI::Option *option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    if (std::size_t dots = text.rfind(" ..."); dots != std::string::npos && !option->get_allow_extra_args())
      text.erase(dots, 4);
    return text;
  }

  std::string operands_;
};

class Parser {
public:
  explicit Parser(Arguments &arguments) : arguments_(arguments) {
    app_.footer(general_footer);
    flag(app_, "--version", words_.version, "Print the version");
    app_.set_help_flag("-h,--help", "Print this help");
    app_.formatter(std::make_shared<HelpFormatter>());
    define_check(*command("check", Command::check, "Analyse code and report what it finds"));
    define_facts(*command("facts", Command::facts, "Show what extraction reads from one file, or a stored .facts file"));
    define_threads(*command("threads", Command::threads, "Show which threads a program has, and what each of them runs"));
    define_validate(*command("validate", Command::validate, "Judge findings by what runs of the program showed"));
    define_record(*command("record", Command::record, "Run a program and record what blocks, which locks it holds, stalls"));
    define_timeline(*command("timeline", Command::timeline, "Draw what a recorded run did"));
    CLI::App *list = command("list", Command::list, "List checks and their options");
    flag(*list, "--models", arguments_.models, "List the functions and types that the tool knows instead");
    CLI::App *explain = command("explain", Command::explain, "Explain a check");
    explain->add_option("CHECK", arguments_.subject, "Name of the check")->required();
    CLI::App *config = command("config", Command::config, "Show the configuration that serves a file");
    config->add_option("--show", arguments_.subject, "The file")->required();
  }

  llvm::Error parse(std::vector<std::string> arguments) {
    for (llvm::StringRef argument : arguments) // to CLI11, "-o=run.trace" names the file "=run.trace"
      if (argument.size() > 2 && argument[0] == '-' && llvm::isAlpha(argument[1]) && argument[2] == '=')
        return usage_error("'" + argument + "': a short option takes no '='; write its value, if it has one, behind a blank");
    try {
      std::vector<std::string> reversed(arguments.rbegin(), arguments.rend()); // CLI11 takes them from the back
      app_.parse(reversed);
    } catch (const CLI::CallForHelp &) {
      arguments_.help = help_target() == &app_ ? app_.help() : help_target()->help("tenterhook");
      return llvm::Error::success();
    } catch (const CLI::ExtrasError &) {
      return unexpected();
    } catch (const CLI::ArgumentMismatch &error) {
      return mismatch(error.what());
    } catch (const CLI::ParseError &error) {
      return usage_error(one_line(error.what()) + "; see `" + called() + " --help`");
    }
    if (words_.version) {
      arguments_.command = Command::version;
      return llvm::Error::success();
    }
    if (app_.get_subcommands().empty())
      return usage_error("no command is given; try `tenterhook check`, or `tenterhook --help`");
    arguments_.command = commands_.at(app_.get_subcommands().front());
    return look_up_words();
  }

private:
  CLI::App *command(const char *name, Command value, const char *description) {
    CLI::App *sub = app_.add_subcommand(name, description);
    commands_[sub] = value;
    return sub;
  }

  void define_check(CLI::App &app) {
    app.footer(check_footer);
    app.add_option("FILES", arguments_.files, "Files or folders; all of the database by default");
    app.add_option("-p", arguments_.build, "Build folder, or a compile_commands.json")->type_name("BUILD");
    app.add_option("-j,--jobs", words_.jobs, "Parallel workers; the number of cores by default")->type_name("N");
    list_option(app, "--checks", words_.checks, "Checks to run: comma list of globs, '-' before one removes")->type_name("GLOBS");
    app.add_option("--min-confidence", arguments_.overrides.min_confidence,
                   "Show certain, likely (default) or possible findings and what is above")
        ->type_name("LEVEL");
    app.add_option("--fail-on", arguments_.overrides.fail_on,
                   "Exit with 1 at certain, likely (default) or possible findings, or never")
        ->type_name("LEVEL");
    app.add_option("--format", words_.format, "On standard output: text (default), concise, json, sarif")->type_name("FORMAT");
    list_option(app, "-o,--output", words_.outputs, "Write a report to a file as well; may be repeated")
        ->type_name("FORMAT=FILE");
    app.add_option("--sarif-profile", words_.profile, "standard (default), github or strict")->type_name("PROFILE");
    app.add_option("--config", arguments_.config, "Configuration, instead of .tenterhook.yaml found upwards")->type_name("FILE");
    list_option(app, "--option", arguments_.overrides.options, "Set an option of a check; may be repeated")
        ->type_name("CHECK.OPTION=VALUE");
    app.add_option("--root", arguments_.root, "Folder that paths in reports are relative to; this one by default")
        ->type_name("FOLDER");
    app.add_option("--color", words_.color, "auto (default), always or never; NO_COLOR counts for auto")->type_name("WHEN");
    flag(app, "-q,--quiet", arguments_.quiet, "No progress, no notes");
    flag(app, "--stats", arguments_.stats, "Print times and counts to standard error");
  }

  void define_validate(CLI::App &app) {
    app.formatter(std::make_shared<HelpFormatter>("REPORT EVIDENCE..."));
    app.footer(validate_footer);
    app.add_option("REPORT EVIDENCE", arguments_.files,
                   "The report (SARIF or JSON of `tenterhook check`), then files of evidence")
        ->required()
        ->type_name("")
        ->expected(1, 100000);
    app.add_option("--tsan", arguments_.tsan_logs,
                   "What a run under ThreadSanitizer wrote, or its log_path; without a report in it, or no such file, "
                   "the run had no reports")
        ->type_name("FILE")
        ->allow_extra_args(false); // once each: the next word is evidence of another kind
    app.add_option("--rtsan", arguments_.rtsan_logs, "The same of RealtimeSanitizer")->type_name("FILE")->allow_extra_args(false);
    app.add_option("-o,--output", arguments_.validate_output, "Write the report with verdicts; sarif=FILE if it ends otherwise")
        ->type_name("FILE.sarif");
    app.add_option("--fail-on", arguments_.validate_fail_on,
                   "Exit with 1 if there is any: comma list of confirmed, contradicted, not-exercised, inconclusive, "
                   "unpredicted; never (default)")
        ->type_name("VERDICTS");
    app.add_option("--block-threshold", arguments_.block_threshold,
                   "From how long on a call counts as blocking; by default what the trace was recorded with")
        ->type_name("MS");
    app.add_option("--color", words_.color, "auto (default), always or never; NO_COLOR counts for auto")->type_name("WHEN");
  }

  void define_record(CLI::App &app) {
    app.formatter(std::make_shared<HelpFormatter>("-- PROGRAM [ARGUMENTS...]"));
    app.footer(record_footer);
    app.add_option("-o,--output", arguments_.record.output, "The trace; tenterhook.trace by default")->type_name("TRACE");
    app.add_option("--block-threshold", arguments_.record.block_threshold,
                   "From how long on a call is recorded with its stack; 1ms by default")
        ->type_name("TIME");
    app.add_option("--stall-threshold", arguments_.record.stall_threshold,
                   "From how long on a loop that does not wait is a stall; 100ms by default, 0: nobody watches")
        ->type_name("TIME");
    app.add_option("--children", arguments_.record.children,
                   "Which processes that the program starts are recorded: all, by default; those that it forks and that run no "
                   "other program (forked); none")
        ->type_name("WHICH");
    flag(app, "--every-event", arguments_.record.every_event, "Each lock, unlock and wait of a loop as well; costs more");
    flag(app, "-q,--quiet", arguments_.record.quiet, "Say nothing but what the trace lacks");
  }

  void define_timeline(CLI::App &app) {
    app.footer(timeline_footer);
    app.add_option("TRACES", arguments_.files, "Files that a run wrote")->required();
    app.add_option("-o,--output", arguments_.timeline_output, "A page (.html), or the Trace Event Format (.json)")
        ->type_name("FILE");
    app.add_option("--limit", words_.limit, "Spans that a page shows; the shortest are left out; 1000000 by default")
        ->type_name("N");
  }

  void define_facts(CLI::App &app) {
    app.add_option("FILE", arguments_.files, "A source file, or a .facts file")->required()->expected(1);
    app.add_option("-p", arguments_.build, "Build folder, or a compile_commands.json")->type_name("BUILD");
    flag(app, "--json", arguments_.json, "JSON instead of text");
    app.add_option("-o,--output", arguments_.facts_output, "Store the facts instead of printing them")->type_name("FILE.facts");
  }

  void define_threads(CLI::App &app) {
    app.add_option("FILES", arguments_.files, "Sources, folders or .facts files; all of the database by default");
    app.add_option("-p", arguments_.build, "Build folder, or a compile_commands.json")->type_name("BUILD");
  }

  // There or not: CLI11 would take "--quiet=false" as well, and of "--quiet=x" say no more than that it is no number.
  static void flag(CLI::App &app, const char *name, bool &value, const char *help) {
    app.add_flag(name, value, help)->disable_flag_override();
  }

  // One value for each mention, so that "-o json=x FILE" leaves FILE alone.
  static CLI::Option *list_option(CLI::App &app, const char *name, std::vector<std::string> &values, const char *help) {
    return app.add_option(name, values, help)->allow_extra_args(false)->take_all();
  }

  CLI::App *help_target() {
    std::vector<CLI::App *> parsed = app_.get_subcommands();
    return parsed.empty() ? &app_ : parsed.front();
  }
  std::string called() {
    CLI::App *target = help_target();
    return target == &app_ ? "tenterhook" : "tenterhook " + target->get_name();
  }
  static std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  // An option without its value, twice, or with a value that it does not take.
  llvm::Error mismatch(const std::string &said) {
    std::string see = "; see `" + called() + " --help`";
    for (const CLI::Option *option : help_target()->get_options()) {
      std::string name = said.substr(0, said.find_first_of(": ")); // of a flag without its dashes
      if (name != option->get_name() && !option->check_lname(name) && !option->check_sname(name))
        continue;
      if (option->get_expected_max() == 0)
        return usage_error(option->get_name() + ": takes no value" + see);
      if (int(option->count()) > option->get_expected_max())
        return usage_error(option->get_name() + ": is given more than once" + see);
      return usage_error(option->get_name() + ": its value " + option->get_type_name() + " is missing" + see);
    }
    return usage_error(one_line(said) + see);
  }

  llvm::Error unexpected() {
    std::vector<std::string> extras = app_.remaining(true);
    std::string wrong = extras.empty() ? "" : extras.front();
    CLI::App *target = help_target();
    std::vector<std::string> known;
    if (llvm::StringRef(wrong).starts_with("-")) {
      for (const CLI::Option *option : target->get_options()) {
        for (const std::string &name : option->get_lnames())
          known.push_back("--" + name);
        for (const std::string &name : option->get_snames())
          known.push_back("-" + name);
      }
      std::string name = wrong.substr(0, wrong.find('='));
      return usage_error("unknown option '" + name + "'" + did_you_mean(name, known, "; see `" + called() + " --help`"));
    }
    if (target == &app_) {
      for (const CLI::App *sub : app_.get_subcommands({}))
        known.push_back(sub->get_name());
      return usage_error("unknown command '" + wrong + "'" + did_you_mean(wrong, known, "; see `tenterhook --help`"));
    }
    return usage_error("unexpected argument '" + wrong + "'; see `" + called() + " --help`");
  }

  llvm::Error look_up_words() {
    arguments_.overrides.checks = llvm::join(words_.checks, ",");
    auto assign = [](auto expected, auto &target) -> llvm::Error {
      if (!expected)
        return expected.takeError();
      target = *expected;
      return llvm::Error::success();
    };
    if (llvm::Error error = assign(one_of("--format", words_.format, formats), arguments_.format))
      return error;
    if (llvm::Error error = assign(one_of("--sarif-profile", words_.profile, profiles), arguments_.sarif_profile))
      return error;
    if (llvm::Error error = assign(one_of("--color", words_.color, whens), arguments_.color))
      return error;
    for (const std::string &output : words_.outputs) {
      llvm::Expected<OutputFile> file = output_file(output);
      if (!file)
        return file.takeError();
      arguments_.outputs.push_back(*file);
    }
    if (llvm::Error error = assign(number("-j", words_.jobs, 1024, 0), arguments_.jobs))
      return error;
    // Above: a page that no browser opens.
    return assign(number("--limit", words_.limit, 100'000'000, arguments_.timeline_limit), arguments_.timeline_limit);
  }

  Arguments &arguments_;
  Words words_;
  CLI::App app_{"Tenterhook finds threads and coroutines that hang: blocked event loops, locks held across co_await, "
                "tasks that nobody awaits.",
                "tenterhook"};
  std::map<const CLI::App *, Command> commands_;
};

// Without what only says where and how to write, or how fast to work.
std::vector<std::string> deciding(const std::vector<std::string> &arguments) {
  static const std::vector<std::string> with_value = {"-j", "--jobs", "-o", "--output", "--format", "--color"};
  static const std::vector<std::string> alone = {"-q", "--quiet", "--stats"};
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    llvm::StringRef argument = arguments[i];
    if (argument == "--") {
      kept.insert(kept.end(), arguments.begin() + i, arguments.end());
      break;
    }
    if (llvm::is_contained(alone, arguments[i]))
      continue;
    if (llvm::is_contained(with_value, arguments[i])) {
      ++i;
      continue;
    }
    bool joined = llvm::any_of(with_value, [&](llvm::StringRef option) {
      if (option.size() == 2)
        return argument.starts_with(option); // -j4
      return argument.starts_with((option + "=").str());
    });
    if (!joined)
      kept.push_back(arguments[i]);
  }
  return kept;
}

} // namespace

llvm::Expected<Arguments> parse_arguments(int argc, const char *const *argv) {
  std::vector<std::string> all(argv + (argc > 0), argv + argc);
  Arguments arguments;
  arguments.deciding = deciding(all);
  auto cut = llvm::find(all, "--");
  if (cut != all.end()) {
    arguments.has_compiler_flags = true;
    arguments.compiler_flags.assign(cut + 1, all.end());
    all.erase(cut, all.end());
  }
  Parser parser(arguments);
  if (llvm::Error error = parser.parse(all))
    return error;
  if (arguments.command == Command::record)
    arguments.record.program = std::move(arguments.compiler_flags);
  return arguments;
}

} // namespace tenterhook::driver
