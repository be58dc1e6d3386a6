// SPDX-License-Identifier: Apache-2.0

import CLimits
import FileDescriptors
import Foundation
import Hashing

// What this machine takes for what no reader can avoid: moving bytes, page faults, hashing, writing and syncing.
// Arguments: a folder on the disk in question, the millions of bytes, the number of turns. Prints JSON: the median
// seconds of each.

struct Failed: Error, CustomStringConvertible {
  let description: String
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let millions = Int(arguments[2]), let turns = Int(arguments[3]), millions > 0, turns > 0
else { throw Failed(description: "usage: limits-bench FOLDER MEGABYTES TURNS") }
let bytes = millions * 1_000_000
let piece = 1 << 20
let folder = try OwnedDescriptor.open(arguments[1], flags: O_RDONLY | O_DIRECTORY)

func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

func seconds(_ what: String, _ work: () throws -> Double) throws -> Double {
  let times = try (0..<turns).map { _ in try work() }
  guard let least = times.min(), least >= 0 else { throw Failed(description: "\(what) cannot be measured") }
  return median(times)
}

/// Hashes as the service hashes an upload: through a buffer, with the library that it uses.
func hash(_ file: borrowing OwnedDescriptor, piece: Int) throws -> Double {
  let start = ContinuousClock.now
  var hasher = SHA256()
  var buffer = [UInt8](repeating: 0, count: piece)
  var offset: UInt64 = 0
  while offset < UInt64(bytes) {
    var span = buffer.mutableSpan
    let count = try file.pread(into: &span, at: offset)
    guard count > 0 else { throw Failed(description: "the file is cut off") }
    hasher.update(buffer.span.extracting(first: count))
    offset += UInt64(count)
  }
  _ = hasher.finalize()
  return elapsed(since: start)
}

func elapsed(since start: ContinuousClock.Instant) -> Double {
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  return Double(seconds) + Double(attoseconds) / 1e18
}

/// Writes a new file, and then syncs it.
func write(threads: Int32) throws -> (written: Double, synced: Double) {
  let file = try folder.makeUnnamedFile()
  let written = limits_write(file.rawValue, bytes, piece, threads)
  return (written, limits_sync(file.rawValue))
}

let cached = try folder.makeUnnamedFile()
guard limits_write(cached.rawValue, bytes, piece, 1) > 0, limits_sync(cached.rawValue) >= 0 else {
  throw Failed(description: "\(millions) MB cannot be written")
}
var measured: [String: Any] = ["bytes": bytes, "turns": turns]
for threads: Int32 in [1, 2] {
  measured["copy_\(threads)"] = try seconds("copying") { limits_copy(bytes, threads) }
  measured["sum_\(threads)"] = try seconds("reading memory") { limits_sum(bytes, threads) }
  measured["map_\(threads)"] = try seconds("mapping") { limits_map(cached.rawValue, bytes, threads, 0) }
  measured["read_\(threads)"] = try seconds("reading") { limits_read(cached.rawValue, bytes, 128 << 10, threads) }
  let writes = try (0..<turns).map { _ in try write(threads: threads) }
  guard writes.allSatisfy({ $0.written > 0 && $0.synced >= 0 }) else { throw Failed(description: "a write fails") }
  measured["write_\(threads)"] = median(writes.map(\.written))
  measured["sync_\(threads)"] = median(writes.map(\.synced))
}
measured["map_populated"] = try seconds("mapping at once") { limits_map(cached.rawValue, bytes, 1, 1) }
measured["touch_small"] = try seconds("touching memory") { limits_touch(bytes, 0) }
measured["touch_huge"] = try seconds("touching memory") { limits_touch(bytes, 1) }
measured["hash"] = try seconds("hashing") { try hash(cached, piece: 128 << 10) }
let json = try JSONSerialization.data(withJSONObject: measured, options: [.sortedKeys, .prettyPrinted])
print(String(decoding: json, as: UTF8.self))
