// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread that nobody waits for, and whose start can fail: where a user or a container may have no more of them.
package enum DetachedThread {
  /// Where nothing else is asked for.
  package static let usualStackBytes = 1 << 20

  /// What a thread runs, across the C call that starts it.
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that runs `body`.
  ///
  /// - Throws: the failure of `pthread_create`; nothing runs then.
  package static func start(
    stackBytes: Int = usualStackBytes, _ body: @escaping @Sendable () -> Void
  ) throws(SystemCallError) {
    var attributes = unsafe pthread_attr_t()
    // SAFETY: the attributes are this function's own, made before use and destroyed after it. The box is kept by the
    // reference that the thread takes over; where none starts, it is released here.
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let box = unsafe Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, &attributes,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, unsafe box.toOpaque())
    guard result != 0 else { return }
    unsafe box.release()
    throw SystemCallError(call: "pthread_create", errno: result)
  }
}
