#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/optimizer_part.hpp>
#include <gradus/save/save.hpp>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/forge.hpp"

namespace io = gradus::io;
using namespace gradus;

namespace {

using List = GroupList<Optimizer<Constant<>, Adam>>;

struct Two {
  std::vector<float> p{1, 2, 3};
  std::vector<double> q{4, 5};
  Groups<Optimizer<Constant<>, Adam>, Optimizer<Constant<>, NovoGrad, double>> groups{
      Optimizer{Constant{0.1}, Adam{}, p}, Optimizer{Constant{0.1}, NovoGrad{}, q}};

  void step() { groups.step({p, q}, {std::vector<float>{1, 2, 3}, std::vector<double>{1, 2}}); }
  void save(const std::string& path) const {
    io::save(path, groups, io::named("p", p), io::named("q", q));
  }
  void load(const std::string& path) {
    io::load(path, groups, io::named("p", p), io::named("q", q));
  }
};

}  // namespace

TEST_CASE("Groups come back, frozen ones frozen", "[io][groups]") {
  const support::Folder folder;
  Two a, b;
  a.step();
  a.groups.freeze(1);
  a.step();
  a.save(folder / "x");
  b.groups.freeze(0);
  b.load(folder / "x");
  CHECK(!b.groups.frozen(0));
  CHECK(b.groups.frozen(1));
  CHECK(b.groups.get<0>().steps() == 2);
  CHECK(b.groups.get<1>().steps() == 1);
  for (Two* two : {&a, &b}) {
    two->step();
    two->groups.unfreeze(1);
    two->step();
  }
  a.save(folder / "a"), b.save(folder / "b");
  CHECK(support::bytes_of(folder / "a") == support::bytes_of(folder / "b"));
}

TEST_CASE("A list of groups comes back; of another number it is refused", "[io][groups]") {
  const support::Folder folder;
  std::vector<std::vector<float>> ps{{1, 2, 3}, {4}, {5, 6}}, gs = ps, qs = ps;
  const auto list_of = [&](std::size_t n) {
    List r{ClipNorm{1}};
    for (std::size_t k = 0; k < n; ++k) r.add(Optimizer{Constant{0.1}, Adam{}, ps[k]});
    return r;
  };
  List a = list_of(3), b = list_of(3), two = list_of(2), none;
  a.freeze(2);
  a.step(ps, gs);
  io::save(folder / "x", a, io::named("p", ps));
  io::load(folder / "x", b, io::named("p", qs));
  CHECK(b.frozen(2));
  a.unfreeze(2), b.unfreeze(2);
  a.step(ps, gs), b.step(qs, gs);
  CHECK(ps == qs);
  CHECK_THROWS_WITH(io::load(folder / "x", two, io::named("p", qs)),
                    Catch::EndsWith("must have optimizers 2 (got 3)"));
  CHECK(two.size() == 2);
  io::save(folder / "none", none);
  io::load(folder / "none", none);
  CHECK(none.size() == 0);
}

TEST_CASE("Groups share a file with optimizers and other groups", "[io][groups]") {
  const support::Folder folder;
  std::vector<float> r{1, 2};
  Two a, b;
  List list, list_back;
  Optimizer opt{Constant{0.1}, Adam{}, r}, opt_back = opt;
  for (List* l : {&list, &list_back}) l->add(Optimizer{Constant{0.1}, Adam{}, r});
  a.step();
  list.freeze(0);
  opt.step(r, std::vector<float>{1, 1});
  io::save(folder / "x", opt, a.groups, list);
  io::load(folder / "x", opt_back, b.groups, list_back);
  CHECK(opt_back.steps() == 1);
  CHECK(b.groups.get<1>().steps() == 1);
  CHECK(!b.groups.frozen(0));
  CHECK(list_back.frozen(0));
}

TEST_CASE("Frozen is 0 or 1, though the checksums are right", "[io][groups]") {
  const support::Folder folder;
  Two a;
  a.step();
  a.save(folder / "x");
  std::string file = support::bytes_of(folder / "x");
  file.back() = 2;
  support::put_bytes(folder / "x", support::forged(file, support::header_of(file)));
  a.step();
  const std::vector<float> before = a.p;
  CHECK_THROWS_WITH(a.load(folder / "x"), Catch::EndsWith("must have 0 or 1 in \"frozen\""));
  CHECK(a.groups.get<0>().steps() == 2);
  CHECK(a.p == before);
}

TEST_CASE("Groups that were moved from are refused", "[io][groups]") {
  const support::Folder folder;
  Two a;
  const auto taken = std::move(a.groups);
  CHECK_THROWS_AS(io::save(folder / "x", a.groups), gradus::Error);  // NOLINT
  CHECK(folder.count() == 0);
}
