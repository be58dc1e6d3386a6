// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestTables
import Testing
import WorkerChannel
import WorkerProtocol

@testable import UploadVerification

private func findings(records: UInt64, setAside: UInt64) -> TableFindings {
  TableFindings(
    dialect: Dialect(delimiter: ",", newline: .lf, header: .present, hasByteOrderMark: false),
    records: records, setAside: setAside, notes: [])
}

/// One `int64` column of three rows, as an honest worker describes it.
private func honest() -> UntrustedOutput {
  var said = UntrustedOutput()
  said.fields = [Field(name: "a", type: .int64)]
  said.rows = [3]
  said.findings = findings(records: 4, setAside: 1)
  return said
}

private func makeFile() throws -> OwnedDescriptor {
  try OwnedDescriptor.open(NSTemporaryDirectory(), flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
}

/// The bodies that belong to `honest()`.
private func honestFile() throws -> OwnedDescriptor {
  let file = try makeFile()
  let layout = try ArrowLayout(
    schema: Schema(fields: honest().fields), shapes: [BatchShape(rows: 3, sizes: [])])
  let body = layout.batches[0]
  var bytes = [UInt8](repeating: 0, count: body.bodyLength)
  bytes[0] = 0b111
  for row in 0..<3 { bytes[body.columns[0].values.lowerBound - body.bodyOffset + row * 8] = UInt8(row + 1) }
  try file.pwrite(bytes.span, at: UInt64(body.bodyOffset))
  return file
}

@Suite("Output verifier")
struct OutputVerifierTests {
  private let verifier = OutputVerifier(nameBytes: 1024)

  /// What is wrong with an output; nil where nothing is.
  private func fault(
    of said: UntrustedOutput, _ file: consuming OwnedDescriptor, limit: UInt64 = .max
  ) -> OutputFault? {
    do {
      _ = try verifier.verify(said, writtenTo: file, limit: limit)
      return nil
    } catch {
      return error as? OutputFault
    }
  }

  @Test("An honest output becomes a table that reads back")
  func honestOutput() throws {
    let table = try verifier.verify(honest(), writtenTo: try honestFile())
    #expect(table.rows == 3)
    let file = try TableFile(reading: try table.file.duplicate())
    let batch = try file.batch(0)
    #expect((0..<3).map { batch.columns[0][$0] } == [.int64(1), .int64(2), .int64(3)])
    #expect(file.size == table.fileBytes)
  }

  @Test(
    "C40 A file that somebody can still write to is refused, wherever the writer is hidden",
    arguments: ["descriptor", "message", "map", "process"])
  func stillWritable(_ hidden: String) throws {
    let file = try honestFile()
    let leak = try Leak(of: file, hidden)
    #expect(fault(of: honest(), file) == .stillWritable)
    leak.end()
    // Once the writer is gone the same file would do.
    #expect(fault(of: honest(), try honestFile()) == nil)
  }

  @Test("C40 Many empty batches are refused once their metadata alone is more than there may be")
  func emptyBatches() throws {
    var said = honest()
    said.rows = [UInt64](repeating: 0, count: 1000) + said.rows
    said.sizes = [UInt64](repeating: 0, count: 1000 * (said.sizes.count / (said.rows.count - 1000))) + said.sizes
    #expect(fault(of: said, try honestFile(), limit: 100_000) == .tooLarge)
  }

  static let lies: [(String, OutputFault, @Sendable (inout UntrustedOutput) -> Void)] = [
    ("no columns", .emptySchema, { $0.fields = [] }),
    ("an empty name", .invalidName(column: 0), { $0.fields[0].name = "" }),
    ("an endless name", .invalidName(column: 0), { $0.fields[0].name = String(repeating: "x", count: 2000) }),
    ("two columns of one name", .duplicateName(column: 1), { $0.fields.append($0.fields[0]) }),
    ("no findings", .recordsDoNotAddUp, { $0.findings = nil }),
    ("fewer records than rows", .recordsDoNotAddUp, { $0.findings = findings(records: 2, setAside: 0) }),
    (
      "records that are neither rows nor set aside", .recordsDoNotAddUp,
      { $0.findings = findings(records: 9, setAside: 1) }
    ),
    ("a size too many", .layout(.wrongNumberOfSizes(batch: 1)), { $0.sizes = [1] }),
    ("a size too few", .layout(.wrongNumberOfSizes(batch: 1)), { $0.fields[0].type = .utf8 }),
    ("more rows than a batch can hold", .layout(.tooManyRows(batch: 0)), { $0.rows = [.max] }),
    (
      "more text than a buffer can hold", .layout(.tooMuchText(batch: 0)),
      {
        $0.fields[0].type = .utf8
        $0.sizes = [.max]
      }
    ),
    (
      "a batch that is not there", .body(.wrongLength(expected: 1024, actual: 640)),
      { $0.rows = [3, 3] }
    ),
    (
      "no batch at all", .body(.wrongLength(expected: 0, actual: 640)),
      {
        $0.rows = []
        $0.findings = findings(records: 1, setAside: 1)
      }
    ),
  ]

  @Test("C40 A description that does not fit its file is refused", arguments: lies)
  func lie(_ what: String, _ fault: OutputFault, _ change: @Sendable (inout UntrustedOutput) -> Void) throws {
    var said = honest()
    change(&said)
    let error = #expect(throws: OutputFault.self, "\(what)") {
      _ = try verifier.verify(said, writtenTo: try honestFile())
    }
    // Lengths depend on the metadata's size, so there the kind is enough.
    switch (error, fault) {
    case (.body(.wrongLength), .body(.wrongLength)): break
    case (.recordsDoNotAddUp, .body): break
    default: #expect(error == fault, "\(what)")
    }
  }

  @Test("C40 No flipped byte of a body goes unnoticed where it matters")
  func flippedBytes() throws {
    let layout = try ArrowLayout(schema: Schema(fields: honest().fields), shapes: [BatchShape(rows: 3, sizes: [])])
    let body = layout.batches[0]
    for offset in body.bodyOffset..<body.bodyEnd {
      let file = try honestFile()
      try file.pwrite([UInt8](repeating: 0xFF, count: 1).span, at: UInt64(offset))
      let isValue = body.columns[0].values.contains(offset)
      // Any bit pattern is an integer; every other byte is fixed.
      let isAccepted = fault(of: honest(), file) == nil
      #expect(isAccepted == isValue, "offset \(offset)")
    }
  }
}

