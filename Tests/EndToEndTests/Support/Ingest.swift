// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Bounds how many programs run at a time: the tests' deadlines are for a machine that is not overrun. Who asked last
/// comes first, so that a test that has begun, and may have a server running, goes on before others begin.
private actor Turns {
  static let shared = Turns(ProcessInfo.processInfo.activeProcessorCount + 1)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeLast().resume() }
  }
}

/// Runs a program to its end, in its turn.
func run(
  _ command: [String], input: Data = Data(), output: String? = nil, in folder: URL? = nil,
  environment: [String: String] = [:], deadline: Double = 120
) async throws -> Ended {
  await Turns.shared.take()
  let result: Result<Ended, any Error>
  do {
    let child = try Child(
      command, input: input, output: output, in: folder, environment: environment, deadline: deadline)
    result = .success(try await child.end())
  } catch { result = .failure(error) }
  await Turns.shared.giveBack()
  let ended = try result.get()
  #expect(!ended.isOverdue, "\(command.joined(separator: " ")) passed its deadline of \(deadline) s")
  return ended
}

/// Runs `ingest` to its end.
func ingest(
  _ arguments: String..., input: Data = Data(), output: String? = nil, in folder: URL? = nil, deadline: Double = 120
) async throws -> Ended {
  try await ingest(arguments, input: input, output: output, in: folder, deadline: deadline)
}

func ingest(
  _ arguments: [String], input: Data = Data(), output: String? = nil, in folder: URL? = nil, deadline: Double = 120
) async throws -> Ended {
  let options = try await ConfinementLevel.options(for: arguments.first)
  return try await run(
    [try Binaries.ingest()] + arguments + options, input: input, output: output, in: folder, deadline: deadline)
}

/// Starts `ingest`, not in turn, for a test that interferes with it.
func startIngest(
  _ arguments: [String], environment: [String: String] = [:], deadline: Double = 120
) async throws -> Child {
  let options = try await ConfinementLevel.options(for: arguments.first)
  return try Child([try Binaries.ingest()] + arguments + options, environment: environment, deadline: deadline)
}

/// What the kernel that runs the tests offers.
///
/// Where Landlock is missing, everything runs at level basic, as the demo does, and the tests that need more are
/// skipped.
enum ConfinementLevel {
  private static let probe = Task<String, any Error> {
    let ended = try await run([try Binaries.ingest(), "doctor", "--json", "--sandbox-require", "basic"])
    let sandbox = try ended.object()["sandbox"] as? [String: Any]
    return sandbox?["level"] as? String ?? "none"
  }

  /// The strongest level that can be had.
  static var best: String { get async throws { try await probe.value } }

  static var isStrong: Bool { get async throws { try await ["strong", "full"].contains(best) } }

  /// What a command needs to be told so that it accepts the level.
  static func options(for command: String?) async throws -> [String] {
    guard let command, ["check", "convert", "batch", "serve"].contains(command), try await !isStrong else { return [] }
    return ["--sandbox-require", "basic"]
  }
}
