// SPDX-License-Identifier: Apache-2.0

/// The exit statuses of `hostile-worker`.
///
/// A worker that met a limit: `WorkerExit`. One killed by a signal: 128 and the signal's number.
enum End: Int32 {
  /// The attack, or the honest work, succeeded.
  case succeeded = 42
  /// The attack was denied; standard output says by which error number.
  case denied = 43
  case misused = 64
  case notPrepared = 65
  case notConfined = 66
}
