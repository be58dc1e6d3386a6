// SPDX-License-Identifier: Apache-2.0

internal import CAttacks
internal import CKernel
import Glibc

/// What the real worker does while it parses, all of which the filter must let pass.
struct HonestWork {
  private static let input = Int32(hostile_input)
  private static let output = Int32(hostile_output)
  private static let channel = Int32(hostile_channel)

  let inThread: Bool

  func run() {
    // SAFETY: the name is a null-terminated copy, and the thread has used it when the call returns.
    if inThread { check(unsafe hostile_attack_in_thread("churn") == 0, "thread") }
    check(hashAndSort(), "collections")
    check(growAndShrink(), "memory")
    check(readInput(), "input")
    check(mapInput(), "map")
    check(takeOutputAndWrite(), "output")
    check(answer(), "answer")
  }

  private func check(_ worked: Bool, _ what: String) {
    guard !worked else { return }
    Report.line("failed \(what)")
    HostileWorker.end(.denied)
  }

  private func hashAndSort() -> Bool {
    var counts: [String: Int] = [:]
    for index in 0..<20_000 { counts["value \(index % 1_000)", default: 0] += 1 }
    return counts.values.allSatisfy { $0 == 20 } && counts.keys.sorted().first == "value 0"
      && Double("1.5e3") == 1_500 && Set((0..<100).map { _ in UInt64.random(in: 0...UInt64.max) }).count == 100
  }

  /// Past malloc's thresholds for maps and trimming, both ways.
  private func growAndShrink() -> Bool {
    (0..<3).allSatisfy { round in
      var blocks = (0..<64).map { [UInt8](repeating: UInt8(round), count: ($0 + 1) << 12) }
      blocks.append([UInt8](repeating: 1, count: 32 << 20))
      blocks[64].append(contentsOf: blocks[63])
      return blocks[64].count == (32 << 20) + (64 << 12)
    }
  }

  private func readInput() -> Bool {
    guard ingest_file_size(Self.input) == 4_096 else { return false }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    // SAFETY: the buffer is valid for the call and its count is its own.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(Self.input, $0.baseAddress, $0.count, 0) }
    return count == 4_096 && bytes.allSatisfy { $0 == 7 }
  }

  private func mapInput() -> Bool {
    // SAFETY: a new private map, which nobody else knows.
    guard let map = unsafe mmap(nil, 4_096, PROT_READ, MAP_PRIVATE, Self.input, 0), unsafe map != MAP_FAILED else {
      return false
    }
    // SAFETY: the map is as long as the input, is read within it, and unmapped once.
    let last = unsafe map.loadUnaligned(fromByteOffset: 4_095, as: UInt8.self)
    return unsafe munmap(map, 4_096) == 0 && last == 7
  }

  private func takeOutputAndWrite() -> Bool {
    var message = [UInt8](repeating: 0, count: 8)
    var descriptors = [Int32](repeating: -1, count: Int(INGEST_DESCRIPTORS_PER_MESSAGE))
    var count: Int32 = 0
    // SAFETY: both buffers live for the call and have the room that it is told.
    let length = unsafe ingest_receive_with_descriptors(Self.channel, &message, message.count, &descriptors, &count)
    guard length == 2, count == 1, descriptors[0] > Self.channel else { return false }
    // SAFETY: the buffer is valid for the call and its count is its own.
    return unsafe message.withUnsafeBytes { unsafe pwrite(descriptors[0], $0.baseAddress, $0.count, 0) } == 8
      && ingest_file_size(Self.output) == 8
  }

  private func answer() -> Bool {
    // SAFETY: the buffer lives for the call and has the length that it is told; there are no descriptors.
    unsafe ingest_send_with_descriptors(Self.channel, [UInt8]("done".utf8), 4, nil, 0) == 4
  }
}
