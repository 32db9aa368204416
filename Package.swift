// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: warnings stop the build, and each unsafe construct is marked.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A Swift target of the library, in the row that its comment names (see LayerTests).
func layer(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of one target; they may also use the generators and references of TestSupport.
func layerTest(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
    swiftSettings: strict)
}

/// The chips whose files are part of the binary.
let chips = [
  "akd1000", "akd1500", "akida2", "brainscales2", "dynap-cnn", "dynap-se2", "generic-mesh",
  "loihi1", "loihi1024", "loihi2", "loihi64", "loihi84", "odin", "paicore2", "speck2e", "speck2f",
  "spinnaker1", "spinnaker2", "truenorth", "truenorth64", "xylo-audio2", "xylo-audio3", "xylo-imu",
]

/// The files of exports that are the same for every program, or have one place to fill.
let exportTemplates = [
  "Axons/axons.py", "Targets/C/engine.c", "Targets/C/self_test.c", "Targets/NIR/common.py",
  "Targets/NIR/norse.py", "Targets/NIR/rockpool.py", "Targets/NIR/sinabs.py",
  "Targets/NIR/snntorch.py", "Targets/NIR/spikingjelly.py", "Targets/SANAFE/sanafe.py",
  "Targets/Loihi/loihi.py", "Targets/PAICORE/paicore.py", "Targets/Akida/akida.py",
  "Targets/Akida/akida2.py", "Targets/Akida/chain.py",
  "Targets/Xylo/xylo.py", "Targets/Lava/lava.py", "Targets/RANC/ranc.py",
  "Targets/SpiNNaker/spinnaker.py", "Targets/Speck/speck.py",
  "Targets/TinyODIN/tinyodin.py", "payloads.py",
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "synapack",
  platforms: [.macOS(.v15)],
  products: [
    .library(
      name: "Synapack",
      targets: [
        "Synapack", "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram",
        "SynapackConvert", "SynapackSimulate", "SynapackBundle", "SynapackPolicy",
        "SynapackTrust", "SynapackReport",
      ]),
    .library(
      name: "SynapackPlace",
      targets: ["SynapackPlace", "SynapackProgram", "SynapackTensor", "SynapackSupport"]),
    .library(name: "SynapackBundle", targets: ["SynapackBundle", "SynapackSupport"]),
    .executable(name: "synapack", targets: ["SynapackCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.4.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
  ],
  targets: [
    // Row 0: system libraries and generated C.
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "COnnxSchema", dependencies: ["CProtobufC"]),
    .target(name: "CBundleSchema", dependencies: ["CProtobufC"]),
    .target(name: "CSpikeKernels"),
    .target(name: "CDenseKernels"),

    // Row 1
    layer("SynapackSupport", ["CZlib", system, crypto]),
    layer("SynapackTensor", ["SynapackSupport"]),

    // Row 2
    layer("SynapackGraph", ["SynapackSupport", "SynapackTensor"]),
    layer("SynapackProgram", ["SynapackSupport", "SynapackTensor"]),

    // Row 3
    layer(
      "SynapackDense",
      ["CBLAS", "CDenseKernels", "SynapackSupport", "SynapackTensor", "SynapackGraph"]),
    layer(
      "SynapackSimulate",
      ["CSpikeKernels", "CZlib", "SynapackSupport", "SynapackTensor", "SynapackProgram"]),

    // Row 4
    layer(
      "SynapackImport",
      [
        "CProtobufC", "COnnxSchema", "SynapackSupport", "SynapackTensor", "SynapackGraph",
        "SynapackDense", yams,
      ]),
    layer("SynapackHDF5", ["SynapackSupport", "SynapackTensor", "SynapackGraph"]),
    layer(
      "SynapackConvert",
      [
        "CSpikeKernels", "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram",
        "SynapackDense", "SynapackSimulate",
      ]),
    layer(
      "SynapackPlace", ["SynapackSupport", "SynapackTensor", "SynapackProgram", yams],
      resources: chips.map { .embedInCode("Chips/\($0).yaml") }),

    // Row 5
    layer(
      "SynapackBundle",
      [
        "CProtobufC", "CBundleSchema", "CZlib", "SynapackSupport", "SynapackTensor",
        "SynapackProgram", "SynapackPlace",
      ]),
    layer(
      "SynapackExport",
      ["SynapackSupport", "SynapackTensor", "SynapackProgram", "SynapackHDF5", "SynapackPlace"],
      resources: exportTemplates.map { .embedInCode("\($0).in") }),

    layer(
      "SynapackCompress",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram", "SynapackDense",
        "SynapackSimulate", "SynapackConvert",
      ]),

    layer("SynapackPolicy", ["SynapackSupport", yams]),
    layer("SynapackTrust", ["SynapackSupport", crypto]),

    // Row 6
    layer(
      "Synapack",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram", "SynapackDense",
        "SynapackSimulate", "SynapackImport", "SynapackHDF5", "SynapackConvert", "SynapackPlace",
        "SynapackCompress", "SynapackBundle", "SynapackExport", "SynapackPolicy", "SynapackTrust",
        yams,
      ]),
    layer("SynapackReport", ["SynapackSupport", "SynapackPolicy"]),

    // Row 7
    .executableTarget(
      name: "SynapackCommand",
      dependencies: [
        "Synapack", "SynapackTensor", "SynapackGraph", "SynapackConvert", "SynapackPolicy",
        "SynapackReport", "SynapackSupport", subprocess, system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests
    .target(
      name: "TestSupport",
      dependencies: ["SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "PackageTests", dependencies: ["SynapackSupport", "TestSupport", subprocess, system],
      swiftSettings: strict),
    .testTarget(
      name: "SynapackCommandTests",
      dependencies: [
        "SynapackCommand", "SynapackSupport", "TestSupport", subprocess, system, yams,
      ],
      swiftSettings: strict),
    layerTest("SynapackSupport", []),
    layerTest("SynapackPolicy", ["SynapackSupport"]),
    layerTest("SynapackTrust", ["SynapackSupport"]),
    layerTest("SynapackReport", ["SynapackSupport", "SynapackPolicy"]),
    layerTest("SynapackTensor", ["SynapackSupport"]),
    layerTest("SynapackGraph", ["SynapackSupport", "SynapackTensor"]),
    layerTest("SynapackProgram", ["SynapackSupport", "SynapackTensor"]),
    layerTest(
      "SynapackImport",
      ["SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackDense", subprocess]),
    layerTest(
      "SynapackHDF5",
      ["SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackDense", "SynapackImport"]),
    layerTest("SynapackPlace", ["SynapackSupport", "SynapackTensor", "SynapackProgram"]),
    layerTest(
      "SynapackBundle",
      [
        "SynapackSupport", "SynapackTensor", "SynapackProgram", "SynapackPlace",
        "SynapackSimulate",
      ]),
    layerTest(
      "SynapackExport",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram", "SynapackHDF5",
        "SynapackPlace", "SynapackSimulate", "SynapackConvert", subprocess, system,
      ]),
    layerTest(
      "SynapackDense", ["SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackImport"]),
    layerTest("SynapackSimulate", ["SynapackSupport", "SynapackTensor", "SynapackProgram"]),
    layerTest(
      "SynapackCompress",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram", "SynapackDense",
        "SynapackSimulate", "SynapackConvert", "SynapackImport",
      ]),
    layerTest(
      "Synapack",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackDense", "SynapackImport",
        "SynapackHDF5", "SynapackProgram", "SynapackPlace", "SynapackBundle", "SynapackPolicy",
      ]),
    layerTest(
      "SynapackConvert",
      [
        "SynapackSupport", "SynapackTensor", "SynapackGraph", "SynapackProgram", "SynapackDense",
        "SynapackSimulate", "SynapackImport", "SynapackPlace",
      ]),
  ]
)
