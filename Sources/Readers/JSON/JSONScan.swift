// SPDX-License-Identifier: Apache-2.0

import CJSON

/// Takes records apart on one thread (`CJSON`): owns the keys that it knows, and the places of the last cells.
@safe final class JSONScan {
  /// Made and freed with this object, and used by one thread at a time.
  private let handle: OpaquePointer
  private let form: JSONForm

  /// What a scan found.
  struct Answer {
    let records: Int
    /// The bytes that were passed.
    let bytes: Int
    let blanks: Int
    let firstBlank: Int?
    /// Whether a record has a key that no column was planned for.
    let hasUnknown: Bool
    let lineEnds: CSVScanner.LineEnds
    /// The first record that could not be taken, with its fault.
    let fault: (JSONFault, record: Range<Int>)?
  }

  /// A scan that knows some keys, and which column each of them is.
  init(_ form: JSONForm, _ tree: KeyTree = KeyTree()) {
    self.form = form
    var random = SystemRandomNumberGenerator()
    let seed = (random.next(), random.next())
    precondition(form.set.isAvailable)
    // SAFETY: the call takes the form by value, and answers with memory of its own.
    unsafe handle = ingest_json_new(
      ingest_json_form(
        are_arrays: form.hasArrays ? 1 : 0, are_lines: form.hasLines ? 1 : 0, set: form.set.rawValue,
        flat_depth: UInt32(clamping: form.flatDepth), depth: UInt32(clamping: form.depth),
        columns: UInt32(clamping: form.columns), record_bytes: form.recordBytes,
        cell_bytes: form.cellBytes, seed: seed))
    learn(tree)
  }

  deinit {
    // SAFETY: nobody else has the handle.
    unsafe ingest_json_free(handle)
  }

  /// Forgets all keys but these.
  func relearn(_ tree: KeyTree) {
    // SAFETY: the handle is this object's; so below.
    unsafe ingest_json_clear(handle)
    learn(tree)
  }

  private func learn(_ tree: KeyTree) {
    for (key, values) in zip(tree.keys, tree.values) {
      let known = unsafe key.name.withUnsafeBufferPointer { name in
        // SAFETY: the call copies the name's bytes.
        unsafe ingest_json_add(
          handle,
          ingest_json_key(
            parent: Int32(key.parent), repeat: form.hasArrays ? 0 : UInt32(clamping: key.repeats),
            key: name.baseAddress, length: name.count, has_value: values.contains(.some) ? 1 : 0,
            has_null: values.contains(.null) ? 1 : 0,
            has_members: 0))
      }
      precondition(known != 0, "more keys than the caps allow")
    }
    let columns = tree.columns
    let numbers = columns.map { $0.map(Int32.init) ?? -1 }
    // SAFETY: the call reads one number for each key.
    unsafe ingest_json_bind(handle, numbers, numbers.count, columns.count { $0 != nil })
  }

  /// The keys that it knows by now.
  var tree: KeyTree {
    var tree = KeyTree()
    for number in 0..<(unsafe ingest_json_count(handle)) {
      let key = unsafe ingest_json_get(handle, number)
      // SAFETY: the name is kept by the handle, and copied here.
      let name = unsafe Array(UnsafeBufferPointer(start: key.key, count: key.length))
      var values: KeyTree.Values = []
      if unsafe key.has_value != 0 { values.insert(.some) }
      if unsafe key.has_null != 0 { values.insert(.null) }
      tree.add(
        KeyTree.Key(
          parent: unsafe Int(key.parent), name: name, repeats: form.hasArrays ? number : unsafe Int(key.repeat)), values
      )
    }
    return tree
  }

  /// Takes the records that start from `start` on and before `limit`, as many as there is room for, up to a faulty one.
  ///
  /// - Parameters:
  ///   - table: where the table's records lie.
  ///   - findsKeys: adds their keys, instead of taking cells.
  func scan(
    _ bytes: MappedBytes, from start: Int, limit: Int, in table: Range<Int>, findsKeys: Bool = false
  ) -> Answer {
    precondition(table.lowerBound <= start && start <= limit && table.upperBound <= bytes.count)
    let end = min(table.upperBound, limit + form.recordBytes + Self.margin)
    var answer = ingest_json_answer()
    let run = unsafe findsKeys ? ingest_json_discover : ingest_json_scan
    // SAFETY: the range lies in the bytes, as was just checked.
    unsafe run(
      handle, bytes.pointer + start, end - start, limit - start, start == table.lowerBound ? 1 : 0,
      end == table.upperBound ? 1 : 0, &answer)
    return Answer(answer, from: start)
  }

  /// What may follow a record of the largest size: blanks and a line's end.
  private static let margin = 64 << 10

  // MARK: The last scan

  /// The places of a column's cells, counted from where the scan started, and the kinds that they are of.
  func cells(of column: Int) -> ingest_json_cells { unsafe ingest_json_column(handle, column) }

  /// Where a record starts and ends, counted from where the scan started.
  func place(of record: Int) -> Range<Int> {
    // SAFETY: callers ask for records of the last scan only.
    unsafe Int(ingest_json_starts(handle)[record])..<Int(ingest_json_ends(handle)[record])
  }

  func remove(_ removed: [Int]) {
    let numbers = removed.map { UInt32(truncatingIfNeeded: $0) }
    // SAFETY: the call reads as many numbers as there are.
    unsafe ingest_json_remove(handle, numbers, numbers.count)
  }
}

extension JSONScan.Answer {
  fileprivate init(_ answer: ingest_json_answer, from start: Int) {
    records = answer.records
    bytes = answer.consumed
    blanks = answer.blanks
    firstBlank = answer.blanks > 0 ? start + answer.first_blank : nil
    hasUnknown = answer.has_unknown != 0
    var ends: CSVScanner.LineEnds = []
    if answer.has_bare_newline != 0 { ends.insert(.lineFeed) }
    if answer.has_pair != 0 { ends.insert(.both) }
    lineEnds = ends
    fault = JSONFault(answer.fault, at: start + answer.fault_offset).map {
      ($0, start + answer.record_start..<start + answer.record_end)
    }
  }
}
