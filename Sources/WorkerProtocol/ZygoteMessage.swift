// SPDX-License-Identifier: Apache-2.0

/// What the service says to the zygote.
///
/// Every message is one packet of its channel.
package enum ZygoteRequest: Sendable, Hashable {
  /// Fork one worker; carries the descriptor of the worker's end of its own channel.
  case fork(user: UInt32?, inNamespaces: Bool)
  /// Execute the program anew, so that later workers have another layout of memory and another hash seed.
  case renew

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .fork(let user, let inNamespaces):
      writer.integer(UInt8(1))
      writer.optional(user)
      writer.integer(UInt8(inNamespaces ? 1 : 0))
    case .renew: writer.integer(UInt8(2))
    }
    return writer.bytes
  }

  package init(_ bytes: [UInt8]) throws(MalformedMessage) {
    var reader = MessageReader(bytes)
    switch try reader.integer(UInt8.self) {
    case 1: self = .fork(user: try reader.optionalInteger(), inNamespaces: try reader.flag())
    case 2: self = .renew
    default: throw MalformedMessage()
    }
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

/// What the zygote answers: once when it is warm, and to each `fork`.
package enum ZygoteReply: Sendable, Hashable {
  case warm(version: UInt32, LibraryVersions)
  /// The number of the new process, which is a child of the service.
  case forked(Int32)
  case failed(errno: Int32)

  package var bytes: [UInt8] {
    var writer = MessageWriter()
    switch self {
    case .warm(let version, let libraries):
      writer.integer(UInt8(1))
      writer.integer(version)
      writer.integer(libraries.magic)
      writer.integer(libraries.archive)
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
        version: try reader.integer(), LibraryVersions(magic: try reader.integer(), archive: try reader.integer()))
    case 2: self = .forked(try reader.integer())
    case 3: self = .failed(errno: try reader.integer())
    default: throw MalformedMessage()
    }
    try reader.finish()
  }
}
