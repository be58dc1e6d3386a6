// SPDX-License-Identifier: Apache-2.0

import Glibc

extension SystemCallError {
  /// The number's symbolic name, such as `ENOSPC`: bounded and fit for a metric; `E` and the number where it is rare.
  package var name: String { Self.names[errno] ?? "E\(errno)" }

  // glibc's `strerrorname_np` would say it, but Swift's Glibc module is built without `_GNU_SOURCE`.
  private static let names = Dictionary(
    [
      (EPERM, "EPERM"), (ENOENT, "ENOENT"), (ESRCH, "ESRCH"), (EINTR, "EINTR"), (EIO, "EIO"), (ENXIO, "ENXIO"),
      (E2BIG, "E2BIG"), (ENOEXEC, "ENOEXEC"), (EBADF, "EBADF"), (ECHILD, "ECHILD"), (EAGAIN, "EAGAIN"),
      (ENOMEM, "ENOMEM"), (EACCES, "EACCES"), (EFAULT, "EFAULT"), (EBUSY, "EBUSY"), (EEXIST, "EEXIST"),
      (EXDEV, "EXDEV"), (ENODEV, "ENODEV"), (ENOTDIR, "ENOTDIR"), (EISDIR, "EISDIR"), (EINVAL, "EINVAL"),
      (ENFILE, "ENFILE"), (EMFILE, "EMFILE"), (ENOTTY, "ENOTTY"), (ETXTBSY, "ETXTBSY"), (EFBIG, "EFBIG"),
      (ENOSPC, "ENOSPC"), (ESPIPE, "ESPIPE"), (EROFS, "EROFS"), (EMLINK, "EMLINK"), (EPIPE, "EPIPE"),
      (ERANGE, "ERANGE"), (EDEADLK, "EDEADLK"), (ENAMETOOLONG, "ENAMETOOLONG"), (ENOLCK, "ENOLCK"), (ENOSYS, "ENOSYS"),
      (ENOTEMPTY, "ENOTEMPTY"), (ELOOP, "ELOOP"), (EPROTO, "EPROTO"), (EOVERFLOW, "EOVERFLOW"), (EUSERS, "EUSERS"),
      (ENOTSOCK, "ENOTSOCK"), (EMSGSIZE, "EMSGSIZE"), (EOPNOTSUPP, "EOPNOTSUPP"), (EADDRINUSE, "EADDRINUSE"),
      (ENETDOWN, "ENETDOWN"), (ENETUNREACH, "ENETUNREACH"), (ECONNABORTED, "ECONNABORTED"), (ECONNRESET, "ECONNRESET"),
      (ENOBUFS, "ENOBUFS"), (ENOTCONN, "ENOTCONN"), (ETIMEDOUT, "ETIMEDOUT"), (ECONNREFUSED, "ECONNREFUSED"),
      (EALREADY, "EALREADY"), (EINPROGRESS, "EINPROGRESS"), (ESTALE, "ESTALE"), (EDQUOT, "EDQUOT"),
      (ECANCELED, "ECANCELED"),
    ] as [(Int32, String)], uniquingKeysWith: { first, _ in first })
}
