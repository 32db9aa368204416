internal import SynapackSupport

/// The sections of text: JSON in the one form in which ``JSON`` writes it.
enum CanonicalText {
  /// - Throws: `SYN0607` for text that is no JSON, `SYN0610` for JSON in another form.
  static func check(_ text: String, of section: SectionType) throws(PackError) {
    try within(.section(section.name)) { () throws(PackError) in
      guard let value = JSON(parsing: text, depth: BundleLimits.jsonDepth) else {
        throw PackError(
          .malformedSection, "the text is not valid JSON of at most 64 levels",
          hint: "make the bundle again from its model")
      }
      guard value.text().utf8.elementsEqual(text.utf8) else {
        throw PackError(
          .notCanonical, "the text is not written as canonical JSON",
          hint: "make the bundle again with `synapack convert`")
      }
    }
  }
}
