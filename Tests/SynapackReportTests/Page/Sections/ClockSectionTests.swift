import SynapackSupport
import Testing

@testable import SynapackReport

struct ClockSectionTests {
  @Test func windowsAreStretchesOfTheLatency() {
    let page = PageReading(ClockSection.self, PageDocument.full)
    let rows = page.table("Ticks in which each layer works")
    #expect(rows.map { $0[2] } == ["ticks 0 to 10, open from 2", "ticks 2 to 12, open from 4"])
    let open = page.all("rect", class: "two").filter { $0.attributes["y"] != nil }
    #expect(open.map { $0.attributes["x"] } == ["167", "333"])
    #expect(open.map { $0.attributes["width"] } == ["666", "667"])
  }

  private func page(_ changes: [String: JSON]) -> PageReading {
    var bundle = PageDocument.full["bundle"]
    for (key, value) in changes { bundle = bundle.setting(key, value) }
    return PageReading(ClockSection.self, PageDocument.full.setting("bundle", bundle))
  }

  /// Each tick in which an input may end has its limit, and only those.
  @Test func theLimitsOfAnEarlyExitAreShown() {
    let exit: JSON = ["measure": "margin", "limits": [.null, 12_345, 700, .null]]
    let margin = page(["readout": ["decoding": "membrane", "discards": 1, "exit": exit]])
    #expect(
      margin.table("Limits of the early exit").dropFirst() == [["2", "12,345"], ["3", "700"]])
    #expect(margin.text.contains("read after 12 at the latest"))
    #expect(margin.text.contains("first 1 ticks of the readout are left out"))

    let level: JSON = ["measure": "level", "limits": [5, 5, 5]]
    let count = page(["readout": ["decoding": "count", "discards": 0, "exit": level]])
    #expect(count.text.contains("a class reaches 5."))
    #expect(count.text.contains("the neuron which has sent most"))

    let never: JSON = ["measure": "margin", "limits": [.null, .null]]
    let idle = page(["readout": ["decoding": "membrane", "discards": 0, "exit": never]])
    #expect(idle.text.contains("an early exit that no score can reach"))
    let without = page(["readout": ["decoding": "membrane", "discards": 0, "exit": .null]])
    #expect(without.text.contains("read after 12. "))
  }

  @Test func aGatedProgramIsCalledGated() {
    #expect(page(["windowTicks": 4]).text.contains("T = 4 ticks"))
    #expect(page(["windowTicks": 4]).text.contains("gated"))
    #expect(!page(["windowTicks": 8]).text.contains("gated"))
  }

  @Test(arguments: [
    ("wavefront", "same tick"), ("tick", "one tick later"), ("accumulate", "whole input"),
    ("staggered:7", "opens 7 ticks after"),
  ])
  func theScheduleIsExplained(schedule: String, words: String) {
    let bundle = PageDocument.full["bundle"].setting("schedule", .string(schedule))
    let page = PageReading(ClockSection.self, PageDocument.full.setting("bundle", bundle))
    #expect(page.text.contains(words) && page.text.contains("read after 12"))
  }
}
