// See machine_code.h. Functions are the ranges of .eh_frame; one is decoded when it is first asked about, from its
// beginning, as a list of instructions with what LLVM's MC says of their flow. All addresses within are the file's.
#include "trace/machine_code.h"
#include "trace/code_loops.h"
#include "trace/symbols.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugFrame.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/TargetSelect.h"
#include <cerrno>
#include <map>

namespace tenterhook::runs {
namespace {

constexpr std::size_t largest_function = 1u << 20; // bytes; larger ones are data, or tables gone wrong
constexpr unsigned most_functions = 16;            // that a walk over jumps visits

struct Instruction {
  std::uint64_t address = 0, next = 0;
  std::uint64_t target = 0; // of a jump or a direct call; 0: unknown
  bool call = false, jump = false, indirect = false, goes_on = true;
  bool asks_eintr = false; // compares with its number
  bool leaves = false;     // a call to another module
};

struct Function {
  std::uint64_t begin = 0, end = 0;
  bool decoded = false, readable = false;
  std::vector<Instruction> code; // by address

  unsigned at(std::uint64_t address) const { // the instruction there, or the number of all
    auto found = llvm::partition_point(code, [&](const Instruction &each) { return each.address < address; });
    return found != code.end() && found->address == address ? unsigned(found - code.begin()) : unsigned(code.size());
  }
  unsigned before(std::uint64_t place) const { // the one that ends there
    auto found = llvm::partition_point(code, [&](const Instruction &each) { return each.next < place; });
    return unsigned(found - code.begin());
  }

  // Each instruction a node. A jump by a table may lead to whatever nothing else leads to.
  FlowGraph flow() const {
    FlowGraph graph(code.size());
    std::vector<bool> entered(code.size());
    auto add = [&](unsigned from, unsigned to) {
      if (to < code.size())
        graph[from].push_back(to), entered[to] = true;
    };
    for (unsigned i = 0; i < code.size(); ++i) {
      if (code[i].goes_on)
        add(i, i + 1);
      if (code[i].jump && code[i].target)
        add(i, at(code[i].target));
    }
    for (unsigned i = 0; i < code.size(); ++i)
      if (code[i].jump && code[i].indirect)
        for (unsigned to = 1; to < code.size(); ++to)
          if (!entered[to])
            graph[i].push_back(to);
    return graph;
  }
};

struct FlowLoop {
  bool exists = false;
  llvm::BitVector body; // instructions
};

// The decoder of one architecture.
struct Decoder {
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembly;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCInstrInfo> instructions;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;
  std::unique_ptr<llvm::MCInstrAnalysis> analysis;

  static std::unique_ptr<Decoder> make(const llvm::Triple &triple) {
    static const bool ready = [] {
      llvm::InitializeAllTargetInfos();
      llvm::InitializeAllTargetMCs();
      llvm::InitializeAllDisassemblers();
      return true;
    }();
    (void)ready;
    std::string error;
    const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
    if (!target)
      return nullptr;
    auto made = std::make_unique<Decoder>();
    made->registers.reset(target->createMCRegInfo(triple));
    if (!made->registers)
      return nullptr;
    made->assembly.reset(target->createMCAsmInfo(*made->registers, triple, {}));
    made->subtarget.reset(target->createMCSubtargetInfo(triple, "", ""));
    made->instructions.reset(target->createMCInstrInfo());
    if (!made->assembly || !made->subtarget || !made->instructions)
      return nullptr;
    made->context = std::make_unique<llvm::MCContext>(triple, made->assembly.get(), made->registers.get(), made->subtarget.get());
    made->disassembler.reset(target->createMCDisassembler(*made->subtarget, *made->context));
    made->analysis.reset(target->createMCInstrAnalysis(made->instructions.get()));
    return made->disassembler && made->analysis ? std::move(made) : nullptr;
  }
};

struct File {
  llvm::object::OwningBinary<llvm::object::ObjectFile> binary;
  std::unique_ptr<Decoder> decoder;
  std::vector<Function> functions; // by address
  bool looked_at = false;

  void open(const LoadedModule &module) {
    looked_at = true;
    if (!is_build_that_ran(module))
      return;
    auto opened = llvm::object::ObjectFile::createObjectFile(module.path);
    if (!opened)
      return llvm::consumeError(opened.takeError()); // symbols.h tells of it
    binary = std::move(*opened);
    decoder = Decoder::make(binary.getBinary()->makeTriple());
    if (decoder)
      read_functions();
  }

  void read_functions() {
    auto debug = llvm::DWARFContext::create(*binary.getBinary());
    auto frames = debug->getEHFrame();
    if (!frames)
      return llvm::consumeError(frames.takeError());
    for (const llvm::dwarf::FrameEntry &entry : **frames)
      if (const auto *one = llvm::dyn_cast<llvm::dwarf::FDE>(&entry))
        if (std::uint64_t size = one->getAddressRange(); size && size <= largest_function)
          functions.push_back({one->getInitialLocation(), one->getInitialLocation() + size, false, false, {}});
    llvm::sort(functions, [](const Function &a, const Function &b) { return a.begin < b.begin; });
  }

