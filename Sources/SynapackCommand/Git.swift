import Subprocess
import SynapackSupport

/// Questions to the command `git`, in the work folder.
enum Git {
  struct Answer {
    var isSuccess: Bool
    var output: [UInt8]
    /// What git says on standard error.
    var errors: String

    var lines: [String] {
      String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The first line of the errors, without git's own word for an error.
    var complaint: String {
      let line = errors.split(separator: "\n").first.map(String.init) ?? "git does not say why"
      return line.hasPrefix("fatal: ") ? String(line.dropFirst(7)) : line
    }
  }

  /// - Parameter limit: the most bytes that are taken from standard output.
  /// - Throws: `SYN0733` where there is no git, or more output than that.
  static func run(_ arguments: String..., limit: Int = 1 << 16) async throws -> Answer {
    do {
      // In English, as messages are quoted among our own.
      let result = try await Subprocess.run(
        .name("git"), arguments: Arguments(arguments),
        environment: .inherit.updating(["LC_ALL": "C"]), output: .bytes(limit: limit),
        error: .string(limit: 1 << 16))
      return Answer(
        isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
        errors: result.standardError)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw PackError(
        .gitUnavailable, "there is no command `git` on the PATH",
        hint: "install git, or give the bundle as a file")
    } catch let error as SubprocessError where error.code == .outputLimitExceeded {
      throw PackError(
        .gitUnavailable, "git gives more than \(limit) bytes",
        hint: "write the bundle to a file with `git cat-file blob`, and give that")
    } catch {
      throw PackError(
        .gitUnavailable, "git cannot be run: \(error)", hint: "give the bundle as a file")
    }
  }
}
