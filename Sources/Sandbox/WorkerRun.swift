// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import WorkerChannel
import WorkerProtocol

/// One worker from its job to its end, on a thread of its own.
struct WorkerRun {
  private let worker: WorkerProcess
  private let settings: WorkerPool.Settings
  private let assignment: WorkerAssignment
  private let deadline: ContinuousClock.Instant
  private let startDeadline: ContinuousClock.Instant
  /// A ready worker has little to do before it has seen the file.
  private static let patience = Duration.seconds(10)
  private var layers: LayerSet = []
  private var isStarted = false
  private var peakPrivateBytes: UInt64 = 0
  private var messages = 0
  /// Whether it is worth the time to look at the worker's memory.
  private var isLarge: Bool { assignment.job.inputBytes >= 1 << 20 }
  /// Far more than any honest worker sends; each costs the service a little.
  private static let mostMessages = 1 << 20

  init(_ worker: WorkerProcess, settings: WorkerPool.Settings, assignment: WorkerAssignment) {
    self.worker = worker
    self.settings = settings
    self.assignment = assignment
    deadline = ContinuousClock.now + assignment.wallTime
    startDeadline = min(deadline, .now + Self.patience)
  }

  /// Listens and answers until the worker has ended.
  ///
  /// Whatever happens, it is dead and reaped afterwards.
  mutating func converse(_ reply: (WorkerMessage) throws -> WorkerReply) throws -> WorkerReport {
    let end: WorkerEnd
    do {
      end = try listen(reply)
    } catch {
      worker.kill()
      _ = worker.reap()
      throw error
    }
    guard isStarted else { throw SandboxError.startFailed("\(end)") }
    return WorkerReport(
      end: end, level: SandboxLevel(of: layers), layers: layers, peakPrivateBytes: peakPrivateBytes)
  }

  private mutating func listen(_ reply: (WorkerMessage) throws -> WorkerReply) throws -> WorkerEnd {
    while true {
      guard try isReadable(worker.channel.rawValue, by: isStarted ? deadline : startDeadline) else {
        guard isStarted else { throw SandboxError.startFailed("it does not answer") }
        return finish(killingFor: .deadline)
      }
      guard let message = try receive() else { return try finishByItself() }
      messages += 1
      guard let message = message, messages <= Self.mostMessages else { return finish(killingFor: .dismissed) }
      if isLarge, message.isMoment { sampleMemory() }
      let isTaken: Bool
      switch try answer(message, reply) {
      case .none: isTaken = true
      case .message(let answer): isTaken = try send(answer, [])
      case .descriptor(let answer, let number): isTaken = try send(answer, [number])
      case .dismiss: isTaken = false
      case .end: return finish(killingFor: .unneeded)
      }
      if !isTaken { return finish(killingFor: .dismissed) }
    }
  }

  private func finish(killingFor cause: WorkerEnd) -> WorkerEnd {
    worker.kill()
    _ = worker.reap()
    return cause
  }

  /// nil at the end of the channel; an inner nil for what is no message.
  private func receive() throws -> WorkerMessage?? {
    let packet: MessageSocket.Packet?
    do {
      packet = try worker.channel.receive()
    } catch {
      switch error.errno {
      case ECONNRESET: return .none
      case EMSGSIZE: return .some(.none)
      default: throw error
      }
    }
    guard let packet else { return .none }
    // A worker has nothing to send along.
    for number in packet.descriptors { close(number) }
    guard packet.descriptors.isEmpty else { return .some(.none) }
    do { return .some(try WorkerMessage(packet.bytes)) } catch { return .some(.none) }
  }

  private mutating func answer(
    _ message: WorkerMessage, _ reply: (WorkerMessage) throws -> WorkerReply
  ) throws -> WorkerReply {
    switch message {
    case .ready(let version, _):
      guard version == WorkerMessage.version, !isStarted else { return .dismiss }
      return try send(.job(assignment.job), [assignment.input, assignment.scratch]) ? .none : .dismiss
    case .sealed(let layers):
      guard !isStarted else { return .dismiss }
      try verify(layers)
      isStarted = true
      return .message(assignment.start)
    default:
      return isStarted ? try reply(message) : .dismiss
    }
  }

  /// Compares the layers with what is required, and with what the kernel says.
  private mutating func verify(_ layers: LayerSet) throws(SandboxError) {
    self.layers = layers
    let level = SandboxLevel(of: layers)
    guard level >= settings.required else {
      throw .levelUnavailable(
        required: settings.required, actual: level, missing: settings.required.required.subtracting(layers).names)
    }
    guard level > .none else { return }
    guard let status = ProcessStatus(of: worker.process), status.isConfined,
      ProcessStatus.areThreadsConfined(of: worker.process)
    else {
      throw .unverified("the worker is not confined as it says")
    }
    guard level < .full || status.isInOwnNamespace else {
      throw .unverified("the worker has no namespace of its own")
    }
  }

  /// Sends without ever waiting.
  ///
  /// - Returns: false where the worker has left so many replies unread that no more fit, which no honest one does.
  private func send(_ message: ServiceMessage, _ descriptors: [Int32]) throws -> Bool {
    do {
      try worker.channel.send(message.bytes, descriptors: descriptors)
      return true
    } catch {
      switch error.errno {
      case EAGAIN: return false
      // Where the worker is gone, the end of the channel says how.
      case EPIPE, ECONNRESET: return true
      default: throw error
      }
    }
  }

  private mutating func sampleMemory() {
    guard isStarted, let status = ProcessStatus(of: worker.process) else { return }
    peakPrivateBytes = max(peakPrivateBytes, status.privateBytes)
  }

  /// Waits for a worker that has closed its channel; kills it where it does not end.
  private func finishByItself() throws -> WorkerEnd {
    // A worker that closes its channel exits at once, or it is up to something.
    guard try worker.endsBy(min(deadline, .now + .seconds(5))) else { return finish(killingFor: .dismissed) }
    let ended = worker.reap()
    // The kernel's own SIGKILL: at the hard limit of processor time, where SIGXCPU was held off, or out of memory.
    let isOverdue = ended.cpuSeconds >= Double(assignment.job.budget.cpuSeconds)
    return ended.end == .signalled(SIGKILL) && isOverdue ? .signalled(SIGXCPU) : ended.end
  }
}

extension WorkerMessage {
  /// Whether it is time to look at the worker's memory: never for a message of which a small file needs several.
  fileprivate var isMoment: Bool {
    switch self {
    case .progress, .finished, .member: true
    default: false
    }
  }
}
