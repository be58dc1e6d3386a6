// SPDX-License-Identifier: Apache-2.0

/// What a sealed worker tries at start-up, to show that it cannot.
///
/// None does harm where it succeeds. `Tests/HostileWorker` has the long form.
package enum TrialAttack: UInt8, Sendable, Hashable, CaseIterable {
  /// None: shows that a worker that tries nothing lives to say so.
  case none
  case openFile
  case statFile
  case makeMemoryFile
  case connect
  case fork
  case execute
  case signalService
  case readServiceMemory
  case traceService
  case makeUserNamespace
  case mapWriteExecute
  case loadKernelProgram
  case allocate
  case overwrite
}

/// How a trial ended in a worker that lived on.
package enum TrialResult: Sendable, Hashable {
  case succeeded
  case denied(errno: Int32)
}
