// SPDX-License-Identifier: Apache-2.0

/// A number of bytes.
///
/// People write `64MB` or `2 GiB`; code sees this type, never a bare integer.
///
/// `KB`, `MB`, `GB` are powers of 1000 and `KiB`, `MiB`, `GiB` powers of 1024 (IEC 80000-13).
public struct ByteCount: Sendable, Hashable, Comparable {
  /// The count, in bytes.
  public let bytes: UInt64

  /// A count of exactly `bytes` bytes.
  public init(bytes: UInt64) { self.bytes = bytes }

  package static func kibibytes(_ count: UInt64) -> ByteCount { ByteCount(bytes: count << 10) }
  package static func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(bytes: count << 20) }
  package static func gibibytes(_ count: UInt64) -> ByteCount { ByteCount(bytes: count << 30) }

  /// Whether `left` is the smaller count.
  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

  /// `factor` times this count plus `base`, held at `UInt64.max` instead of overflowing.
  package func scaled(by factor: UInt64, plus base: ByteCount) -> ByteCount {
    let (product, overflowed) = bytes.multipliedReportingOverflow(by: factor)
    let (sum, overflowedAgain) = product.addingReportingOverflow(base.bytes)
    return ByteCount(bytes: overflowed || overflowedAgain ? .max : sum)
  }
}

extension ByteCount: CustomStringConvertible {
  private static let units: [(suffix: String, bytes: UInt64)] = [
    ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000),
  ]

  /// The count in the largest unit that divides it, so that nothing is rounded: `64 MiB`, `1500 bytes`.
  public var description: String {
    for unit in Self.units where bytes >= unit.bytes && bytes.isMultiple(of: unit.bytes) {
      return "\(bytes / unit.bytes) \(unit.suffix)"
    }
    return "\(bytes) bytes"
  }
}

extension ByteCount {
  /// Reads `1048576`, `10MB`, `1.5 GiB`, in any case; nil where the text is no byte count or does not fit.
  public init?(_ text: some StringProtocol) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffix = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    let multipliers: [String: UInt64] = [
      "": 1, "b": 1, "bytes": 1, "k": 1_000, "kb": 1_000, "m": 1_000_000, "mb": 1_000_000, "g": 1_000_000_000,
      "gb": 1_000_000_000, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
    ]
    guard !digits.isEmpty, let multiplier = multipliers[suffix] else { return nil }
    if let whole = UInt64(digits) {
      let (product, overflowed) = whole.multipliedReportingOverflow(by: multiplier)
      guard !overflowed else { return nil }
      self.init(bytes: product)
    } else {
      guard let value = Double(String(digits)), let exact = UInt64(exactly: (value * Double(multiplier)).rounded())
      else {
        return nil
      }
      self.init(bytes: exact)
    }
  }
}
