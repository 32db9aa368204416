import Foundation
import SystemPackage
import TestSupport
import Testing
import Yams

/// The action, the template and the hook of the repository, their steps run as CI runs them.
struct ReadyMadeCITests {
  private let full = Fixtures.path("bundles/v1/full.synapack")
  private let minimal = Fixtures.path("bundles/v1/minimal.synapack")

  /// A repository whose main branch holds the small bundle, with the large one in the work tree.
  private func repository() async throws -> String {
    let folder = try Command.temporaryFolder()
    let made = try await Command.shell(
      """
      set -e
      mkdir '\(folder)/remote' && cd '\(folder)/remote' && git init -q -b main .
      cp '\(minimal)' 'model x.synapack'
      printf 'synapack-policy: 1\\nrules:\\n  size: {measure: bytes, worse-by-at-most: 0}\\n' > p.yaml
      git add . && git -c user.name=ci -c user.email=ci@example.com commit -q -m x
      git clone -q . ../work && cp '\(full)' '../work/model x.synapack'
      """)
    try #require(made.status == 0, "\(made.errors)")
    return folder + "/work"
  }

  /// Runs a script with variables, each of them quoted.
  private func run(
    _ script: String, _ variables: [String: String], in folder: String, shell: String = "bash"
  ) async throws -> Command.Result {
    let exports = variables.sorted { $0.key < $1.key }.map { key, value in
      "export \(key)='\(value.replacingOccurrences(of: "'", with: "'\\''"))'"
    }
    let path = folder + "/.step"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    return try await Command.shell(
      "cd '\(folder)' && " + (exports + ["\(shell) -e .step"]).joined(separator: "\n"))
  }

  // MARK: - The action

  private struct Action: Decodable {
    struct Input: Decodable {
      var description: String
      var required: Bool?
      var `default`: String?
    }
    struct Output: Decodable {
      var description: String
      var value: String
    }
    struct Step: Decodable {
      var id: String
      var shell: String
      var env: [String: String]
      var run: String
    }
    struct Runs: Decodable {
      var using: String
      var steps: [Step]
    }
    var name: String
    var description: String
    var inputs: [String: Input]
    var outputs: [String: Output]
    var runs: Runs
  }

  private func action(
    _ inputs: [String: String], in folder: String
  ) async throws -> (Command.Result, outputs: String, summary: String) {
    let action = try YAMLDecoder().decode(
      Action.self, from: SourceFiles.text(".github/actions/validate/action.yml"))
    #expect(action.runs.using == "composite" && action.runs.steps.count == 1)
    let step = action.runs.steps[0]
    #expect(!step.run.contains("${{"), "text inside `run` would be run")
    var variables = ["GITHUB_OUTPUT": "outputs", "GITHUB_STEP_SUMMARY": "summary"]
    for (name, expression) in step.env {
      let match = try #require(expression.wholeMatch(of: /\$\{\{ inputs\.([a-z-]+) \}\}/))
      let input = try #require(action.inputs[String(match.1)])
      let value = inputs[String(match.1)] ?? input.default
      #expect(value != nil, "\(match.1) has neither a value nor a default")
      variables[name] = value
    }
    let result = try await run(step.run, variables, in: folder)
    func text(_ name: String) -> String {
      FileManager.default.contents(atPath: folder + "/" + name)
        .map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    // Every output is one that the step sets.
    for output in action.outputs.values {
      let match = try #require(
        output.value.wholeMatch(of: /\$\{\{ steps\.validate\.outputs\.([a-z]+) \}\}/))
      #expect(text("outputs").contains("\(match.1)="))
    }
    return (result, text("outputs"), text("summary"))
  }

