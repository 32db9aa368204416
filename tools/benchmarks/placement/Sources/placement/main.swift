// placement [--size quick|usual|full] [--only TEXT] [--method NAME]... [--limit SECONDS]
// placement --scale [--largest CLUSTERS]
import Foundation
import SynapackPlace

var size = Instance.Size.usual
var only = ""
var limit = 30.0
var isScale = false
var largest = 1 << 20
var methods: [Method] = []
var arguments = Array(CommandLine.arguments.dropFirst())
@MainActor func next() -> String? { arguments.isEmpty ? nil : arguments.removeFirst() }
while let option = next() {
  switch option {
  case "--size": size = next().flatMap(Instance.Size.init) ?? size
  case "--only": only = next() ?? ""
  case "--limit": limit = next().flatMap(Double.init) ?? limit
  case "--method": methods += next().flatMap(Method.init).map { [$0] } ?? []
  case "--largest": largest = next().flatMap { Int($0) } ?? largest
  case "--scale": isScale = true
  default:
    print("placement: unknown option \(option)")
    exit(2)
  }
}
if isScale {
  Scale.run(largest: largest)
} else {
  Comparison.run(
    Instance.all(size).filter { only.isEmpty || $0.name.contains(only) },
    methods.isEmpty ? Method.allCases : methods, limit: limit)
}
