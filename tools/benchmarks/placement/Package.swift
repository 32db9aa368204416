// swift-tools-version: 6.2
import PackageDescription

/// Compares placements with those of published methods; `tools/benchmarks/placement/run`.
let package = Package(
  name: "placement-benchmark",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "synapack", path: "../../..")],
  targets: [
    .executableTarget(
      name: "placement",
      dependencies: [.product(name: "SynapackPlace", package: "synapack")],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ]
)
