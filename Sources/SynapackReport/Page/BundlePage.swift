public import SynapackSupport

/// A bundle on one page for somebody who has to decide about it.
///
/// The page is drawn from the document `synapack.overview/1` and from nothing else, so that all it
/// tells can be read by a program as well. What the document does not have is left out.
public enum BundlePage {
  /// The page as HTML; equal documents give equal bytes.
  ///
  /// Times and speeds of the run that made the document are not shown.
  public static func html(_ document: JSON) -> String {
    HTMLPage(
      title: PageText.name(document["name"].plain),
      kicker: "Synapack report",
      footer: "Drawn by \(document["generator"].plain) from the bundle with the content identity "
        + "\(document["bundle"]["contentID"].plain).",
      sections: sections.compactMap { $0.section(document) }
    ).html
  }

  /// In the order of the page: what decides first, what explains it after.
  static let sections: [any BundleSection.Type] = [
    VerdictSection.self,
    IdentitySection.self,
    AccuracySection.self,
    ErrorSection.self,
    LayerSection.self,
    WeightSection.self,
    ClockSection.self,
    CoreSection.self,
    EnergySection.self,
    ContentSection.self,
  ]
}

/// One part of the page.
protocol BundleSection: Sendable {
  /// - Returns: `nil` where the document has nothing for it.
  static func section(_ document: JSON) -> HTMLPage.Section?
}

extension JSON {
  /// As ``words``, with a name of a file cut to a length that a page bears.
  var plain: String {
    switch self {
    case .string(let text): PageText.name(text)
    case .null, .bool, .integer, .number, .array, .object: words
    }
  }
}