  // With its code, as far as it can be read.
  Function *function_at(std::uint64_t address) {
    auto after = llvm::partition_point(functions, [&](const Function &each) { return each.begin <= address; });
    if (after == functions.begin() || address >= (after - 1)->end)
      return nullptr;
    Function &found = *(after - 1);
    if (!found.decoded)
      decode(found);
    return &found;
  }

  const Instruction *before(std::uint64_t place) { // the call that returns there
    Function *function = place ? function_at(place - 1) : nullptr;
    if (!function)
      return nullptr;
    auto at = llvm::partition_point(function->code, [&](const Instruction &each) { return each.next < place; });
    return at != function->code.end() && at->next == place ? &*at : nullptr;
  }

  llvm::ArrayRef<std::uint8_t> bytes_at(std::uint64_t begin, std::uint64_t end) {
    for (const llvm::object::SectionRef &section : binary.getBinary()->sections()) {
      if (!section.isText() || begin < section.getAddress() || end > section.getAddress() + section.getSize())
        continue;
      auto contents = section.getContents();
      if (contents && end - section.getAddress() <= contents->size())
        return llvm::arrayRefFromStringRef(contents->slice(begin - section.getAddress(), end - section.getAddress()));
      if (!contents)
        llvm::consumeError(contents.takeError());
    }
    return {};
  }

  // In a table that the linker made (".got": an entry is a name, not a variable; ".plt").
  bool is_linkers(std::uint64_t address, llvm::StringRef table) {
    for (const llvm::object::SectionRef &section : binary.getBinary()->sections()) {
      if (address < section.getAddress() || address >= section.getAddress() + section.getSize())
        continue;
      auto name = section.getName();
      if (name)
        return name->starts_with(table);
      llvm::consumeError(name.takeError());
    }
    return false;
  }

  void decode(Function &function) {
    function.decoded = true;
    llvm::ArrayRef<std::uint8_t> bytes = bytes_at(function.begin, function.end);
    const llvm::MCInstrAnalysis &analysis = *decoder->analysis;
    std::uint64_t at = function.begin;
    while (!bytes.empty()) {
      llvm::MCInst inst;
      std::uint64_t size = 0;
      if (decoder->disassembler->getInstruction(inst, size, bytes, at, llvm::nulls()) == llvm::MCDisassembler::Fail || size == 0)
        return;
      Instruction made;
      made.address = at;
      made.next = at + size;
      std::uint64_t target = 0;
      bool direct = analysis.evaluateBranch(inst, at, size, target);
      made.call = analysis.isCall(inst);
      made.jump = !made.call && analysis.isBranch(inst);
      made.indirect = (made.call || made.jump) && !direct;
      made.target = direct ? target : 0;
      if (made.call && made.indirect)
        if (auto entry = analysis.evaluateMemoryOperandAddress(inst, decoder->subtarget.get(), at, size))
          made.indirect = !is_linkers(*entry, ".got");
      made.leaves = made.call && (made.target ? is_linkers(made.target, ".plt") : !made.indirect);
      if (!made.call)
        made.goes_on = !(analysis.isReturn(inst) || analysis.isUnconditionalBranch(inst) || analysis.isIndirectBranch(inst) ||
                         analysis.isBarrier(inst));
      made.asks_eintr = decoder->instructions->get(inst.getOpcode()).isCompare() &&
                        llvm::any_of(inst, [](const llvm::MCOperand &each) { return each.isImm() && each.getImm() == EINTR; });
      function.code.push_back(made);
      bytes = bytes.drop_front(std::min<std::size_t>(size, bytes.size()));
      at += size;
    }
    function.readable = !function.code.empty();
  }
};

} // namespace

struct MachineCode::Impl {
  explicit Impl(const Run &of) : run(of), files(of.modules.size()) {}

  const Run &run;
  std::vector<File> files; // of Run::modules
  std::map<std::pair<std::uint64_t, std::uint64_t>, Answer> reached;
  std::map<std::pair<const File *, std::uint64_t>, FlowLoop> loops; // by call

  // The innermost loop around a call, but for one that starts over for EINTR: that has one other call, which leads out of
  // the module, and compares what it gives with that number.
  const FlowLoop &loop_of(const File &file, const Function &function, std::uint64_t place) {
    auto [it, fresh] = loops.try_emplace({&file, place});
    if (!fresh)
      return it->second;
    unsigned call = function.before(place);
    if (call == function.code.size())
      return it->second;
    for (llvm::BitVector &body : loops_around(function.flow(), call)) {
      unsigned others = 0, asks = 0;
      for (unsigned i : body.set_bits()) {
        if (!function.code[i].call || i == call)
          continue;
        ++others;
        auto behind = llvm::ArrayRef(function.code).drop_front(i + 1).take_front(3);
        asks += function.code[i].leaves && llvm::any_of(behind, [](const Instruction &each) { return each.asks_eintr; });
      }
      if (asks == 1 && others == 1)
        continue;
      it->second = {true, std::move(body)};
      break;
    }
    return it->second;
  }

