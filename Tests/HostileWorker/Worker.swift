// SPDX-License-Identifier: Apache-2.0

internal import CAttacks
import Glibc
internal import Lockdown
internal import WorkerProtocol

/// The forked process: confined as the real worker is, then hostile.
struct Worker {
  private let order: Order
  private let birth: Birth

  init(_ order: Order, _ birth: Birth) {
    self.order = order
    self.birth = birth
  }

  func run() -> Never {
    let times = confine()
    switch order.deed {
    case .attack(let name): attack(name)
    case .honestWork: HonestWork(inThread: order.inThread).run()
    case .listDescriptors: listDescriptors()
    case .listEnvironment: listEnvironment()
    // SAFETY: the function keeps neither the closure nor the names, which are constants of the program.
    case .lookAround: unsafe hostile_look_around { unsafe Report.line(String(cString: $0) + " \($1)") }
    case .wait: wait()
    case .time: Report.line("times \(times.begin) \(times.seal)")
    case .sweep: break
    }
    HostileWorker.end(.succeeded)
  }

  /// The nanoseconds that each stage took.
  @discardableResult
  func confine() -> (begin: UInt64, seal: UInt64) {
    do {
      let start = nanoseconds()
      let confinement = try Confinement.begin(
        birth, keepingDescriptorsBelow: Int32(hostile_first_descriptor_to_close), weakenedByOmitting: order.omitted)
      let begun = nanoseconds()
      if order.inThread { guard hostile_start_thread() == 0 else { HostileWorker.end(.notPrepared) } }
      let startSeal = nanoseconds()
      let layers = try confinement.seal(order.budget)
      let sealed = nanoseconds()
      if order.deed != .sweep { Report.line("layers \(layers.rawValue)") }
      return (begun - start, sealed - startSeal)
    } catch {
      Report.line("error \(error)")
      HostileWorker.end(.notConfined)
    }
  }

  private func attack(_ name: String) {
    // SAFETY: the name is a null-terminated copy that lives for the call.
    let result = unsafe order.inThread ? hostile_attack_in_thread(name) : hostile_attack(name)
    guard result < 0 else { return }
    Report.line("errno \(-result)")
    HostileWorker.end(.denied)
  }

  private func listDescriptors() {
    var open = [Int32](repeating: 0, count: 64)
    // SAFETY: the array has room for as many numbers as said, and lives for the call.
    let count = unsafe hostile_open_descriptors(&open, Int32(open.count))
    Report.line("descriptors " + open.prefix(Int(count)).map(String.init).joined(separator: " "))
  }

  private func listEnvironment() {
    // SAFETY: the process has one thread, and nobody changes its environment.
    var next = unsafe environ
    while let variable = unsafe next.pointee {
      Report.line(unsafe "variable " + String(cString: variable))
      unsafe next += 1
    }
  }

  private func wait() {
    Report.line("ready")
    var byte: UInt8 = 0
    // SAFETY: the pointer is valid for the call, which writes at most the one byte.
    _ = unsafe read(STDIN_FILENO, &byte, 1)
    Report.line("survived")
  }

  private func nanoseconds() -> UInt64 {
    var now = timespec()
    // SAFETY: the pointer is valid for the call, which writes one structure.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}
