// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import IngestTables
import Store

/// What a column of a published table holds.
package struct ColumnStatistics: Codable, Sendable, Hashable {
  /// Rows without a value: exact.
  package var nulls: UInt64
  /// The least and the greatest value as text, NaN left out: exact, of long texts the start.
  ///
  /// Nil where there is none, and of lists.
  package var min: String?
  package var max: String?
  /// What a sample of rows lets expect; nil in very wide tables.
  package var estimates: ColumnEstimates?

  private static let mostEstimated = 500

  init(_ summary: ColumnSummary, _ field: Field) {
    nulls = summary.nulls
    let bounds = summary.bounds.values(as: field.type)
    min = bounds?.least.text
    max = bounds?.greatest.text
  }

  /// The statistics that a catalog keeps.
  ///
  /// - Throws: `catalog` with `corrupt` where the text is none.
  static func columns(_ text: String) throws(StoreError) -> [ColumnStatistics] {
    do {
      return try JSONDecoder().decode([ColumnStatistics].self, from: Data(text.utf8))
    } catch { throw .catalog(.corrupt) }
  }

  /// The first column whose exact numbers are not those that a catalog keeps; nil where all are, or none are kept.
  ///
  /// - Throws: `catalog` with `corrupt` where the text is none.
  static func firstDifference(
    _ text: String?, _ summaries: [ColumnSummary], _ schema: Schema
  ) throws(StoreError) -> Int? {
    guard let text else { return nil }
    let kept = try columns(text)
    guard kept.count == summaries.count else { throw .catalog(.corrupt) }
    return summaries.indices.first { column in
      let counted = ColumnStatistics(summaries[column], schema.fields[column])
      return kept[column].nulls != counted.nulls || kept[column].min != counted.min || kept[column].max != counted.max
    }
  }

  /// The statistics of each column of a table, as text of JSON.
  ///
  /// - Parameter contents: what was counted while the table was verified.
  static func text(of table: TableFile, _ contents: TableContents) throws -> String {
    let rows = contents.rows
    var columns = zip(contents.columns, table.schema.fields).map { ColumnStatistics($0, $1) }
    if columns.count <= mostEstimated {
      let sample = try SampledRows(of: table)
      for column in columns.indices {
        let present = rows - Swift.min(rows, columns[column].nulls)
        columns[column].estimates = ColumnEstimates(sample.columns[column], present: present, isWhole: sample.isWhole)
      }
    }
    return text(of: columns)
  }

  /// As JSON, by hand: `JSONEncoder` took a twelfth of the service's time for a small upload.
  private static func text(of columns: [ColumnStatistics]) -> String {
    let objects = columns.map { String(decoding: $0.json.bytes, as: UTF8.self) }
    return "[\(objects.joined(separator: ","))]"
  }

  /// The object that `init(from:)` reads.
  private var json: JSONObject {
    var object = JSONObject()
    if let estimates { object.add("estimates", estimates.json) }
    object.add("max", max)
    object.add("min", min)
    object.add("nulls", nulls)
    return object
  }
}

