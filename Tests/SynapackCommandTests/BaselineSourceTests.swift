import Foundation
import TestSupport
import Testing

/// `git:REVISION:PATH`: each way in which it cannot be had says so, with what to do.
struct BaselineSourceTests {
  private let full = Fixtures.path("bundles/v1/full.synapack")

  /// A repository with two commits, of which the first has a bundle in a folder and a pointer.
  private func repository() async throws -> String {
    let folder = try Command.temporaryFolder()
    let made = try await Command.shell(
      """
      set -e
      mkdir '\(folder)/r' && cd '\(folder)/r' && git init -q -b main .
      git config user.name ci && git config user.email ci@example.com
      mkdir models && cp '\(full)' models/x.synapack
      printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:\(Self.object)\\nsize 9\\n' > p
      git add . && git commit -q -m first && git tag first
      git commit -q --allow-empty -m second
      git clone -q --depth 1 "file://$PWD" ../shallow
      git clone -q --bare . ../bare.git
      mkdir ../empty
      """)
    try #require(made.status == 0, "\(made.errors)")
    return folder
  }

  private static let object = String(repeating: "ab", count: 32)

  private func diff(_ old: String, in folder: String, _ before: String = "") async throws
    -> Command.Result
  {
    try await Command.shell(
      "cd '\(folder)' && \(before) '\(Command.binary)' diff '\(old)' '\(full)'")
  }

  @Test func whatTheRepositoryHasIsRead() async throws {
    let folder = try await repository()
    for (name, place) in [
      ("git:first:models/x.synapack", "r"), ("git:HEAD:x.synapack", "r/models"),
      ("git:HEAD:../models/x.synapack", "r/models"), ("git:main:models/x.synapack", "bare.git"),
      ("git:HEAD^{tree}:models/x.synapack", "r"),
    ] {
      let result = try await diff(name, in: folder + "/" + place)
      #expect(result.status == 0, "\(name): \(result.errors)")
    }
  }

  @Test func eachLackHasItsOwnWords() async throws {
    let folder = try await repository()
    let cases: [(name: String, place: String, status: Int32, code: String, words: [String])] = [
      ("git:no:models/x.synapack", "r", 2, "SYN0732", ["no revision `no`", "git fetch origin no"]),
      ("git:first:models/x.synapack", "shallow", 2, "SYN0732", ["shallow", "fetch-depth 0"]),
      ("git:HEAD~1:models/x.synapack", "shallow", 2, "SYN0732", ["shallow", "--unshallow"]),
      (
        "git:first:x.synapack", "r", 2, "SYN0732",
        ["`first` has no `x.synapack`, seen from the root", "git ls-tree", "--without-baseline"]
      ),
      ("git:first:models/x.synapack", "r/models", 2, "SYN0732", ["seen from `models/`"]),
      ("git:first:models", "r", 2, "SYN0732", ["`models` is a folder"]),
      ("git:first", "r", 2, "SYN0732", ["it is not git:REVISION:PATH"]),
      ("git:first:models/x.synapack", "empty", 4, "SYN0733", ["in no repository"]),
      ("git:first:p", "r", 3, "SYN0005", [Self.object, "git lfs smudge"]),
      ("p", "r", 3, "SYN0005", [Self.object, "git lfs pull"]),
    ]
    for item in cases {
      let result = try await diff(item.name, in: folder + "/" + item.place)
      #expect(result.status == item.status, "\(item.name): \(result.errors)")
      for words in item.words + ["error[\(item.code)]", item.name] {
        #expect(result.errors.contains(words), "\(item.name), \(words): \(result.errors)")
      }
    }
  }

  @Test func theHintForAShallowCloneWorks() async throws {
    let folder = try await repository()
    let name = "git:HEAD~1:models/x.synapack"
    let before = try await diff(name, in: folder + "/shallow")
    let command = try #require(before.errors.firstMatch(of: /`(git fetch --unshallow)`/)).1
    let after = try await diff(name, in: folder + "/shallow", "\(command) -q &&")
    #expect(before.status == 2 && after.status == 0, "\(after.errors)")
  }

  /// Hints are copied into shells, and a name may come from a pull request.
  @Test func theCommandsOfHintsQuoteTheirWords() async throws {
    let folder = try await repository()
    let cases = [
      ("git:x;touch y:p", "git fetch origin 'x;touch y'"),
      ("git:$(touch y):p", "git fetch origin '$(touch y)'"),
      ("git:HEAD@{0}:none", "git ls-tree -r --name-only 'HEAD@{0}'"),
      ("git:HEAD@{0}:p", "git cat-file blob 'HEAD@{0}:./p' | git lfs"),
    ]
    for (name, hint) in cases {
      let result = try await diff(name, in: folder + "/r")
      #expect(result.errors.contains(hint), "\(name): \(result.errors)")
    }
    let quote = try await Command.run(["diff", "git:it's:p", full])
    #expect(quote.errors.contains("git fetch origin 'it'\\''s'"), "\(quote.errors)")
  }

  @Test func withoutGitItIsSaidThatGitIsMissing() async throws {
    let folder = try await repository()
    let result = try await diff(
      "git:first:models/x.synapack", in: folder + "/r", "PATH='\(folder)'")
    #expect(result.status == 4 && result.errors.contains("no command `git`"), "\(result.errors)")
  }

  /// Models and data come by git-LFS as often as bundles.
  @Test func pointersOfModelsAndDataAreKnown() async throws {
    let folder = try await repository()
    let model = try await Command.shell(
      "cd '\(folder)/r' && cp p m.onnx && '\(Command.binary)' inspect m.onnx")
    #expect(model.status == 3 && model.errors.contains("SYN0005"), "\(model.errors)")
    let data = try await Command.shell(
      "cd '\(folder)/r' && cp p x.npy && '\(Command.binary)' evaluate '\(full)' --data x.npy")
    #expect(data.status == 3 && data.errors.contains("SYN0005"), "\(data.errors)")
  }
}
