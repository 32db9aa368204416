import SynapackSupport
import Yams

/// The test that stands before the YAML parser: what it lets pass must be flat, because the parser
/// descends by recursion.
let yamlTarget = FuzzTarget(
  name: "yaml",
  read: { bytes in
    guard let text = utf8Text(bytes), YAMLBounds.hold(text),
      let node = try? Yams.compose(yaml: text)
    else { return }
    precondition(depth(node) <= 200, "a text that is too deep was let pass")
  })

private func depth(_ node: Node) -> Int {
  switch node {
  case .scalar, .alias: 1
  case .sequence(let items): 1 + (items.map(depth).max() ?? 0)
  case .mapping(let members): 1 + (members.map { max(depth($0.key), depth($0.value)) }.max() ?? 0)
  }
}