  // The file that holds a place, and its difference to addresses of the process.
  std::pair<File *, std::uint64_t> file_at(std::uint64_t place) {
    int index = place ? module_at(run, place - 1) : -1;
    if (index < 0)
      return {nullptr, 0};
    File &file = files[index];
    if (!file.looked_at)
      file.open(run.modules[index]);
    return {file.functions.empty() ? nullptr : &file, run.modules[index].bias};
  }

  static Answer walk(File &file, std::uint64_t from, std::uint64_t to) {
    llvm::DenseSet<std::uint64_t> seen, visited; // instructions, functions
    std::vector<std::uint64_t> open{from};
    bool unknown = false;
    while (!open.empty()) {
      std::uint64_t at = open.back();
      open.pop_back();
      Function *function = file.function_at(at);
      if (!function || !function->readable) {
        unknown |= function != nullptr;
        continue;
      }
      if (visited.insert(function->begin).second && visited.size() > most_functions) {
        unknown = true;
        continue;
      }
      auto here = llvm::partition_point(function->code, [&](const Instruction &each) { return each.address < at; });
      for (; here != function->code.end() && seen.insert(here->address).second; ++here) {
        if (here->call && here->next == to)
          return Answer::yes;
        unknown |= here->jump && here->indirect; // a switch's table
        if (here->jump && here->target)
          open.push_back(here->target);
        if (!here->goes_on)
          break;
      }
    }
    return unknown ? Answer::unknown : Answer::no;
  }
};

MachineCode::MachineCode(const Run &run) : impl_(std::make_unique<Impl>(run)) {}
MachineCode::~MachineCode() = default;

std::uint64_t MachineCode::function_of(std::uint64_t place) {
  auto [file, bias] = impl_->file_at(place);
  Function *function = file ? file->function_at(place - bias - 1) : nullptr;
  return function ? function->begin + bias : 0;
}

MachineCode::Call MachineCode::call_at(std::uint64_t place) {
  auto [file, bias] = impl_->file_at(place);
  const Instruction *call = file ? file->before(place - bias) : nullptr;
  if (!call || !call->call)
    return {};
  return {call->indirect ? Answer::no : Answer::yes, call->target && !call->leaves ? call->target + bias : 0};
}

bool MachineCode::jumps_to(std::uint64_t place, std::uint64_t wanted) {
  auto [file, bias] = impl_->file_at(place);
  Function *function = file ? file->function_at(place - bias - 1) : nullptr;
  return function &&
         llvm::any_of(function->code, [&](const Instruction &each) { return each.jump && each.target == wanted - bias; });
}

Answer MachineCode::reaches(std::uint64_t from, std::uint64_t to) {
  auto [it, fresh] = impl_->reached.try_emplace({from, to}, Answer::unknown);
  if (!fresh)
    return it->second;
  auto [file, bias] = impl_->file_at(from);
  auto [other, other_bias] = impl_->file_at(to);
  if (!file || file != other)
    return Answer::unknown;
  Answer answer = Impl::walk(*file, from - bias, to - bias);
  if (answer == Answer::no) {
    Function *function = file->function_at(to - bias - 1);
    bool by_exceptions = function && Impl::walk(*file, function->begin, to - bias) != Answer::yes;
    if (by_exceptions)
      answer = Answer::unknown;
  }
  return it->second = answer;
}

Answer MachineCode::shares_loop(std::uint64_t wait, std::uint64_t place) {
  auto [file, bias] = impl_->file_at(wait);
  Function *function = file ? file->function_at(wait - bias - 1) : nullptr;
  Function *other = file ? file->function_at(place - bias - 1) : nullptr;
  if (!function || !function->readable || function != other)
    return std::min(reaches(wait, place), reaches(place, wait));
  const FlowLoop &loop = impl_->loop_of(*file, *function, wait - bias);
  if (!loop.exists)
    return Answer::no;
  return loop.body.test(function->before(place - bias)) ? Answer::yes : Answer::no;
}

Answer MachineCode::repeats(std::uint64_t place) {
  auto [file, bias] = impl_->file_at(place);
  Function *function = file ? file->function_at(place - bias - 1) : nullptr;
  if (!function || !function->readable)
    return Answer::unknown;
  return impl_->loop_of(*file, *function, place - bias).exists ? Answer::yes : Answer::no;
}

} // namespace tenterhook::runs
