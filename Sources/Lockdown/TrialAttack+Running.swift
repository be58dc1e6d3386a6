// SPDX-License-Identifier: Apache-2.0

internal import CKernel
package import WorkerProtocol

extension TrialAttack {
  /// Tries the attack inside of the confinement; where that holds, the call mostly does not return.
  ///
  /// - Parameters:
  ///   - service: The process to attack, by the number that it has outside.
  ///   - file: A descriptor of a file that may be written within the job's limit.
  package func run(on service: Int32, writingTo file: Int32) -> TrialResult {
    let result = ingest_try_attack(kind, service, file)
    return result == 0 ? .succeeded : .denied(errno: -result)
  }

  private var kind: ingest_attack {
    switch self {
    case .none: INGEST_NO_ATTACK
    case .openFile: INGEST_OPEN_FILE
    case .statFile: INGEST_STAT_FILE
    case .makeMemoryFile: INGEST_MAKE_MEMORY_FILE
    case .connect: INGEST_CONNECT
    case .fork: INGEST_FORK
    case .execute: INGEST_EXECUTE
    case .signalService: INGEST_SIGNAL_SERVICE
    case .readServiceMemory: INGEST_READ_SERVICE_MEMORY
    case .traceService: INGEST_TRACE_SERVICE
    case .makeUserNamespace: INGEST_MAKE_USER_NAMESPACE
    case .mapWriteExecute: INGEST_MAP_WRITE_EXECUTE
    case .loadKernelProgram: INGEST_LOAD_KERNEL_PROGRAM
    case .allocate: INGEST_ALLOCATE
    case .overwrite: INGEST_OVERWRITE
    }
  }
}
