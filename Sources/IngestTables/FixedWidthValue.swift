// SPDX-License-Identifier: Apache-2.0

/// What columns of fixed width hold, as it lies in the file.
///
/// Only the types below conform.
public protocol FixedWidthValue: BitwiseCopyable, Sendable {
  /// Whether a column of this type holds such values.
  static func isStored(in type: ColumnType) -> Bool
}

/// `int64`, `timestamp` and `time` (microseconds), `timestamp[ns]` (nanoseconds).
extension Int64: FixedWidthValue {
  /// Whether a column of this type holds such values.
  public static func isStored(in type: ColumnType) -> Bool {
    switch type {
    case .int64, .timestamp, .timestampNanoseconds, .time: true
    default: false
    }
  }
}

extension UInt64: FixedWidthValue {
  /// Whether a column of this type holds such values.
  public static func isStored(in type: ColumnType) -> Bool { type == .uint64 }
}

extension Double: FixedWidthValue {
  /// Whether a column of this type holds such values.
  public static func isStored(in type: ColumnType) -> Bool { type == .float64 }
}

/// `date`: days since 1970-01-01.
extension Int32: FixedWidthValue {
  /// Whether a column of this type holds such values.
  public static func isStored(in type: ColumnType) -> Bool { type == .date }
}

/// `decimal`: the digits without the point, whose place is the type's scale.
extension Int128: FixedWidthValue {
  /// Whether a column of this type holds such values.
  public static func isStored(in type: ColumnType) -> Bool {
    if case .decimal = type { true } else { false }
  }
}
