#include <gradus/tune/results_file.hpp>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"

using namespace gradus::tune;
using detail::Candidates;
using detail::ResultsFile;
using support::bytes_of;
using support::put_bytes;

namespace {

const Space space{{"rate, of sorts", log_range(1e-3, 1)}, {"rule", choice("a,b", "c \"d\"")}};
const Candidates grid(space, Grid{.points = 4});
const std::vector<Outcome> outcomes{{0.1, ""},       {-1e-300, ""}, {0, "no, \"never\""},
                                    {0, "a plain "}, {3, ""},       {0, ","}};

void fill(const std::string& path) {
  ResultsFile file(path, "name", grid);
  for (std::size_t i = 0; i < outcomes.size(); ++i) file.add(grid[i], 10 * i, outcomes[i]);
}
std::size_t found(const ResultsFile& file) {
  std::size_t r = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    if (const Outcome* known = file.find(i, 10 * i)) {
      CHECK(*known == outcomes[i]);
      ++r;
    }
  return r;
}

}  // namespace

TEST_CASE("A results file has what was added to it", "[tune][search]") {
  const support::Folder folder;
  fill(folder / "x");
  const std::string text = bytes_of(folder / "x");
  const std::string begin =
      "# gradus search 1: name; rate, of sorts log 0.001..1; rule \"a,b\"|\"c \"\"d\"\"\"; grid 4 "
      "x 2\n"
      "trial,steps,\"rate, of sorts\",rule,loss,failure,check\n"
      "0,0,0.001,\"a,b\",0.1,,";
  CHECK(text.substr(0, begin.size()) == begin);
  const ResultsFile file(folder / "x", "name", grid);
  CHECK(found(file) == outcomes.size());
  CHECK(file.find(0, 10) == nullptr);
  CHECK(bytes_of(folder / "x") == text);
}

TEST_CASE("A results file cut short loses the last line and no other", "[tune][search]") {
  const support::Folder folder;
  fill(folder / "whole");
  const std::string text = bytes_of(folder / "whole");
  const std::size_t head = text.find('\n', text.find('\n') + 1) + 1;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    put_bytes(folder / "x", text.substr(0, size));
    std::size_t lines = 0, end = head;
    for (std::size_t i = head; i < size; ++i)
      if (text[i] == '\n') ++lines, end = i + 1;
    {
      ResultsFile file(folder / "x", "name", grid);
      CHECK(found(file) == lines);
      file.add(grid[0], 99, {7, ""});
    }
    const ResultsFile again(folder / "x", "name", grid);
    CHECK(found(again) == lines);
    CHECK(*again.find(0, 99) == Outcome{7, ""});
    CHECK(bytes_of(folder / "x").starts_with(text.substr(0, end)));
  }
}

TEST_CASE("A damaged results file is refused, or loses its last line", "[tune][search]") {
  const support::Folder folder;
  fill(folder / "whole");
  const std::string text = bytes_of(folder / "whole");
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  const std::size_t head = text.find('\n', text.find('\n') + 1) + 1;
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const int bit : {0, 1, 3, 6}) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      put_bytes(folder / "x", damaged);
      if (at + 1 >= last) {  // a damaged newline joins the last two lines
        const std::size_t lost = at >= last ? 1 : 2;
        CHECK(found(ResultsFile(folder / "x", "name", grid)) == outcomes.size() - lost);
      } else {
        CHECK_THROWS_AS(ResultsFile(folder / "x", "name", grid), gradus::Error);
        CHECK(bytes_of(folder / "x") == damaged);
      }
      if (at == head)
        CHECK_THROWS_WITH(ResultsFile(folder / "x", "name", grid),
                          "gradus::io: \"" + (folder / "x") + "\" is damaged: line 3");
    }
}

TEST_CASE("A results file of another search is refused with both named", "[tune][search]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  fill(path);
  const std::string text = bytes_of(path);
  const std::string what = "rate, of sorts log 0.001..1; rule \"a,b\"|\"c \"\"d\"\"\"; grid 4 x 2";
  const auto refuses = [&](const std::string& name, const Candidates& other) {
    const std::string own = (name.empty() ? "" : name + "; ") + other.describe();
    CHECK_THROWS_WITH(ResultsFile(path, name, other),
                      "gradus::io: \"" + path + "\" holds the results of another search, \"name; " +
                          what + "\"; this one is \"" + own + "\"");
    CHECK(bytes_of(path) == text);
  };
  refuses("other", grid);
  refuses("", grid);
  refuses("name", Candidates(space, Grid{.points = 5}));
  refuses("name", Candidates(space, Random{.trials = 8}));
  const Space less{{"rate, of sorts", log_range(1e-3, 1)}};
  refuses("name", Candidates(less, Grid{.points = 4}));

  put_bytes(path, "# gradus search 1: rate 0..1\r\n");  // as an editor may have left it
  CHECK_THROWS_WITH(ResultsFile(path, "", grid),
                    "gradus::io: \"" + path +
                        "\" holds the results of another search, \"rate 0..1?\"; this one is \"" +
                        what + "\"");
  std::string columns = text;
  columns[text.find("trial,")] = 'T';
  put_bytes(path, columns);
  CHECK_THROWS_WITH(ResultsFile(path, "name", grid),
                    "gradus::io: \"" + path + "\" is damaged: line 2");

  put_bytes(path, "mine\n");
  CHECK_THROWS_WITH(ResultsFile(path, "name", grid),
                    "gradus::io: \"" + path + "\" holds no results of a search");
  CHECK(bytes_of(path) == "mine\n");
}
