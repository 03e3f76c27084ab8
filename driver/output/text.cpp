// Text for people in a hurry: place and sentence, the source underlined, the witness as lanes, what to do instead.
#include "output/names.h"
#include "output/snippet.h"
#include "output/summary.h"
#include "llvm/ADT/StringExtras.h"
#include <array>

namespace tenterhook::driver {

namespace {

constexpr std::size_t most_lane_columns = 6; // more lanes share one column and are named at each step
constexpr std::size_t most_related = 8;
constexpr unsigned indentation = 4;

class TextWriter {
public:
  TextWriter(const Report &report, const SourceReader &reader, const TextStyle &style, llvm::raw_ostream &out)
      : report_(report), sources_(reader), paint_(style.colour), width_(style.width), out_(out) {}

  void write(const findings::Finding &finding) {
    write_header(finding);
    if (const SourceFile *file = sources_.get(finding.place.file))
      write_snippet(*file, finding.place, paint_, width_, out_);
    write_witness(finding);
    write_entries(finding);
    write_related(finding);
    if (!finding.instead.empty())
      paragraph(indentation + 9, indentation).add_whole("instead: ", Colour::green).add(printable(finding.instead)).end();
    out_ << '\n';
  }

private:
  // A paragraph that starts at column `start` and goes on at column `further`.
  Paragraph paragraph(unsigned further, unsigned start) {
    out_.indent(start);
    return {out_, paint_, width_, start, {std::string(further, ' '), further}};
  }

  std::string shown(const findings::Place &place) {
    std::string text = printable(shown_path(place.file, report_));
    if (place.line != 0)
      text += ":" + llvm::utostr(place.line);
    if (place.line != 0 && place.column != 0)
      text += ":" + llvm::utostr(place.column);
    return text;
  }

  void write_header(const findings::Finding &finding) {
    paragraph(indentation, 0)
        .add_whole(shown(finding.place) + ":", Colour::bold)
        .add(" warning: ", Colour::yellow)
        .add(printable(finding.what), Colour::bold)
        .add((" (" + llvm::Twine(findings::to_string(finding.confidence)) + ")").str(), Colour::dim)
        .add(" [" + check_name(finding.rule) + "]", Colour::cyan) // last, where tools that read such lines look for it
        .end();
  }

  void write_witness(const findings::Finding &finding) {
    // A witness of the one place that is shown above says nothing new.
    if (finding.witness.size() == 1 && finding.witness.front().place == finding.place)
      return;
    const std::vector<Lane> lanes = lanes_of(finding.witness);
    const bool own_columns = lanes.size() <= most_lane_columns;
    const std::size_t columns = own_columns ? lanes.size() : 1;
    const auto digits = static_cast<unsigned>(llvm::utostr(finding.witness.size()).size());
    if (own_columns)
      for (std::size_t i = 0; i < lanes.size(); ++i)
        out_ << bars(i, digits, lanes, own_columns) << paint_(lane_colour(i), printable(lanes[i].label)) << '\n';
    const auto gutter_width = static_cast<unsigned>(indentation + columns * (digits + 2));
    for (std::size_t i = 0; i < finding.witness.size(); ++i) {
      const findings::Step &step = finding.witness[i];
      const std::size_t lane = lane_index(lanes, step);
      for (std::size_t column = 0; column < columns; ++column)
        if (column == (own_columns ? lane : 0))
          out_ << cell(llvm::utostr(i + 1), lane, digits, column == 0);
        else
          out_ << cell("|", column, digits, column == 0);
      const std::string margin = bars(columns, digits, lanes, own_columns);
      Paragraph text(out_, paint_, width_, gutter_width, {margin + "  ", gutter_width + 2});
      if (step.place.line != 0 || !step.place.file.empty())
        text.add_whole(shown(step.place) + ":").add(" ");
      if (!own_columns)
        text.add("[" + printable(step.lane) + "] ", lane_colour(lane));
      text.add(printable(step.message), Colour::bold).end();
      write_line_of(step.place, margin + "    ", gutter_width + 4);
    }
  }

  static Colour lane_colour(std::size_t lane) {
    constexpr std::array colours = {Colour::cyan, Colour::magenta, Colour::green, Colour::blue};
    return colours[lane % colours.size()];
  }

  // One lane's column, the margin included for the first.
  std::string cell(llvm::StringRef text, std::size_t lane, unsigned digits, bool first) {
    const std::string blanks((first ? indentation : 0) + digits - text.size(), ' ');
    return blanks + paint_(lane_colour(lane), text) + "  ";
  }

  std::string bars(std::size_t count, unsigned digits, const std::vector<Lane> &lanes, bool own_columns) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += own_columns ? cell("|", i, digits, i == 0)
                          : std::string(indentation + digits - 1, ' ') + paint_(Colour::dim, "|") + "  ";
    return count == 0 ? std::string(indentation + digits - 1, ' ') : text;
  }

  void write_line_of(const findings::Place &place, llvm::StringRef margin, unsigned margin_width) {
    const SourceFile *file = sources_.get(place.file);
    if (!file)
      return;
    const unsigned room = width_ == 0 ? 0 : width_ > margin_width ? width_ - margin_width : 1;
    if (const std::string line = one_line(*file, place, paint_, room); !line.empty())
      out_ << margin << line << '\n';
  }

  void write_entries(const findings::Finding &finding) {
    if (finding.entries <= 1)
      return;
    const std::uint32_t more = finding.entries - 1;
    const llvm::StringRef lane = finding.witness.empty() ? "" : llvm::StringRef(finding.witness.front().lane);
    const llvm::StringRef noun = lane.contains("coroutine") ? "coroutine" : lane.contains("thread") ? "thread" : "caller";
    paragraph(indentation, indentation).add("and " + count_of(more, ("more " + noun).str())).end();
  }

  void write_related(const findings::Finding &finding) {
    std::size_t shown_count = 0;
    for (const findings::Related &related : finding.related) {
      if (shown_count++ == most_related) {
        paragraph(indentation, indentation)
            .add("also: " + count_of(finding.related.size() - most_related, "more place") + " (--format json has them)")
            .end();
        return;
      }
      Paragraph text = paragraph(indentation + 6, indentation);
      text.add_whole("also: ", Colour::dim);
      if (!related.place.file.empty())
        text.add_whole(shown(related.place) + ": ");
      text.add(printable(related.message)).end();
      write_line_of(related.place, std::string(indentation + 6, ' '), indentation + 6);
    }
  }

  const Report &report_;
  Sources sources_;
  const Paint paint_;
  const unsigned width_;
  llvm::raw_ostream &out_;
};

} // namespace

void write_text(const Report &report, const SourceReader &reader, const TextStyle &style, llvm::raw_ostream &out) {
  TextWriter writer(report, reader, style, out);
  for (const findings::Finding &finding : report.findings)
    writer.write(finding);
  write_summary(report, style, out);
}

} // namespace tenterhook::driver
