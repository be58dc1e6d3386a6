// SPDX-License-Identifier: Apache-2.0

import Glibc
import WorkerProtocol

extension Attack {
  static let all = files + ownFiles + mounts + network + processes + itself + memory + kernel + machine + foreign

  private static let files = [
    Attack("open-passwd", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("openat2-passwd", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("create-file", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("list-directory", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("truncate", .landlock(EACCES, from: 3), .namespaces(ENOENT)),
    Attack("symlink", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("hard-link", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("rename", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("unlink", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("mkdir", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("fifo", .landlock(EACCES), .namespaces(ENOENT)),
    Attack(ofRoot: "device", .ownUser(EPERM), .landlock(EACCES), .namespaces(ENOENT)),
    Attack("stat-shadow", .denied(ENOSYS), .namespaces(ENOENT)),
    Attack("statx-shadow", .namespaces(ENOENT)),
    Attack("access", .namespaces(ENOENT)),
    Attack("readlink", .namespaces(ENOENT)),
    Attack("chdir", .namespaces(ENOENT)),
    Attack("chmod", .namespaces(ENOENT)),
    Attack("chown", .namespaces(ENOENT)),
    Attack("utimes", .namespaces(ENOENT)),
    Attack("setxattr", .namespaces(ENOENT)),
    Attack("inotify", .namespaces(ENOENT)),
    Attack("fanotify"),
    Attack("take-handle", .namespaces(ENOENT)),
    Attack(ofRoot: "open-by-handle", .ownUser(EPERM), .closedDescriptors(EBADF), .namespaces(EPERM)),
  ]

  /// The worker's own descriptors, and those that it must not have.
  private static let ownFiles = [
    Attack("escape-by-descriptor", .closedDescriptors(EBADF), .landlock(EACCES)),
    Attack(unfiltered: "read-other-upload", .denied(EBADF), .closedDescriptors(EBADF)),
    Attack(unfiltered: "overwrite-other-upload", .denied(EBADF), .closedDescriptors(EBADF)),
    Attack("memfd"),
    Attack("dup-past-limit", .limits(EMFILE)),
    Attack("dup-high", .limits(EBADF)),
    Attack(unfiltered: "write-past-cap", .limited(WorkerExit.outputLimit), .limits(EFBIG)),
    Attack(unfiltered: "write-far-away", .limited(WorkerExit.outputLimit), .limits(EFBIG)),
    Attack("reopen-output", .namespaces(ENOENT)),
    Attack("truncate-output"),
    Attack("fallocate-output"),
    Attack("seal-output"),
    Attack("lock-input"),
    Attack("sendfile"),
    Attack("fcntl"),
  ]

  private static let mounts = [
    Attack(ofRoot: "mount", .ownUser(EPERM), .landlock(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "bind-mount", .ownUser(EPERM), .landlock(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "umount", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "pivot-root", .ownUser(EPERM), .landlock(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "chroot", .ownUser(EPERM)),
    Attack("open-tree", .namespaces(ENOENT)),
    Attack(ofRoot: "clone-tree", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "fsopen", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "move-mount", .ownUser(EPERM), .namespaces(EPERM)),
    Attack("user-namespace", .namespaces(ENOSPC)),
    Attack(ofRoot: "network-namespace", .ownUser(EPERM)),
    Attack("clone3-namespaces", .limits(EAGAIN), .namespaces(ENOSPC)),
    Attack(ofRoot: "setns-parent", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
  ]

  private static let network = [
    Attack("connect-tcp", .landlock(EACCES, from: 4), .namespaces(ENETUNREACH)),
    Attack("serve-tcp", .landlock(EACCES, from: 4)),
    Attack("connect-abstract", .landlock(EPERM, from: 6), .namespaces(ECONNREFUSED)),
    Attack("connect-path", .namespaces(ENOENT)),
    Attack("bind-path", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("send-udp", .namespaces(ENETUNREACH)),
    Attack("send-udp-by-open-socket"),
    Attack("list-interfaces"),
    Attack("sendmsg"),
    Attack("sendmmsg"),
    Attack("socketpair"),
    Attack(ofRoot: "raw-socket", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "packet-socket", .ownUser(EPERM), .namespaces(EPERM)),
    Attack("netlink-socket"),
    Attack("vsock-socket"),
    Attack("crypto-socket"),
    Attack("send-descriptor"),
    Attack(ofRoot: "forge-credentials", .ownUser(EPERM), .namespaces(EINVAL)),
    Attack("peer-credentials"),
    Attack("grow-channel"),
    Attack("shut-channel"),
  ]

  private static let processes = [
    Attack("fork", .limits(EAGAIN)),
    Attack("vfork", .limits(EAGAIN)),
    Attack("thread", .limits(EAGAIN)),
    Attack("many-threads", .limits(EAGAIN)),
    Attack("exec", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("execveat", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("execute-output", .landlock(EACCES), .namespaces(ENOENT)),
    Attack("ptrace-parent", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("process-vm-readv", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("process-vm-writev", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("compare-with-parent", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("parent-robust-list", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("pidfd-getfd", .ownUser(EPERM), .landlock(EPERM), .namespaces(ESRCH)),
    Attack("parent-memory", .ownUser(EACCES), .landlock(EACCES), .namespaces(ENOENT)),
    Attack("parent-environment", .ownUser(EACCES), .landlock(EACCES), .namespaces(ENOENT)),
    Attack("parent-map", .ownUser(EACCES), .landlock(EACCES), .namespaces(ENOENT)),
    Attack("parent-descriptor", .ownUser(EACCES), .landlock(EACCES), .namespaces(ENOENT)),
    Attack("probe-parent", .ownUser(EPERM), .landlock(EPERM, from: 6), .namespaces(ESRCH)),
    Attack("signal-parent", .ownUser(EPERM), .landlock(EPERM, from: 6), .namespaces(ESRCH)),
    Attack("tgkill-parent", .ownUser(EPERM), .landlock(EPERM, from: 6), .namespaces(ESRCH)),
    Attack("sigqueue-parent", .ownUser(EPERM), .landlock(EPERM, from: 6), .namespaces(ESRCH)),
    Attack("pidfd-signal-parent", .ownUser(EPERM), .landlock(EPERM, from: 6), .namespaces(ESRCH)),
    // To all that it may signal: none is no error, but where there is no other process at all.
    Attack("probe-all", .namespaces(ESRCH)),
    Attack("prlimit-parent", .ownUser(EPERM), .namespaces(ESRCH)),
    Attack("slow-parent", .ownUser(EPERM), .namespaces(ESRCH)),
    Attack("pin-parent", .ownUser(EPERM), .namespaces(ESRCH)),
    Attack("parent-clock", .namespaces(EINVAL)),
    Attack("traceme"),
    Attack("process-madvise"),
    Attack("setpgid"),
    Attack("setsid"),
  ]

  /// What a process does to itself, and what undoes its confinement.
  private static let itself = [
    Attack("dumpable"),
    Attack("undo-no-new-privileges"),
    Attack("undo-death-signal"),
    Attack("undo-write-execute-denial", .writeExecute(EPERM)),
    Attack("undo-filter"),
    Attack("add-filter"),
    Attack("listen-to-filter"),
    Attack("landlock"),
    Attack("change-memory-map"),
    Attack("subreaper"),
    Attack("personality"),
    Attack(ofRoot: "become-root", .ownUser(EPERM), .namespaces(EINVAL)),
    Attack(ofRoot: "setgroups", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "capset", .ownUser(EPERM)),
    Attack("setrlimit-raise", .limits(EPERM)),
    Attack("be-last-to-go", .ownUser(EACCES), .undumpable(EACCES), .landlock(EACCES), .namespaces(ENOENT)),
    Attack(ofRoot: "raise-priority", .ownUser(EACCES), .namespaces(EACCES)),
    Attack(ofRoot: "real-time-scheduling", .ownUser(EPERM), .namespaces(EPERM)),
    Attack("batch-scheduling"),
    Attack("rseq"),
    Attack("set-robust-list"),
    Attack("set-tid-address"),
    Attack("ignore-signals"),
    Attack("itimer"),
    Attack("timer"),
    Attack("timerfd"),
    Attack("sleep"),
  ]

  private static let memory = [
    Attack(unfiltered: "allocate", .denied(ENOMEM), .limits(ENOMEM)),
    Attack(unfiltered: "spin", .limited(WorkerExit.processorTime), .limits(ETIME)),
    Attack(unfiltered: "spin-deaf", .killed(SIGKILL), .limits(ETIME)),
    // The kernel's own cap, whoever asks.
    Attack(unfiltered: "maps-without-end", .denied(ENOMEM)),
    Attack("map-write-execute", .writeExecute(EACCES)),
    Attack("protect-execute", .writeExecute(EACCES)),
    Attack("protect-execute-by-key", .writeExecute(EACCES)),
    Attack("map-execute-file"),
    Attack("map-shared"),
    Attack("map-shared-validate"),
    Attack("map-shared-anonymous"),
    Attack("map-huge"),
    Attack("map-growing-down"),
    Attack("lock-memory"),
    Attack("secret-memory"),
    Attack("shmget"),
    Attack("parent-shared-memory", .namespaces(EINVAL)),
    Attack("semget"),
    Attack("msgget"),
    Attack("message-queue", .landlock(EACCES)),
  ]

  /// Parts of the kernel that a parser has no use for.
  private static let kernel = [
    Attack("io-uring"),
    Attack("io-uring-enter"),
    Attack("io-uring-register"),
    Attack("add-key"),
    Attack("join-keyring"),
    Attack("session-keyring"),
    Attack("request-key"),
    Attack("userfaultfd"),
    Attack(ofRoot: "bpf", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "bpf-program", .ownUser(EPERM), .namespaces(EPERM)),
    Attack("perf-event"),
    Attack("perf-event-parent", .ownUser(EACCES), .landlock(EACCES, only: .ordinaryUser), .namespaces(ESRCH)),
    Attack("terminal"),
    Attack("ioctl"),
    Attack("pipe"),
    Attack("eventfd"),
    Attack("epoll"),
    Attack("signalfd"),
    Attack("adjtimex"),
  ]

  private static let machine = [
    Attack(ofRoot: "reboot", .ownUser(EPERM)),
    Attack(ofRoot: "kexec", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "load-module", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "remove-module", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "swapon", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "accounting", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "kernel-log", .ownUser(EPERM), .namespaces(EPERM)),
    Attack(ofRoot: "set-host-name", .ownUser(EPERM)),
    Attack("host-name"),
  ]

  /// Other architectures' calls, of a kernel that may have them, and what only this one has.
  #if arch(x86_64)
    private static let foreign = [
      Attack("x32"), Attack("i386"), Attack("arch-prctl"), Attack("modify-ldt"),
      Attack(ofRoot: "ioperm", .ownUser(EPERM), .namespaces(EPERM)),
    ]
  #else
    private static let foreign: [Attack] = []
  #endif
}
