import SynapackBundle
import SynapackSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bundle at a path with a report that does not compress below 64 KiB, and a later section.
func enlarged(_ path: String) throws -> [UInt8] {
  var report = Report()
  var bundle = try BundleReader.read(try MappedFile(path: path), &report).bundle
  var generator = SeededGenerator(seed: 64)
  let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
  bundle.report = "{\"noise\":\"\(hexadecimal(noise))\"}"
  bundle.aside = [AsideSection(type: 100, bytes: Array("a later idea".utf8))]
  return try BundleWriter.bytes(of: bundle)
}

guard CommandLine.arguments.count == 2 else {
  print("usage: EveryBit BUNDLE")
  exit(2)
}
let good = try enlarged(CommandLine.arguments[1])
var report = Report()
let sections = try BundleReader.read(good, &report).sections.map(\.name)
print("\(good.count) bytes: \(sections.joined(separator: ", "))")

var damage = Damage(good)
damage.changeEveryBit()
print("\(good.count * 8) changed bits: \(damage.missed.count) not noticed")
damage.changeLength(atMost: 64)
print("\(good.count) cuts and 128 appendices: \(damage.missed.count) not noticed in all")
for (code, count) in damage.codes.sorted(by: { $0.key < $1.key }) { print("  \(code) \(count)") }
for name in damage.missed.prefix(20) { print("not noticed: \(name)") }
let isWhole = Set(sections).isSuperset(of: SectionType.allCases.map(\.name)) && sections.count == 8
exit(damage.missed.isEmpty && isWhole && good.count >= 65_536 ? 0 : 1)
