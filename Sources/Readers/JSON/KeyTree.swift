// SPDX-License-Identifier: Apache-2.0

/// The keys of a table's records, with those of the objects within them, in the order in which they stand in the text;
/// of arrays, the places of their elements.
struct KeyTree: Sendable {
  /// One key of one object: a key that stands twice in it is two, as two columns of one name are in a delimited text.
  struct Key: Hashable, Sendable {
    /// The number of the key whose value the object is; -1 for a record.
    var parent: Int
    var name: [UInt8]
    /// How often it stood in the same object before; of an array, the element's place.
    var repeats: Int
  }

  /// What the values of a key were.
  struct Values: OptionSet, Sendable {
    let rawValue: UInt8
    static let some = Values(rawValue: 1)
    static let null = Values(rawValue: 2)
    /// Objects that were taken apart.
    static let members = Values(rawValue: 4)
  }

  private(set) var keys: [Key] = []
  private(set) var values: [Values] = []
  private var numbers: [Key: Int] = [:]

  var count: Int { keys.count }

  /// Adds what is known of a key whose parent is there.
  ///
  /// - Returns: its number.
  @discardableResult
  mutating func add(_ key: Key, _ values: Values) -> Int {
    if key.parent >= 0 { self.values[key.parent].insert(.members) }
    if let number = numbers[key] {
      self.values[number].formUnion(values)
      return number
    }
    numbers[key] = keys.count
    keys.append(key)
    self.values.append(values)
    return keys.count - 1
  }

  /// Adds the keys of a later part of the text.
  mutating func add(_ later: KeyTree) {
    var here: [Int] = []
    for (key, values) in zip(later.keys, later.values) {
      var key = key
      if key.parent >= 0 { key.parent = here[key.parent] }
      here.append(add(key, values.subtracting(.members)))
    }
  }

  /// The column of each key; nil for one that has no value but objects that were taken apart, or null beside them, and
  /// for one in a record that broke a cap.
  var columns: [Int?] {
    var next = 0
    return values.map { values in
      guard values.contains(.some) || values == .null else { return nil }
      defer { next += 1 }
      return next
    }
  }

  /// The names of the columns: keys within objects behind those of the objects, with a point between.
  ///
  /// - Parameter longest: what a name may take, in bytes, once it is in form C, which is at least a third of what it was.
  ///   What lies within an object whose name is longer in any case shares that name, not a copy of it for each key.
  func columnNames(longest: Int) -> [[UInt8]] {
    let tooLong = longest.multipliedReportingOverflow(by: 4)
    var paths: [[UInt8]] = []
    for key in keys {
      if key.parent < 0 {
        paths.append(key.name)
      } else if paths[key.parent].count > (tooLong.overflow ? .max : tooLong.partialValue) {
        paths.append(paths[key.parent])
      } else {
        paths.append(paths[key.parent] + [UInt8(ascii: ".")] + key.name)
      }
    }
    return zip(paths, columns).compactMap { path, column in column == nil ? nil : path }
  }
}
