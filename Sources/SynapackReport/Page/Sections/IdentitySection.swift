internal import SynapackSupport

/// What the bundle is, and what it was made from.
enum IdentitySection: BundleSection {
  static func section(_ document: JSON) -> HTMLPage.Section? {
    let bundle = document["bundle"]
    let origin = bundle["origin"]
    let producer = [origin["producer"], origin["version"]].map(\.plain)
      .filter { !$0.isEmpty && $0 != "—" }.joined(separator: " ")
    var facts = [
      PageBlock.Fact(name: "Content identity", value: bundle["contentID"].plain, isCode: true),
      PageBlock.Fact(
        name: "Format",
        value: "bundle \(bundle["formatVersion"].words), written by \(bundle["generator"].plain)"),
      PageBlock.Fact(
        name: "Made from",
        value: origin["format"].plain + (producer.isEmpty ? "" : ", \(producer)")),
      PageBlock.Fact(name: "Digest of the model", value: origin["digest"].plain, isCode: true),
      PageBlock.Fact(
        name: "Network",
        value: "\(grouped(bundle["populations"].items.count)) layers, "
          + "\(grouped(bundle["neurons"].number)) neurons, \(grouped(bundle["weights"].number)) "
          + "weights of which \(percent(bundle["connectionSparsity"].value)) are zero"),
      PageBlock.Fact(
        name: "Input",
        value: "\(bundle["input"]["name"].plain), \(bundle["input"]["shape"].words)"
          + preprocessing(bundle["preprocess"])),
    ]
    if let recipe = recipe(bundle["recipe"]) {
      facts.append(PageBlock.Fact(name: "Recipe", value: recipe, isCode: true))
    }
    return HTMLPage.Section(id: "identity", title: "What it is", blocks: [.facts(facts)])
  }

  private static func preprocessing(_ text: JSON) -> String {
    let words = text.plain
    return words.isEmpty || words == "—" ? "" : ", after \(words)"
  }

  /// The options that are set, as `key value`, by name; those of a training only where there was one.
  private static func recipe(_ recipe: JSON) -> String? {
    guard case .object(let members) = recipe, !members.isEmpty else { return nil }
    let unset: [JSON] = [.null, "", false, .array([]), 0]
    let isTrained = ["distilSteps", "distilSourceSteps"].contains { recipe[$0].number > 0 }
    let set = members.sorted { $0.key < $1.key }.filter { key, value in
      !unset.contains(value) && (isTrained || !key.hasPrefix("distil"))
    }
    return set.map { "\($0.key) \($0.value.words)" }.joined(separator: " · ")
  }
}
