// swift-tools-version: 6.2
import PackageDescription

/// The fuzz targets of every reader, apart from the library because they need flags that a
/// package which others depend on must not have; `tools/fuzz/run` builds them.
let package = Package(
  name: "synapack-fuzz",
  platforms: [.macOS(.v15)],
  products: [.library(name: "FuzzReaders", type: .static, targets: ["FuzzReaders"])],
  dependencies: [
    .package(name: "synapack", path: "../.."),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CLibFuzzer"),
    .target(
      name: "FuzzReaders",
      dependencies: [
        "CLibFuzzer", .product(name: "Synapack", package: "synapack"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ]),
  ]
)