  @Test func theActionFailsAWorseBundleAndPassesAGoodOne() async throws {
    let folder = try await repository()
    let command = Command.binary.string
    let inputs = ["bundle": "model x.synapack", "policy": "p.yaml", "command": command]
    let worse = try await action(
      inputs.merging(["baseline": "git:origin/main:model x.synapack"]) { $1 }, in: folder)
    #expect(worse.0.status == 1, "\(worse.0.errors)")
    #expect(worse.outputs.contains("result=fail"))
    #expect(worse.0.output.contains("::error file=p.yaml,line=3,title=SYN0723 size::"))
    #expect(worse.summary.contains("### Fail"))
    for report in ["junit.xml", "synapack.sarif", "verdict.json"] {
      #expect(FileManager.default.fileExists(atPath: folder + "/synapack-reports/" + report))
    }
    let first = try await action(inputs, in: folder)
    #expect(
      first.0.status == 0 && first.outputs.hasSuffix("sarif=synapack-reports/synapack.sarif\n"))
    #expect(first.outputs.contains("result=pass"))
  }

  @Test func noInputOfTheActionIsRun() async throws {
    let folder = try await repository()
    let hostile = "$(touch pwned)`touch pwned`'; touch pwned; '"
    let result = try await action(
      ["bundle": hostile, "policy": "", "command": Command.binary.string], in: folder)
    #expect(result.0.status == 3 || result.0.status == 4)
    #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
  }

  // MARK: - The template

  private struct Template: Decodable {
    struct Job: Decodable {
      var variables: [String: String]
      var script: [String]
    }
    var job: Job
    enum CodingKeys: String, CodingKey { case job = ".synapack-validate" }
  }

  @Test func theTemplateComparesWithTheTargetBranch() async throws {
    let folder = try await repository()
    let template = try YAMLDecoder().decode(
      Template.self, from: SourceFiles.text(".gitlab/validate.yml"))
    var variables = template.job.variables
    variables["SYNAPACK_BUNDLE"] = "model x.synapack"
    variables["SYNAPACK_POLICY"] = "p.yaml"
    variables["SYNAPACK_COMMAND"] = Command.binary.string
    let script = template.job.script.joined(separator: "\n")
    let push = try await run(script, variables, in: folder, shell: "sh")
    #expect(push.status == 0, "\(push.output) \(push.errors)")
    variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "main"
    let request = try await run(script, variables, in: folder, shell: "sh")
    #expect(request.status == 1 && request.output.contains("SYN0723"), "\(request.errors)")
    let quality = try #require(FileManager.default.contents(atPath: folder + "/code-quality.json"))
    let entries = try JSONSerialization.jsonObject(with: quality) as? [[String: Any]]
    #expect(entries?.first?["check_name"] as? String == "SYN0723 size")
  }

  /// In a fork `origin` is the fork itself: here its main branch already holds the large bundle, and
  /// only the target project knows what the request is compared with.
  @Test(arguments: [true, false])
  func theTemplateAsksTheTargetProjectOfAFork(knowsBase: Bool) async throws {
    let work = try await repository()
    let folder = String(work.dropLast("/work".count))
    let made = try await Command.shell(
      """
      set -e
      cd '\(folder)'
      git clone -q --bare remote target.git
      git -C target.git config uploadpack.allowAnySHA1InWant true
      git -C target.git rev-parse main
      cd remote && git checkout -q --orphan other && cp '\(full)' 'model x.synapack'
      git add . && git -c user.name=ci -c user.email=ci@example.com commit -q -m y
      git branch -q -D main && git branch -q -m main
      cd .. && rm -rf work && git clone -q --depth 1 "file://$PWD/remote" work
      """)
    try #require(made.status == 0, "\(made.errors)")
    let template = try YAMLDecoder().decode(
      Template.self, from: SourceFiles.text(".gitlab/validate.yml"))
    var variables = template.job.variables
    variables["SYNAPACK_BUNDLE"] = "model x.synapack"
    variables["SYNAPACK_POLICY"] = "p.yaml"
    variables["SYNAPACK_COMMAND"] = Command.binary.string
    variables["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"] = "main"
    if knowsBase {
      variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = made.output.split(separator: "\n").first.map(
        String.init)
    }
    let script = template.job.script.joined(separator: "\n")
    // A request within one project is compared with the project's own branch.
    variables["CI_PROJECT_ID"] = "2"
    if !knowsBase {
      let own = try await run(script, variables, in: work, shell: "sh")
      #expect(own.status == 0, "\(own.output) \(own.errors)")
    }
    variables["CI_MERGE_REQUEST_PROJECT_ID"] = "1"
    variables["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"] = "2"
    variables["CI_MERGE_REQUEST_PROJECT_URL"] = "file://\(folder)/target"
    let fork = try await run(script, variables, in: work, shell: "sh")
    #expect(fork.status == 1 && fork.output.contains("SYN0723"), "\(fork.output) \(fork.errors)")
    // Without the target project there is nothing to compare with, which fails the job.
    variables["CI_MERGE_REQUEST_PROJECT_URL"] = "file://\(folder)/nowhere"
    variables["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = String(repeating: "1", count: 40)
    let lost = try await run(script, variables, in: work, shell: "sh")
    #expect(lost.status != 0 && !lost.output.contains("pass:"), "\(lost.output)")
  }

  // MARK: - The hook

  private struct Hook: Decodable {
    var id: String
    var name: String
    var entry: String
    var language: String
    var files: String
  }

  @Test func theHookFailsWhereAnyBundleIsDamaged() async throws {
    let hooks = try YAMLDecoder().decode(
      [Hook].self, from: SourceFiles.text(".pre-commit-hooks.yaml"))
    let hook = try #require(hooks.first)
    #expect(hooks.count == 1 && hook.language == "system" && hook.files == #"\.synapack$"#)
    let folder = try Command.temporaryFolder()
    try "no bundle".write(toFile: folder + "/bad", atomically: true, encoding: .utf8)
    // pre-commit splits the entry as a shell would and adds the names.
    let path = Command.binary.removingLastComponent().string
    for (files, status) in [("'\(full)'", 0), ("'\(full)' bad '\(minimal)'", 1)] {
      let result = try await run(
        "PATH='\(path)':$PATH\n\(hook.entry) \(files)", [:], in: folder)
      #expect(result.status == Int32(status), "\(result.output) \(result.errors)")
      #expect(result.output.contains("pass:"))
    }
  }
}
