// SPDX-License-Identifier: Apache-2.0

internal import CAttacks
internal import CKernel
import Glibc
internal import Lockdown
internal import WorkerProtocol

/// A worker that was taken over: confined as the real one is, then it does one forbidden thing.
///
/// The process is a stand-in for the zygote; it forks the worker, and ends with a status of `End`.
@main
struct HostileWorker {
  static func main() {
    if CommandLine.arguments.dropFirst() == ["--list"] { listAttacks() }
    guard let order = Order(CommandLine.arguments) else { end(.misused) }
    let forker = prepare(order)
    if order.deed == .sweep { Sweep(order, forker).run() }
    let child = fork(order, forker)
    Report.line("worker \(child)")
    exit(HostileWorker.waitForEnd(of: child))
  }

  /// Forks a worker as the zygote does, but for whose child it is, and returns in the parent only.
  static func fork(_ order: Order, _ forker: Forker, _ body: (Worker) -> Never = { $0.run() }) -> pid_t {
    do {
      switch try forker.fork(user: order.user, inNamespaces: order.inNamespaces, asSibling: false) {
      case .parent(of: let child): return child
      case .child(var birth):
        if let told = order.toldParent { birth.parent = told }
        body(Worker(order, birth))
      }
    } catch {
      Report.line("error \(error)")
      end(.notConfined)
    }
  }

  /// The worker's exit status, or 128 and its signal.
  static func waitForEnd(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    // SAFETY: the pointer is valid for the call, which writes one integer.
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { end(.notPrepared) }
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  static func end(_ end: End) -> Never { exit(end.rawValue) }

  private static func prepare(_ order: Order) -> Forker {
    if let user = order.startAs, ingest_become_user(user) != 0 { end(.notPrepared) }
    // SAFETY: the path is a null-terminated copy that lives for the call, which copies it.
    guard unsafe hostile_prepare(order.scratch, order.user ?? getuid()) == 0 else { end(.notPrepared) }
    if order.parentLacksKill, hostile_drop_kill() != 0 { end(.notPrepared) }
    if order.asOnOldKernel, hostile_simulate_old_kernel() != 0 { end(.notPrepared) }
    do {
      let isIsolated = order.inNamespaces && !order.omitted.contains(.emptyRoot)
      let forker = try Forker(after: isIsolated ? EmptyRootTrial() : nil)
      // The parent is a victim as easy as can be: what stops an attack must be the worker's own layers.
      guard ingest_prctl_set(PR_SET_DUMPABLE, 1) == 0 else { end(.notPrepared) }
      return forker
    } catch {
      Report.line("error \(error)")
      end(.notConfined)
    }
  }

  private static func listAttacks() -> Never {
    for index in 0..<hostile_attack_count() {
      // SAFETY: the name is a constant of the program.
      Report.line(unsafe String(cString: hostile_attack_name(index)))
    }
    exit(0)
  }
}
