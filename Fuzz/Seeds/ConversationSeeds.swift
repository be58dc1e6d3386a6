// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// A worker's deeds as bytes: what `ConversationScript` reads.
private struct Deeds {
  private(set) var bytes: [UInt8]

  /// An upload of this name, by its places in the script's lists.
  init(extension index: UInt8, hasSmallLimits: Bool = false, isKnown: Bool = false) {
    bytes = [hasSmallLimits ? 1 : 0, index, 0, 0, 0, isKnown ? 0x80 : 0, 0]
  }

  func raw(_ packet: [UInt8]) -> Deeds { adding([0] + packet.count.littleEndian(2) + packet) }

  /// Witnesses of text, zip (1) or gzip (2).
  func inspected(signature: UInt8 = 0) -> Deeds { adding([1, 0, signature, 0, 0]) }

  func member(name: UInt8?, hasContent: Bool = true) -> Deeds {
    adding([2] + (name.map { [1, $0] } ?? [0]) + [9] + (hasContent ? [0, 0, 0, 0, 0] : [0xFF]))
  }

  var wantsOutput: Deeds { adding([3]) }

  /// Columns called `c0` and so on, by their types' numbers.
  func columns(_ types: UInt8...) -> Deeds { adding([4, UInt8(types.count)] + types.flatMap { [0, $0] }) }

  func rows(_ rows: UInt8...) -> Deeds { adding([5, UInt8(rows.count)] + rows) }
  func sizes(_ sizes: UInt8...) -> Deeds { adding([6, UInt8(sizes.count)] + sizes) }
  var tableFinished: Deeds { adding([7, 1, 0]) }
  var progress: Deeds { adding([8, 1, 1]) }
  var rejected: Deeds { adding([9, 20]) }
  var finished: Deeds { adding([10]) }
  func endless(_ kind: UInt8) -> Deeds { adding([11, kind, 1]) }
  func write(_ content: [UInt8], at offset: Int) -> Deeds {
    adding([12, UInt8(content.count)] + content + offset.littleEndian(2))
  }
  var emptyBodies: Deeds { adding([13]) }

  /// A whole table whose cells are all null.
  var table: Deeds { wantsOutput.columns(2, 8, 9).rows(3, 5).sizes(0, 0, 0, 0, 0, 0).emptyBodies.tableFinished }

  private func adding(_ more: [UInt8]) -> Deeds {
    var deeds = self
    deeds.bytes += more
    return deeds
  }
}

/// Places in the script's list of extensions.
private enum Kind {
  static let csv: UInt8 = 1
  static let gzip: UInt8 = 2
  static let zip: UInt8 = 3
}

/// Honest conversations, and liars of every kind.
let conversationSeeds: [Seed] =
  [
    ("csv", Deeds(extension: Kind.csv).inspected().progress.table.finished),
    ("csv_without_name", Deeds(extension: 0).inspected().table.finished),
    ("csv_known", Deeds(extension: Kind.csv, isKnown: true).inspected().finished),
    ("csv_rejected", Deeds(extension: Kind.csv).inspected().rejected.finished),
    ("csv_no_rows", Deeds(extension: Kind.csv).inspected().wantsOutput.columns(2).tableFinished.finished),
    ("gzip", Deeds(extension: Kind.gzip).inspected(signature: 2).member(name: nil).table.finished),
    (
      "zip",
      Deeds(extension: Kind.zip).inspected(signature: 1).member(name: 0).table.member(name: 6, hasContent: false)
        .member(name: 4).table.finished
    ),
    (
      "zip_small_limits",
      Deeds(extension: Kind.zip, hasSmallLimits: true).inspected(signature: 1).member(name: 0).member(name: 5).table
        .member(name: 4).finished
    ),
    ("zip_without_table", Deeds(extension: Kind.zip).inspected(signature: 1).finished),
    ("refused", Deeds(extension: Kind.zip).inspected().finished),
    ("second_inspection", Deeds(extension: Kind.csv).inspected().inspected()),
    ("second_output", Deeds(extension: Kind.csv).inspected().table.wantsOutput),
    ("after_the_end", Deeds(extension: Kind.csv).inspected().finished.finished),
    ("written_over", Deeds(extension: Kind.csv).inspected().table.write([1, 2, 3], at: 700).finished),
    ("long_output", Deeds(extension: Kind.csv, hasSmallLimits: true).inspected().table.write([1], at: 60_000).finished),
    ("no_verdict", Deeds(extension: Kind.csv).finished),
  ].map { Seed($0, $1.bytes) }
  + (0..<4).map { kind in
    let deeds = Deeds(extension: Kind.csv).inspected().wantsOutput.columns(8)
    return Seed("endless_\(kind)", (0..<40).reduce(deeds) { deeds, _ in deeds.endless(UInt8(kind)) }.bytes)
  }
  + [
    Seed(
      "raw_packets",
      workerMessages.filter { ["inspected_accepted", "wants_output", "columns", "batch_rows"].contains($0.0) }
        .reduce(Deeds(extension: Kind.csv)) { $0.raw($1.1.bytes) }.bytes)
  ]
