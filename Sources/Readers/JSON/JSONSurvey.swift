// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Finds the keys of a JSON table's first records, its header, and guesses its columns' types from them.
struct JSONSurvey {
  private let source: JSONSource
  private let options: ReadOptions
  private let limits: ReadLimits
  private let sample: Range<Int>

  init(_ source: JSONSource, _ options: ReadOptions, limits: ReadLimits, sample: ClosedRange<Int>) {
    self.source = source
    self.options = options
    self.limits = limits
    let wished = min(max(source.tree.count << 10, sample.lowerBound), sample.upperBound)
    self.sample = source.range.prefix(wished)
  }

  /// The keys that the first records have.
  var keys: KeyTree {
    let scan = JSONScan(source.form)
    go(over: scan, sample, findsKeys: true) { _ in }
    return scan.tree
  }

  /// Goes over the sample, as far as it can be read: what is wrong there is the pass's to report.
  private func go(
    over scan: JSONScan, _ sample: Range<Int>, findsKeys: Bool = false, _ body: (JSONCells) -> Void
  ) {
    var position = sample.lowerBound
    let columns = source.tree.columns.count { $0 != nil }
    while position < sample.upperBound {
      let limit = min(position + PassSizes.scannedBytes, sample.upperBound)
      let answer = scan.scan(source.bytes, from: position, limit: limit, in: source.range, findsKeys: findsKeys)
      if answer.records > 0 {
        let range = position..<position + answer.bytes
        body(JSONCells(scan, range, columns: columns, records: answer.records))
      }
      position += answer.bytes
      if answer.fault != nil, !source.form.hasLines { return }
    }
  }

  /// The table's names; of its columns nothing is known yet.
  ///
  /// - Parameter names: what its columns are called, where that stands elsewhere.
  /// - Throws: a `Rejection`: a name that is too long, or a rule for no column.
  func plan(names given: [[UInt8]]?) throws(Rejection) -> (plan: TablePlan, header: Dialect.HeaderFinding) {
    let columns = source.tree.columns.count { $0 != nil }
    let header = given == nil && source.form.hasArrays ? header(columns) : nil
    let longest = Int(clamping: limits.headerNameBytes)
    let texts = header?.names ?? given ?? (source.form.hasArrays ? [] : source.tree.columnNames(longest: longest))
    let names = try ColumnNames(texts, count: max(columns, 1), limits: limits)
    var plan = TablePlan(
      header: names, contract: try ColumnContract(options.cells, names: names.names), columnCount: columns,
      grounds: [ColumnInference](repeating: ColumnInference(), count: columns),
      decisions: [ColumnInference.Decision](repeating: ColumnInference.Decision(type: .null), count: columns),
      hasExtra: false, headerRecords: header == nil ? 0 : 1, rowsStart: header?.end ?? source.range.lowerBound)
    plan.hasKeys = header == nil && !texts.isEmpty
    return (plan, header?.finding ?? (texts.isEmpty ? .absent : .present))
  }

  /// Guesses the columns whose types are not given, from records that become rows.
  func guess(_ plan: inout TablePlan) {
    var screens = (0..<plan.columnCount).map { _ in TextScreen(isThorough: true, plan.contract.nullWords) }
    var others: [UInt32] = []
    go(over: JSONScan(source.form, source.tree), plan.rowsStart..<max(plan.rowsStart, sample.upperBound)) { found in
      var cells = found
      let rejected = plan.judge.map { rejects(of: found, $0) } ?? []
      if !rejected.isEmpty { cells.remove(rejected) }
      for column in screens.indices where !cells.isEmpty(column) {
        screens[column].look(at: column, of: cells, source.bytes, present: cells.records, &others)
      }
    }
    for column in screens.indices { plan.decide(column, from: screens[column].cells) }
  }

  /// The records that are in no row, by their numbers.
  private func rejects(of cells: JSONCells, _ judge: RecordJudge) -> [Int] {
    let end = source.range.upperBound
    return (0..<cells.records).filter { row in
      let fields = (0..<cells.columns).map { cells.field(row, $0, in: source.bytes) }
      let place = cells.place(of: row, in: source.bytes, end: end)
      return judge.judge(fields[...], from: cells.start(of: row), at: place, source.bytes, end: end) != nil
    }
  }

  // MARK: The header of lists

  private struct Header {
    var names: [[UInt8]]
    var finding: Dialect.HeaderFinding
    /// Where the next record starts.
    var end: Int
  }

  /// The first list, where it holds nothing but strings and others hold more, or where that is said.
  private func header(_ columns: Int) -> Header? {
    let stated: Bool? = options.header == .auto ? nil : options.header == .always
    let isStated = options.dialect.headerRows.map { $0 > 0 } ?? stated
    guard isStated != false else { return nil }
    let scan = JSONScan(source.form, source.tree)
    let first = source.bytes.firstValue(in: source.range)
    guard first < source.range.upperBound else { return nil }
    let answer = scan.scan(source.bytes, from: source.range.lowerBound, limit: first + 1, in: source.range)
    // What is wrong behind it is found by the pass, if there is one.
    guard answer.records == 1, answer.fault == nil else { return nil }
    let end = source.range.lowerBound + answer.bytes
    let cells = JSONCells(scan, source.range.lowerBound..<end, columns: columns, records: 1)
    let fields = (0..<columns).map { cells.field(0, $0, in: source.bytes) }
    let isText = fields.contains { !$0.isAbsent } && fields.allSatisfy { $0.isQuoted || $0.isAbsent }
    guard isStated == true || isText else { return nil }
    let names = fields.map { field in
      var name: [UInt8] = []
      field.appendContent(of: source.bytes, to: &name)
      return name
    }
    let isPresent = isStated == true || holdsMore(from: end)
    return Header(names: names, finding: isPresent ? .present : .assumed, end: end)
  }

  /// Whether any of the first records holds more than strings; as many whatever the sample, so that one header is found.
  private func holdsMore(from start: Int) -> Bool {
    var found = false
    let window = start..<max(start, source.range.prefix(PassSizes.scannedBytes).upperBound)
    go(over: JSONScan(source.form, source.tree), window) { cells in
      found = found || (0..<cells.columns).contains { !cells.isEmpty($0) && cells.mix(of: $0) != .strings }
    }
    return found
  }
}
