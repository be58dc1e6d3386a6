// SPDX-License-Identifier: Apache-2.0

internal import Lockdown
internal import WorkerProtocol

/// What the test ordered, as pairs of option and value on the command line.
struct Order {
  /// What the worker does once it is confined.
  let deed: Deed
  /// A directory that the worker's user may write.
  let scratch: String
  /// What the stand-in for the zygote becomes first of all.
  let startAs: UInt32?
  /// What the worker becomes.
  let user: UInt32?
  let inNamespaces: Bool
  let omitted: LayerSet
  /// The parent as the worker is told; nil for the true one.
  let toldParent: Int32?
  let budget: ResourceBudget
  let inThread: Bool
  let asOnOldKernel: Bool
  let parentLacksKill: Bool

  init?(_ arguments: [String]) {
    var values: [String: String] = [:]
    for index in stride(from: 1, to: arguments.count - 1, by: 2) { values[arguments[index]] = arguments[index + 1] }
    guard arguments.count % 2 == 1, let name = values["--do"], let scratch = values["--scratch"] else { return nil }
    deed = Deed(rawValue: name) ?? .attack(name)
    self.scratch = scratch
    startAs = values["--start-as"].flatMap(UInt32.init)
    user = values["--user"].flatMap(UInt32.init)
    omitted = LayerSet(rawValue: values["--omit"].flatMap(UInt32.init) ?? 0)
    inNamespaces = values["--namespaces"] == "yes" && !omitted.contains(.namespaces)
    toldParent = values["--told-parent"].flatMap(Int32.init)
    budget = ResourceBudget(addressSpaceBytes: 512 << 20, fileBytes: 1 << 20, cpuSeconds: 1, descriptors: 16)
    inThread = values["--in-thread"] == "yes"
    asOnOldKernel = values["--kernel"] == "old"
    parentLacksKill = values["--parent-may-kill"] == "no"
  }
}
