// Origins in words.
#include "engine/threads.h"
#include "contexts/threads.h"
#include "library/paths.h"
#include "library/vendored.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::engine {

using namespace analysis;

namespace {

class Printer {
public:
  Printer(const Program &program, Origins &origins, Threads &threads, llvm::raw_ostream &out)
      : program_(program), origins_(origins), threads_(threads), out_(out) {}

  void print() {
    std::vector<std::vector<FunctionId>> reached(origins_.all().size());
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (OriginId id : origins_.running(f))
        reached[id].push_back(f);
    for (OriginId id = 0; id < origins_.all().size(); ++id) {
      if (origins_.all()[id].kind == OriginKind::kept && reached[id].empty())
        continue; // the program takes it out again: who does runs it
      head(id);
      for (FunctionId entry : origins_.all()[id].entries)
        runs(id, entry);
      if (!reached[id].empty())
        out_ << "  reaches " << names(reached[id]) << '\n';
    }
  }

private:
  void head(OriginId id) {
    const Origin &o = origins_.all()[id];
    const Origins::Often often = origins_.threads(id);
    out_ << "origin " << id << ": " << name(o.kind);
    if (o.in != none) {
      const facts::Place &place = program_.functions[o.in].ops[o.op].place;
      out_ << (often.times == 0  ? ", never"
               : often.times > 1 ? ", several"
               : often.exact     ? ", one"
                                 : ", one or more")
           << ", created at " << program_.str(place.file) << ':' << place.line << ':' << place.column << " in "
           << program_.display(o.in) << " by ";
      llvm::ListSeparator comma(", ");
      for (OriginId by : origins_.creators(id))
        out_ << comma << by;
    }
    out_ << '\n';
  }

  // With what is bound to the entry's parameters, captures and object, in the words of the function that creates it.
  void runs(OriginId id, FunctionId entry) {
    const Origin &o = origins_.all()[id];
    const facts::Function &function = program_.functions[entry];
    out_ << "  runs " << program_.display(entry);
    auto bound = [&](const AccessPath &path, llvm::StringRef called) {
      const AccessPath outside = o.in == none ? AccessPath() : threads_.bound(id, entry, path);
      if (outside.valid())
        out_ << ", " << called << " = " << spell(program_, o.in, outside);
    };
    if (program_.entity_of(entry).record != none || function.lambda)
      bound({facts::RootKind::self, none, {}, false}, "this");
    for (facts::LocalId p = 0; p < function.parameter_count; ++p)
      bound({facts::RootKind::local, p, {}, false}, program_.str(function.locals[p].name));
    for (std::uint32_t c = 0; c < function.captures.size(); ++c)
      if (const facts::Capture &capture = function.captures[c]; capture.source.kind == facts::OperandKind::path)
        out_ << ", captures " << (capture.kind == facts::CaptureKind::by_reference ? "&" : "")
             << (capture.kind == facts::CaptureKind::self ? "this" : spell(program_, o.in, capture.source.path.without_derefs()));
    out_ << '\n';
  }

  std::string names(const std::vector<FunctionId> &functions) const {
    std::string out;
    for (FunctionId f : functions)
      out += (out.empty() ? "" : ", ") + program_.display(f);
    return out;
  }

  const Program &program_;
  Origins &origins_;
  Threads &threads_;
  llvm::raw_ostream &out_;
};

} // namespace

void describe_threads(std::vector<facts::TUSummary> units, const models::Models &models, rules::World world,
                      llvm::raw_ostream &out) {
  Program program = link(std::move(units), world == rules::World::closed);
  set_vendored(program, models);
  const Library library(program, models);
  const CallGraph calls(program, library);
  const LockNames names(program, library, calls);
  Origins origins(program, library, calls);
  Threads threads(program, library, calls, names, origins);
  Printer(program, origins, threads, out).print();
}

} // namespace tenterhook::engine
