// swift-tools-version: 6.2
import PackageDescription

/// Changes every bit of a bundle; `tools/verify/every-bit`. Apart from the tests, because in a
/// debug build it takes an hour.
let package = Package(
  name: "every-bit",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "synapack", path: "../../..")],
  targets: [
    .executableTarget(
      name: "EveryBit",
      dependencies: [.product(name: "SynapackBundle", package: "synapack")],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ]
)
