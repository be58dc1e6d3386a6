// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What a worker does that is no longer ours.
///
/// The tests of `EndToEndTests` name the code that each must end in.
enum Attack: String {
  /// Writes where nothing is mapped: SIGSEGV.
  case crash
  /// Stops itself: SIGABRT, as the C library does where the heap was overwritten.
  case abort
  /// A Swift trap: SIGILL.
  case trap
  /// Uses the processor without end.
  case spin
  /// Waits without end and without using the processor.
  case wait
  /// Takes address space without end.
  case allocate
  /// Calls itself without end.
  case recurse
  /// Opens a file: a system call that the filter kills.
  case violate
  /// Opens a network connection: likewise.
  case connect
  /// Ends properly, without a word.
  case exit
  /// Ends as our own failure does.
  case fail
  /// Ends properly if it has six descriptors and three variables; else with ten times the one and once the other.
  case list
  /// Ends as a worker does whose disk fails.
  case full
  /// Sends what is no message.
  case babble
  /// Closes the channel and stays.
  case hangup
  /// Writes past the longest file that it may write.
  case overwrite

  private static let prefix = Array("attack:".utf8)

  /// The attack that a file names in its first bytes: `attack:crash`, up to what is no lower-case letter.
  init?(in text: [UInt8]) {
    guard text.starts(with: Self.prefix) else { return nil }
    let name = text.dropFirst(Self.prefix.count).prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    self.init(rawValue: String(decoding: name, as: UTF8.self))
  }

  /// The channel's descriptor (`WorkerSession`); those of the input and the outputs are other numbers.
  private static let channel: Int32 = 3

  func run() {
    switch self {
    case .crash: crash()
    case .abort: Glibc.abort()
    case .trap: fatalError("as asked")
    case .spin: spin()
    case .wait: wait()
    case .allocate: allocate()
    case .recurse: _ = descend(0)
    case .violate: _ = unsafe open("/etc/passwd", O_RDONLY)
    case .connect: _ = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    case .exit: Glibc.exit(0)
    case .fail: Glibc.exit(70)
    case .list: list()
    case .full: Glibc.exit(74)
    case .babble: babble()
    case .hangup:
      close(Self.channel)
      spin()
    case .overwrite: overwrite()
    }
  }

  private func crash() {
    // SAFETY: none; a fault is what is asked for. The first pages are never mapped.
    unsafe UnsafeMutablePointer<UInt8>(bitPattern: 64)?.pointee = 1
  }

  private func list() {
    let open = (Int32(0)..<1024).count { number in
      // The one question about a descriptor that the filter lets pass.
      lseek(number, 0, SEEK_CUR) >= 0 || errno != EBADF
    }
    var variables = 0
    // SAFETY: the process has one thread, and nobody changes its environment.
    var next = unsafe environ
    while unsafe next.pointee != nil {
      variables += 1
      unsafe next += 1
    }
    Glibc._exit(open == 6 && variables == 3 ? 0 : Int32(10 * open + variables))
  }

  private func spin() { while true { sink.wrappingAdd(1, ordering: .relaxed) } }

  private func wait() {
    var message = unsafe msghdr()
    // SAFETY: a header of no buffers. The service sends nothing more before it hears from us, so this never returns.
    _ = unsafe recvmsg(Self.channel, &message, 0)
  }

  /// Through Swift's own allocator, so that its answer to a refusal is what ends the worker.
  private func allocate() {
    var held: [[UInt8]] = []
    while true {
      var next: [UInt8] = []
      next.reserveCapacity(64 << 20)
      held.append(next)
      sink.wrappingAdd(held.count, ordering: .relaxed)
    }
  }

  private func babble() {
    let words: [UInt8] = Array(repeating: 0xA5, count: 100)
    // SAFETY: the call reads the array's bytes.
    _ = unsafe send(Self.channel, words, words.count, 0)
    wait()
  }

  /// Every descriptor, far beyond what any limit allows; a sparse file takes no room.
  private func overwrite() {
    var byte: UInt8 = 1
    for number in Int32(0)..<64 {
      // SAFETY: the call reads the one byte that it is given.
      _ = unsafe pwrite(number, &byte, 1, 1 << 42)
    }
  }
}

/// What the compiler cannot know, so that it removes no loop of the above.
private let sink = Atomic(0)

private func descend(_ depth: Int) -> Int {
  let local = [depth, sink.load(ordering: .relaxed)]
  // It never is, but the compiler would warn of a recursion that nothing ends.
  guard depth >= 0 else { return 0 }
  return descend(depth &+ 1) &+ local[local[1] & 1]
}
