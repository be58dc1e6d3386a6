// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import WorkerProtocol

/// Why no worker could be used: our own failure, never the file's.
package enum SandboxError: Error, Hashable, Sendable {
  /// The worker's confinement is weaker than what is required; `missing` names the layers.
  case levelUnavailable(required: SandboxLevel, actual: SandboxLevel, missing: [String])
  /// As many uploads wait as may.
  case busy
  /// At the start a worker tried this, and it did not fail as it must.
  case trialFailed(String, String)
  /// The worker or its zygote ended before it was given the file.
  case startFailed(String)
  /// The kernel shows another state than the worker claims.
  case unverified(String)
  /// A system call failed.
  case system(SystemCallError)
}

extension LayerSet {
  /// The layers' names, for people.
  package var names: [String] {
    let all: [(LayerSet, String)] = [
      (.noNewPrivileges, "no_new_privs"), (.notDumpable, "dumpable=0"), (.descriptorsClosed, "closed descriptors"),
      (.parentDeathSignal, "parent death signal"), (.unprivileged, "unprivileged user"), (.landlock, "Landlock"),
      (.resourceLimits, "resource limits"), (.seccomp, "seccomp filter"), (.denyWriteExecute, "MDWE"),
      (.namespaces, "namespaces"), (.emptyRoot, "empty root"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}
