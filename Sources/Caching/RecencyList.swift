// SPDX-License-Identifier: Apache-2.0

/// Values by key, the one that was used last first; each step takes constant time.
struct RecencyList<Key: Hashable, Value> {
  private struct Node {
    let key: Key
    var value: Value
    /// The neighbours' places; -1 where there is none.
    var newer: Int
    var older: Int
  }

  private var places: [Key: Int] = [:]
  private var nodes: [Node?] = []
  private var free: [Int] = []
  private var newest = -1
  private var oldest = -1

  var count: Int { places.count }

  /// The key that has not been used for the longest time.
  var last: Key? { oldest < 0 ? nil : nodes[oldest]?.key }

  var keys: [Key] { Array(places.keys) }

  /// The value of a key, which counts as its use.
  mutating func use(_ key: Key) -> Value? {
    guard let place = places[key], let node = nodes[place] else { return nil }
    if newest != place {
      unlink(node)
      push(place)
    }
    return node.value
  }

  /// The value of a key, which does not count as its use.
  func peek(_ key: Key) -> Value? { places[key].flatMap { nodes[$0]?.value } }

  /// Adds a value in front.
  ///
  /// The key has none.
  mutating func insert(_ value: Value, for key: Key) {
    precondition(places[key] == nil, "a key has one value")
    let place = free.popLast() ?? nodes.count
    let node = Node(key: key, value: value, newer: -1, older: -1)
    if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
    places[key] = place
    push(place)
  }

  @discardableResult
  mutating func remove(_ key: Key) -> Value? {
    guard let place = places.removeValue(forKey: key), let node = nodes[place] else { return nil }
    unlink(node)
    nodes[place] = nil
    free.append(place)
    return node.value
  }

  private mutating func unlink(_ node: Node) {
    if node.newer < 0 { newest = node.older } else { nodes[node.newer]?.older = node.older }
    if node.older < 0 { oldest = node.newer } else { nodes[node.older]?.newer = node.newer }
  }

  private mutating func push(_ place: Int) {
    nodes[place]?.newer = -1
    nodes[place]?.older = newest
    if newest >= 0 { nodes[newest]?.newer = place }
    newest = place
    if oldest < 0 { oldest = place }
  }
}
