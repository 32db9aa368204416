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
