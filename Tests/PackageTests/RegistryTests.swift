import TestSupport
import Testing

/// One thing, one file, one registry line: a file that stands unregistered fails here.
struct RegistryTests {
  @Test(arguments: [
    (
      "Sources/SynapackConvert/Balancing", "Sources/SynapackConvert/Balancing/BalancingMethod.swift"
    ),
    ("Sources/SynapackConvert/Rules", "Sources/SynapackConvert/Rules/GraphRule.swift"),
    ("Sources/SynapackGraph/Ops", "Sources/SynapackGraph/Op.swift"),
    ("Sources/SynapackCommand/Commands", "Sources/SynapackCommand/SynapackMain.swift"),
  ])
  func everyFileIsRegistered(folder: String, registry: String) {
    let list = SourceFiles.text(registry)
    let files = SourceFiles.paths(below: folder, suffix: ".swift").filter { $0 != registry }
    #expect(!files.isEmpty)
    for file in files {
      for type in SourceFiles.text(file).matches(
        of:
          /(?m)^(?:public )?(?:struct|enum) (\w+): (?:BalancingMethod|GraphRule|OpPayload|(?:Async)?ParsableCommand)/
      ) {
        #expect(list.contains("\(type.1)"), "\(type.1) of \(file) is not in \(registry)")
      }
    }
  }
}
