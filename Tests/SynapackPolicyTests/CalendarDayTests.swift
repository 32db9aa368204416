import SynapackPolicy
import Testing

struct CalendarDayTests {
  @Test func secondsAndDaysAgreeWithCountingFromTheFirstOf1970() {
    // Counted day by day, by the months' lengths alone, over two leap centuries and one that is none.
    var (year, month, day) = (1970, 1, 1)
    for index in 0..<200_000 {
      let counted = CalendarDay(year: year, month: month, day: day)
      let last = CalendarDay(secondsSince1970: index * 86_400 + 86_399)
      guard counted != nil, counted == last else {
        Issue.record("day \(index): \(String(describing: counted)), \(String(describing: last))")
        return
      }
      day += 1
      if CalendarDay(year: year, month: month, day: day) == nil { (month, day) = (month + 1, 1) }
      if month == 13 { (year, month) = (year + 1, 1) }
    }
    #expect(CalendarDay(secondsSince1970: 951_782_400)?.description == "2000-02-29")
  }

  @Test(arguments: ["2027-1-31", "2027-02-29", "1900-02-29", "2027-13-01", "+027-01-01", "", "x"])
  func refusesWhatIsNoDay(text: String) { #expect(CalendarDay(text) == nil) }

  @Test func ordersByYearThenMonthThenDay() throws {
    let days = try ["2026-12-31", "2027-01-01", "2027-01-02", "2027-02-01"].map {
      try #require(CalendarDay($0))
    }
    #expect(days == days.reversed().sorted())
  }
}