/// What the values of some rows, which lie evenly over the table, let expect of all.
package struct ColumnEstimates: Codable, Sendable, Hashable {
  /// A value and how many of the sampled rows have it.
  package struct Frequency: Codable, Sendable, Hashable {
    package var value: String
    package var rows: Int
  }

  /// Sampled values that lie between two of `edges`, the upper one counted in the last only.
  package struct Histogram: Codable, Sendable, Hashable {
    package var edges: [Double]
    package var rows: [Int]
  }

  /// How many rows were looked at, and whether they are all.
  package var rows: Int
  package var exact: Bool
  /// How many different values there are.
  package var distinct: UInt64
  /// The most frequent values, none that is there once.
  package var top: [Frequency]
  /// Of ordered columns: the values below which 5, 25, 50, 75 and 95 of a hundred lie, as text.
  package var quantiles: [String: String]?
  /// Of numbers.
  package var histogram: Histogram?

  private static let longestValue = 64
  private static let topValues = 5
  private static let bins = 10

  init(_ sample: [Value], present: UInt64, isWhole: Bool) {
    rows = sample.count
    exact = isWhole
    // No NaN equals another.
    let values = sample.filter { $0 != .null }.map { $0.isNaN ? .text($0.text) : $0 }
    var counts: [Value: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    distinct = Self.distinct(counts, of: values.count, present: present)
    let frequent = counts.filter { $0.value > 1 }.map { (text: $0.key.text, rows: $0.value) }
    top = frequent.sorted { $0.rows != $1.rows ? $0.rows > $1.rows : $0.text < $1.text }.prefix(Self.topValues)
      .map { Frequency(value: $0.text.prefix(Self.longestValue).description, rows: $0.rows) }
    let ordered = values.filter { $0.order != nil }.sorted { ($0.order ?? 0) < ($1.order ?? 0) }
    guard let first = ordered.first, let last = ordered.last else { return }
    quantiles = Dictionary(
      uniqueKeysWithValues: [5, 25, 50, 75, 95].map { ("p\($0)", ordered[(ordered.count - 1) * $0 / 100].text) })
    histogram = Self.histogram(ordered.compactMap(\.number), first.number, last.number)
  }

  /// The object that `init(from:)` reads.
  fileprivate var json: JSONObject {
    var object = JSONObject()
    object.add("distinct", distinct)
    object.add("exact", exact)
    if let histogram {
      var bins = JSONObject()
      bins.add("edges", histogram.edges)
      bins.add("rows", histogram.rows.map { UInt64($0) })
      object.add("histogram", bins)
    }
    if let quantiles {
      var values = JSONObject()
      for (name, value) in quantiles.sorted(by: { $0.key < $1.key }) { values.add(name, value) }
      object.add("quantiles", values)
    }
    object.add("rows", UInt64(rows))
    object.add(
      "top",
      top.map { frequency in
        var value = JSONObject()
        value.add("rows", UInt64(frequency.rows))
        value.add("value", frequency.value)
        return value
      })
    return object
  }

  /// The guaranteed-error estimator (Charikar, Chaudhuri, Motwani, Narasayya, "Towards Estimation Error Guarantees for
  /// Distinct Values", PODS 2000): values that were seen once stand for as many as the square root of the sampling rate
  /// says.
  private static func distinct(_ counts: [Value: Int], of sampled: Int, present: UInt64) -> UInt64 {
    guard sampled > 0 else { return 0 }
    let once = counts.values.count { $0 == 1 }
    let rate = Double(present) / Double(sampled)
    let estimate = Double(counts.count - once) + Double(once) * max(1, rate).squareRoot()
    return min(present, UInt64(exactly: estimate.rounded()) ?? present)
  }

  private static func histogram(_ numbers: [Double], _ least: Double?, _ greatest: Double?) -> Histogram? {
    guard let least, let greatest, least < greatest, (greatest - least).isFinite else { return nil }
    let width = (greatest - least) / Double(bins)
    var rows = [Int](repeating: 0, count: bins)
    guard width > 0 else { return nil }
    for number in numbers { rows[min(bins - 1, Int((number - least) / width))] += 1 }
    return Histogram(edges: (0..<bins).map { least + Double($0) * width } + [greatest], rows: rows)
  }
}

extension Value {
  fileprivate var isNaN: Bool { if case .float64(let value) = self { value.isNaN } else { false } }

  /// Where the value stands among others of its column; nil where the type has no order that a number can tell.
  fileprivate var order: Double? {
    switch self {
    case .date(let days): Double(days)
    case .timestamp(let time, _), .timestampNanoseconds(let time, _), .time(let time): Double(time)
    default: number
    }
  }

  /// The value as a finite number.
  fileprivate var number: Double? {
    switch self {
    case .int64(let value): Double(value)
    case .uint64(let value): Double(value)
    case .float64(let value): value.isFinite ? value : nil
    case .decimal(let unscaled, let scale): Double(unscaled) / pow(10, Double(scale))
    default: nil
    }
  }
}
