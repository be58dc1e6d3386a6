// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <string.h>
#include <sys/utsname.h>

// What is root's alone, so that these work only where the worker stays root. None does what it asks for.

// The magic numbers are wrong.
static int reboot_machine(void) { return allowed(syscall(SYS_reboot, 0, 0, 0, NULL), EINVAL); }

static int load_kernel(void) { return allowed(syscall(SYS_kexec_load, 0L, 0L, NULL, ~0UL), EINVAL); }

static int load_module(void) { return allowed(syscall(SYS_init_module, "", 0L, ""), ENOEXEC); }

static int remove_module(void) { return allowed(syscall(SYS_delete_module, "no-such", 0), ENOENT); }

static int add_swap(void) { return allowed(syscall(SYS_swapon, "/no-such", 0), ENOENT); }

static int keep_accounts(void) { return allowed(syscall(SYS_acct, "/no-such"), ENOENT); }

static int read_kernel_log(void) {
  const int size_of_buffer = 10;
  return outcome(syscall(SYS_syslog, size_of_buffer, NULL, 0));
}

// To the name that it has.
static int name_host(void) {
  struct utsname names;
  if (syscall(SYS_uname, &names) < 0) return -errno;
  return outcome(syscall(SYS_sethostname, names.nodename, strlen(names.nodename)));
}

static int read_host_name(void) {
  struct utsname names;
  return outcome(syscall(SYS_uname, &names));
}

#if defined(__x86_64__)
static int reach_ports(void) { return outcome(syscall(SYS_ioperm, 0x80L, 1L, 1)); }
#endif

const struct attack machine_attacks[] = {
    {"reboot", reboot_machine},
    {"kexec", load_kernel},
    {"load-module", load_module},
    {"remove-module", remove_module},
    {"swapon", add_swap},
    {"accounting", keep_accounts},
    {"kernel-log", read_kernel_log},
    {"set-host-name", name_host},
    {"host-name", read_host_name},
#if defined(__x86_64__)
    {"ioperm", reach_ports},
#endif
    {NULL, NULL},
};
