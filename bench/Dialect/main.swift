// SPDX-License-Identifier: Apache-2.0

import CKernel
import FileDescriptors
import Glibc
import Readers
import Validation
import WorkerProtocol

// How long it takes to find out how a text is taken apart and where its table lies (`TextTables`), alone. Each turn runs
// in a process that was forked for it from a warm one, as a worker is, and begins with a map of the file.
// Arguments: the number of turns, then paths of files to take instead of typical texts. Prints a line for each text: name, bytes, milliseconds of
// a forked process and of this one (medians), parted by tabs. Without Foundation, like the worker.

/// What is asked again and again of one text.
struct Case {
  let name: String
  let file: OwnedDescriptorBox
  let bytes: Int
  /// The delimiter that must be found; nil where anything may be.
  let delimiter: String?
}

/// A descriptor that several turns share.
final class OwnedDescriptorBox {
  let descriptor: OwnedDescriptor

  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}

struct Failed: Error, CustomStringConvertible {
  let description: String
}

func scratchFile() throws -> OwnedDescriptor {
  try OwnedDescriptor.open("/tmp", flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
}

func source(_ bytes: MappedBytes) throws -> CSVSource {
  var tables = TextTables(bytes, options: ReadOptions(), limits: ReadLimits(Limits()))
  guard let first = tables.next() else { throw Failed(description: "there is no table") }
  return first
}

func nanoseconds(_ work: () throws -> Void) rethrows -> UInt64 {
  let start = ContinuousClock.now
  try work()
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
}

/// The time that a newly forked process needs.
func forkedTime(_ text: Case, results: borrowing OwnedDescriptor) throws -> UInt64 {
  let process = ingest_fork(0, 0, 0, -1)
  guard process >= 0 else { throw Failed(description: "fork fails") }
  if process == 0 {
    do {
      let bytes = try MappedBytes(text.file.descriptor, range: 0..<text.bytes)
      let time = try nanoseconds { _ = try source(bytes) }
      let digits = (0..<8).map { UInt8(truncatingIfNeeded: time >> (8 * $0)) }
      try results.pwrite(digits.span, at: 0)
      _exit(0)
    } catch { _exit(1) }
  }
  var end = ingest_end()
  // SAFETY: the call fills the structure and keeps no address.
  guard unsafe ingest_reap(process, &end) == 0, end.status == 0, end.was_signalled == 0 else {
    throw Failed(description: "\(text.name) is not read")
  }
  var digits = [UInt8](repeating: 0, count: 8)
  var span = digits.mutableSpan
  guard try results.pread(into: &span, at: 0) == 8 else { throw Failed(description: "a result is missing") }
  return digits.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}

func median(_ times: [UInt64]) -> Double { Double(times.sorted()[times.count / 2]) / 1e6 }

func measure(_ text: Case, turns: Int, results: borrowing OwnedDescriptor) throws {
  let bytes = try MappedBytes(text.file.descriptor, range: 0..<text.bytes)
  let found = try source(bytes).format.delimiter.text
  guard text.delimiter == nil || text.delimiter == found else {
    throw Failed(description: "\(text.name): the delimiter is \(found)")
  }
  var forked: [UInt64] = []
  var warm: [UInt64] = []
  for _ in 0..<turns {
    forked.append(try forkedTime(text, results: results))
    warm.append(try nanoseconds { _ = try source(bytes) })
  }
  print(text.name, text.bytes, median(forked), median(warm), separator: "\t")
}

func makeCases(_ paths: ArraySlice<String>) throws -> [Case] {
  var cases: [Case] = []
  for style in paths.isEmpty ? TypicalText.allCases : [] {
    for size in [1 << 10, 100 << 10, 1 << 20, 16 << 20] {
      let file = try scratchFile()
      let text = style.text(bytes: size)
      try file.write(text.span)
      cases.append(
        Case(
          name: style.rawValue, file: OwnedDescriptorBox(file), bytes: text.count, delimiter: style.delimiter))
    }
  }
  for path in paths {
    let file = try OwnedDescriptor.open(path, flags: O_RDONLY)
    let bytes = Int(clamping: try file.size())
    cases.append(Case(name: path, file: OwnedDescriptorBox(file), bytes: bytes, delimiter: nil))
  }
  return cases
}

let arguments = CommandLine.arguments
guard arguments.count >= 2, let turns = Int(arguments[1]), turns > 0 else {
  throw Failed(description: "usage: dialect-bench TURNS [FILE…]")
}
let results = try scratchFile()
for text in try makeCases(arguments.dropFirst(2)) { try measure(text, turns: turns, results: results) }
