import Foundation
import SynapackReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pictures of what was tried.
struct ScatterPictureTests {
  private static func picture(_ points: [ScatterPicture.Point], title: String = "t") -> String {
    ScatterPicture(
      title: title, panels: [.init(horizontal: "x", vertical: "y", points: points)]
    ).svg
  }

  private static func point(
    _ x: Double, _ y: Double, _ standing: ScatterPicture.Standing = .beaten, _ title: String = ""
  ) -> ScatterPicture.Point {
    ScatterPicture.Point(x: x, y: y, standing: standing, title: title)
  }

  /// The numbers of an attribute of every circle, in order.
  private static func circles(_ svg: String, _ attribute: String) -> [Double] {
    svg.split(separator: "<circle ").dropFirst().compactMap { part in
      part.split(separator: " ").first { $0.hasPrefix("\(attribute)=\"") }
        .flatMap { Double($0.dropFirst(attribute.count + 2).split(separator: "\"")[0]) }
    }
  }

  @Test func placesFollowTheValues() {
    let svg = ScatterPictureTests.picture([
      ScatterPictureTests.point(10, 80), ScatterPictureTests.point(20, 90),
      ScatterPictureTests.point(30, 70),
    ])
    let (across, down) = (
      ScatterPictureTests.circles(svg, "cx"), ScatterPictureTests.circles(svg, "cy")
    )
    #expect(across.count == 3 && across[0] < across[1] && across[1] < across[2])
    #expect(abs(across[1] - across[0] - (across[2] - across[1])) < 0.11)
    // The picture's y grows downwards.
    #expect(down[1] < down[0] && down[0] < down[2])
    #expect(across.allSatisfy((0...420).contains) && down.allSatisfy((0...300).contains))
  }

  @Test(arguments: [
    [(5.0, 5.0)], [(0.0, 0.0)], [(1e12, 1e-12)], [(-3.0, 2.0), (-3.0, 2.0)],
    [(.nan, 1), (.infinity, 2), (1, 3)], [],
  ])
  func drawsAnyPoints(points: [(Double, Double)]) {
    let svg = ScatterPictureTests.picture(points.map { ScatterPictureTests.point($0.0, $0.1) })
    let drawn = points.count { $0.0.isFinite && $0.1.isFinite }
    #expect(ScatterPictureTests.circles(svg, "cx").count == drawn)
    #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("—"))
  }

  @Test func theBestAreJoinedAndTheChosenIsLarger() {
    let svg = ScatterPictureTests.picture([
      ScatterPictureTests.point(1, 1, .best), ScatterPictureTests.point(2, 2, .chosen),
      ScatterPictureTests.point(3, 1),
    ])
    #expect(svg.contains("fill=\"none\" stroke=\"#1f6feb\""))
    let sizes = ScatterPictureTests.circles(svg, "r")
    #expect(sizes[1] > sizes[0] && sizes[0] == sizes[2])
  }

  @Test func namesStayInert() {
    let svg = ScatterPictureTests.picture(
      [ScatterPictureTests.point(1, 1, .best, "</title><script>\u{1B}")], title: "<a & \"b\">")
    #expect(!svg.contains("<script") && !svg.contains("<a ") && !svg.contains("\u{1B}"))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }
}
