# SPDX-License-Identifier: Apache-2.0
"""Run a command on a kernel without Landlock, as far as it can tell: the calls answer ENOSYS.

usage: without_landlock.py COMMAND [ARGUMENT…]
"""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
ALLOW, ERRNO, ENOSYS = 0x7FFF0000, 0x00050000, 38
# landlock_create_ruleset, landlock_add_rule and landlock_restrict_self have these numbers on every architecture.
FIRST, LAST = 444, 446


def instruction(code, jump_true, jump_false, value):
    return struct.pack("HBBI", code, jump_true, jump_false, value)


program = b"".join([
    instruction(0x20, 0, 0, 0),             # load the call's number
    instruction(0x35, 0, 2, FIRST),         # below the first: allow
    instruction(0x25, 1, 0, LAST),          # above the last: allow
    instruction(0x06, 0, 0, ERRNO | ENOSYS),
    instruction(0x06, 0, 0, ALLOW),
])
code = ctypes.create_string_buffer(program, len(program))
filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
libc = ctypes.CDLL(None, use_errno=True)
for option, *arguments in [
    (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
    (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(filter_program, len(filter_program)), 0, 0),
]:
    if libc.prctl(option, *arguments) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[1], sys.argv[1:])
