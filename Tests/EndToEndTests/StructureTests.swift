// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The manifest's targets, as `swift package dump-package` prints them.
private struct Manifest: Decodable {
  struct Target: Decodable {
    let name: String
    let type: String
    let dependencies: [Dependency]
    let settings: [Setting]
  }

  /// `{"tool": "swift", "kind": {"unsafeFlags": …}}`.
  struct Setting: Decodable {
    struct Anything: Decodable {}

    let kind: [String: Anything]
  }

  /// `{"byName": [name, condition]}`, `{"target": […]}` or `{"product": [name, package, …]}`.
  struct Dependency: Decodable {
    let target: String?

    init(from decoder: any Decoder) throws {
      let cases = try decoder.singleValueContainer().decode([String: [Element]].self)
      target = (cases["byName"] ?? cases["target"])?.first?.text
    }

    struct Element: Decodable {
      let text: String?

      init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
    }
  }

  let targets: [Target]

  func closure(of name: String) -> Set<String> {
    var found: Set<String> = []
    var open = [name]
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += targets.first { $0.name == next }?.dependencies.compactMap(\.target) ?? []
    }
    return found
  }

  /// A scratch of its own: the build that runs this test holds the lock of the usual one.
  static let shared = Task<Manifest, any Error> {
    let scratch = try TemporaryDirectory()
    let environment = ProcessInfo.processInfo.environment
    let command = [
      "swift", "package", "--package-path", Binaries.root.path, "--scratch-path", scratch["build"].path,
      "--disable-sandbox", "dump-package",
    ]
    let ended = try await run(command, environment: environment, deadline: 240)
    guard ended.status == 0 else { throw Binaries.Missing(description: "dump-package failed: \(ended.talk)") }
    return try ended.json(Manifest.self)
  }
}

@Suite("Structure of the package")
struct StructureTests {
  @Test(
    "What the libraries stand on has no unsafe build flags, which a versioned dependency may not have",
    arguments: ["IngestPipeline", "IngestTables"])
  func unsafeFlags(library: String) async throws {
    let manifest = try await Manifest.shared.value
    let flagged = Set(manifest.targets.filter { $0.settings.contains { $0.kind["unsafeFlags"] != nil } }.map(\.name))
    #expect(flagged.contains("Readers") && flagged.contains("ingest"))
    #expect(manifest.closure(of: library).isDisjoint(with: flagged))
  }

  private static let workerOnly: Set = [
    "CMagic", "CArchive", "CGunzip", "CICU", "CSeccomp", "CTranscode", "CZlib", "CScan", "Readers", "Inspection",
    "Lockdown", "OneShotWorker",
  ]

  @Test(
    "Nothing that interprets uploaded bytes is within reach of the service (C37)", arguments: ["ingest", "Service"])
  func service(_ target: String) async throws {
    let manifest = try await Manifest.shared.value
    let closure = manifest.closure(of: target)
    #expect(closure.count > 8, "the closure is not that of a real target: \(closure)")
    #expect(closure.isDisjoint(with: Self.workerOnly), "\(closure.intersection(Self.workerOnly))")
  }

  @Test("The worker reaches all of it, and neither the service nor the catalog")
  func worker() async throws {
    let closure = try await Manifest.shared.value.closure(of: "IngestWorker")
    #expect(closure.isSuperset(of: Self.workerOnly))
    #expect(closure.isDisjoint(with: ["Service", "IngestPipeline", "Sandbox", "Store", "Catalog", "CSpawn"]))
  }

  @Test("What parses requests needs nothing of the network")
  func parsing() async throws {
    let manifest = try await Manifest.shared.value
    #expect(manifest.closure(of: "HTTPParsing") == ["HTTPParsing", "Validation"])
    #expect(manifest.targets.first { $0.name == "HTTPParsing" }?.dependencies.count == 1)
  }

  @Test("What judges a worker reaches neither the network nor the store")
  func verification() async throws {
    let closure = try await Manifest.shared.value.closure(of: "UploadVerification")
    #expect(closure.contains("WorkerProtocol"))
    #expect(closure.isDisjoint(with: ["Service", "IngestPipeline", "Store", "Catalog"]))
  }

  @Test("Only Sandbox can start processes")
  func spawn() async throws {
    let manifest = try await Manifest.shared.value
    let users = manifest.targets.filter { $0.type != "test" && $0.dependencies.contains { $0.target == "CSpawn" } }
    #expect(users.map(\.name) == ["Sandbox"])
  }

