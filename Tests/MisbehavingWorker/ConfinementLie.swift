// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import WorkerChannel
import WorkerProtocol

/// What a worker says of its confinement without taking any.
///
/// A worker gets no arguments or environment of ours, so the
/// name of the program chooses.
enum ConfinementLie: String {
  /// Admits that Landlock is missing, as on an old kernel.
  case basic
  /// Admits that namespaces are missing, as in a container.
  case strong
  /// Admits that there is no confinement at all.
  case none
  /// Claims every layer that needs no namespace.
  case boastful
  /// Claims every layer.
  case grand

  /// The path of this program's file.
  static var ownPath: String {
    var bytes = [CChar](repeating: 0, count: 4096)
    // SAFETY: the call writes within the array's count.
    let count = unsafe readlink("/proc/self/exe", &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The lie that follows the last dash of the program's name.
  init?(program: String) {
    guard let name = program.split(separator: "-").last else { return nil }
    self.init(rawValue: String(name))
  }

  private var layers: LayerSet {
    switch self {
    case .basic: SandboxLevel.basic.required
    case .none: []
    case .strong, .boastful: SandboxLevel.strong.required
    case .grand: SandboxLevel.full.required
    }
  }

  /// Starts as a worker does, up to the answer that would bring the file's first byte.
  func tell(on channel: Int32) -> Never {
    do {
      let channel = MessageSocket(owning: OwnedDescriptor(owning: channel))
      try channel.send(WorkerMessage.ready(version: WorkerMessage.version, layers: layers).bytes)
      _ = try channel.receive()
      try channel.send(WorkerMessage.sealed(layers: layers).bytes)
      // It passes the trial, which is not one for those who claim nothing.
      if let packet = try channel.receive(), case .tryAttack = try ServiceMessage(packet.bytes) {
        try channel.send(WorkerMessage.trialEnded(.succeeded).bytes)
      }
      exit(0)
    } catch { exit(70) }
  }
}
