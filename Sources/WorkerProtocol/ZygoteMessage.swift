// SPDX-License-Identifier: Apache-2.0

/// What the service says to the zygote: fork one worker.
///
/// One packet of its channel, with the descriptor of the worker's end of its own channel.
package struct ForkOrder: Sendable, Hashable {
  /// The user that the worker becomes, where the service is root.
  package var user: UInt32?
  package var inNamespaces: Bool

  package init(user: UInt32?, inNamespaces: Bool) {
    self.user = user
    self.inNamespaces = inNamespaces
  }

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    writer.optional(user)
    writer.integer(UInt8(inNamespaces ? 1 : 0))
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(bytes)
    self.init(user: try reader.optionalInteger(), inNamespaces: try reader.flag())
    try reader.finish()
  }
}

/// The C libraries that read uploads, as they are installed.
package struct LibraryVersions: Sendable, Hashable {
  /// libmagic's: 544 is 5.44.
  package var magic: UInt32
  /// libarchive's: 3_006_002 is 3.6.2.
  package var archive: UInt32

  package init(magic: UInt32, archive: UInt32) {
    self.magic = magic
    self.archive = archive
  }
}

/// What the zygote answers: once when it is warm, and to each order.
package enum ZygoteReply: Sendable, Hashable {
  /// Whether its root is empty, so that its workers can be isolated, comes last.
  case warm(version: UInt32, LibraryVersions, hasEmptyRoot: Bool)
  /// The number of the new process, which is a child of the service.
  case forked(Int32)
  case failed(errno: Int32)

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .warm(let version, let libraries, let hasEmptyRoot):
      writer.integer(UInt8(1))
      writer.integer(version)
      writer.integer(libraries.magic)
      writer.integer(libraries.archive)
      writer.integer(UInt8(hasEmptyRoot ? 1 : 0))
    case .forked(let process):
      writer.integer(UInt8(2))
      writer.integer(process)
    case .failed(let errno):
      writer.integer(UInt8(3))
      writer.integer(errno)
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(bytes)
    switch try reader.integer(UInt8.self) {
    case 1:
      self = .warm(
        version: try reader.integer(), LibraryVersions(magic: try reader.integer(), archive: try reader.integer()),
        hasEmptyRoot: try reader.flag())
    case 2: self = .forked(try reader.integer())
    case 3: self = .failed(errno: try reader.integer())
    default: throw MalformedMessage()
    }
    try reader.finish()
  }
}