  /// Swift files of Sources by path, without comments and the texts of literals that stand alone in comments.
  private static let sources: [(path: String, code: String)] = {
    let folder = Binaries.root.appending(path: "Sources")
    return files(under: folder).filter { $0.hasSuffix(".swift") }.map { path in
      let text = (try? String(contentsOf: folder.appending(path: path), encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? String(line)
      }
      return (path, lines.joined(separator: "\n"))
    }
  }()

  private func holders(of word: String, outside folders: [String] = []) -> [String] {
    Self.sources.filter { source in
      !folders.contains { source.path.hasPrefix($0 + "/") } && source.code.contains(word)
    }.map(\.path)
  }

  @Test(
    "No Swift file outside of Sandbox starts a process",
    arguments: ["posix_spawn", "execv", "execl", "Process()", "popen(", "system(", "import Subprocess"])
  func noProcess(_ call: String) {
    #expect(Self.sources.count > 100)
    #expect(holders(of: call, outside: ["Sandbox"]).filter { !isMethod(call, in: $0) } == [])
  }

  @Test("Workers are forked in one place, which the zygote alone calls")
  func oneFork() {
    #expect(holders(of: "ingest_fork(") == ["Lockdown/Forker.swift"])
    #expect(holders(of: "forker.fork(") == ["OneShotWorker/Zygote.swift"])
    // The C library's own, which would fork the service.
    #expect(holders(of: " fork()") == [] && holders(of: "Glibc.fork(") == [])
  }

  /// `system(` also ends names such as `.system(error)`, which is a case of ours.
  private func isMethod(_ call: String, in path: String) -> Bool {
    guard call == "system(", let source = Self.sources.first(where: { $0.path == path }) else { return false }
    let ranges = source.code.ranges(of: call)
    return ranges.allSatisfy { range in
      let before =
        range.lowerBound == source.code.startIndex ? " " : source.code[source.code.index(before: range.lowerBound)]
      return before == "." || before.isLetter || source.code[..<range.lowerBound].hasSuffix("case ")
    }
  }

  @Test(
    "Each C library is behind one keyhole: one file, or the files of one folder",
    arguments: [
      ("CMagic", 1), ("CArchive", 1), ("CSeccomp", 1), ("CSpawn", 1), ("CBzip2", 1), ("CLz4", 1), ("CLzma", 2),
      ("CZstd", 1), ("CZlib", 1), ("CGunzip", 1), ("CSQLite", 2),
    ])
  func keyhole(_ module: String, files: Int) {
    let importers = importers(of: module)
    let folders = Set(importers.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    #expect(folders.count == 1 && importers.count == files, "\(importers)")
  }

  @Test("What scans text by vectors is called by the engine of the readers, and by the index of JSON's cells")
  func scan() {
    let folders = Set(importers(of: "CScan").map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    #expect(folders == ["Readers/Engine", "Readers/JSON"])
  }

  @Test("The kernel's shim is used by these modules only")
  func kernel() {
    let owners = Set(importers(of: "CKernel").compactMap { $0.split(separator: "/").first.map(String.init) })
    let known: Set = ["IngestPipeline", "Lockdown", "Sandbox", "UploadVerification", "WorkerChannel"]
    #expect(owners == known, "\(importers(of: "CKernel"))")
  }

  private func importers(of module: String) -> [String] {
    Self.sources.filter { source in
      source.code.split(separator: "\n").contains { line in
        let words = line.split(separator: " ")
        return words.contains("import") && words.last == Substring(module)
      }
    }.map(\.path)
  }

  @Test("Nothing can weaken the confinement but the tests of Lockdown")
  func weakening() {
    #expect(holders(of: "weakenedByOmitting", outside: ["Lockdown"]) == [])
    let tests = Binaries.root.appending(path: "Tests")
    let users = files(under: tests).filter { path in
      path.hasSuffix(".swift")
        && (try? String(contentsOf: tests.appending(path: path), encoding: .utf8))?.contains("weakenedBy" + "Omitting")
          == true
    }
    #expect(users.allSatisfy { $0.hasPrefix("HostileWorker/") || $0.hasPrefix("EndToEndTests/Structure") }, "\(users)")
  }

  @Test(
    "No regular expression is used on input (C36)",
    arguments: [
      "Regex", "NSRegularExpression", "#/", "firstMatch", "wholeMatch", ".regularExpression",
      "import _StringProcessing",
    ])
  func noRegularExpression(_ word: String) {
    #expect(holders(of: word) == [])
  }

  @Test("Every file of Swift starts with the one-line licence", arguments: ["Sources", "Tests", "Fuzz"])
  func licence(_ name: String) {
    let folder = Binaries.root.appending(path: name)
    for path in files(under: folder) where path.hasSuffix(".swift") {
      let text = try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
      #expect(text?.hasPrefix("// SPDX-License-Identifier: Apache-2.0\n") == true, "\(path)")
    }
  }
}
