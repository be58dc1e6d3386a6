// SPDX-License-Identifier: Apache-2.0

import Validation

/// What the service says to a worker.
///
/// Every message is one packet of the channel.
package enum ServiceMessage: Sendable, Hashable {
  /// The upload; carries the input's descriptor, and the scratch's.
  case job(Job)
  /// The confinement was verified; hostile bytes may be read.
  case begin
  /// The confinement was verified, and is to be tried: there is no upload.
  case tryAttack(TrialAttack)
  /// The verdict agrees: read the file.
  case proceed
  /// Nothing more is wanted: the file is refused or its tables are known.
  case stop
  /// The descriptor of the output that was asked for.
  case output

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .job(let job):
      writer.integer(UInt8(1))
      job.write(to: &writer)
    case .begin: writer.integer(UInt8(2))
    case .proceed: writer.integer(UInt8(3))
    case .stop: writer.integer(UInt8(4))
    case .output: writer.integer(UInt8(5))
    case .tryAttack(let attack):
      writer.integer(UInt8(6))
      writer.integer(attack.rawValue)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(bytes)
    switch try reader.integer(UInt8.self) {
    case 1: self = .job(try Job(from: &reader))
    case 2: self = .begin
    case 3: self = .proceed
    case 4: self = .stop
    case 5: self = .output
    case 6:
      guard let attack = TrialAttack(rawValue: try reader.integer()) else { throw MalformedMessage() }
      self = .tryAttack(attack)
    default: throw MalformedMessage()
    }
    try reader.finish()
  }
}