/// A way to write to a file that outlives the descriptor that it came from.
@safe private final class Leak {
  private var descriptors: [Int32] = []
  private var map: UnsafeMutableRawPointer?
  private var process: Process?

  init(of file: borrowing OwnedDescriptor, _ hidden: String) throws {
    switch hidden {
    case "descriptor": descriptors = [dup(file.rawValue)]
    case "message":
      // In a queue that nobody reads: no process has it open.
      let ends = try MessageSocket.makePair()
      let sender = MessageSocket(owning: OwnedDescriptor(owning: ends.0))
      try sender.send([1], descriptors: [file.rawValue])
      descriptors = [ends.1]
    case "map":
      // SAFETY: a new map, which this value undoes.
      unsafe map = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.rawValue, 0)
      try #require(unsafe map != MAP_FAILED)
    default:
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sleep")
      process.arguments = ["60"]
      process.standardOutput = FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false)
      try process.run()
      self.process = process
    }
  }

  func end() {
    for number in descriptors { close(number) }
    descriptors = []
    // SAFETY: the map is this value's, as long as it was made, and nobody keeps its address.
    if let address = unsafe map { unsafe munmap(address, 4096) }
    unsafe map = nil
    if let process {
      // The runner's threads block the gentler signals, and their children inherit it.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    process = nil
  }

  deinit { end() }
}
