// SPDX-License-Identifier: Apache-2.0
// Which calls fail. SHIM_FAIL holds rules with commas between them: CALL:N:HOW, or CALL:N+:HOW for the N-th and all
// after it, with @PART behind it for calls whose path holds PART only. HOW is the name of an error, or SHORT.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_rules = 16 };

struct rule {
  char call[32], how[16], part[64];
  unsigned long first, seen;
  bool repeats;
};

static struct rule rules[most_rules];
static size_t rule_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void read_rules(void) {
  const char *text = getenv("SHIM_FAIL");
  for (; text != NULL && *text != 0 && rule_count < most_rules; text += strcspn(text, ","), text += *text == ',') {
    struct rule *rule = &rules[rule_count];
    char number[24];
    if (sscanf(text, "%31[^:,]:%23[^:,]:%15[^@,]@%63[^,]", rule->call, number, rule->how, rule->part) < 3) abort();
    char *end;
    rule->first = strtoul(number, &end, 10);
    rule->repeats = *end == '+';
    rule_count++;
  }
}

/// Says how often each rule's call was made.
__attribute__((destructor)) static void note_counts(void) {
  for (size_t index = 0; index < rule_count; index++) {
    char text[64];
    int length = snprintf(text, sizeof(text), "%s %lu", rules[index].call, rules[index].seen);
    shim_lock();
    shim_note('Z', 0, NULL, text, (size_t)length);
    shim_unlock();
  }
}

static int number_of(const char *name) {
  static const struct { const char *name; int number; } errors[] = {
      {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"EMFILE", EMFILE}};
  for (size_t index = 0; index < sizeof(errors) / sizeof(*errors); index++)
    if (strcmp(errors[index].name, name) == 0) return errors[index].number;
  abort();
}

/// The rule that this call meets; each rule counts the calls that it is about.
static const struct rule *matching(const char *call, const char *path, bool is_short) {
  const struct rule *found = NULL;
  for (size_t index = 0; index < rule_count; index++) {
    struct rule *rule = &rules[index];
    bool wants_short = strcmp(rule->how, "SHORT") == 0;
    if (wants_short != is_short || strcmp(rule->call, call) != 0 || strstr(path, rule->part) == NULL) continue;
    pthread_mutex_lock(&mutex);
    unsigned long turn = ++rule->seen;
    pthread_mutex_unlock(&mutex);
    if (turn == rule->first || (rule->repeats && turn > rule->first)) found = rule;
  }
  if (found == NULL || !shim_notes()) return found;
  char text[PATH_MAX + 64];
  int length = snprintf(text, sizeof(text), "%s %s %s", call, found->how, path);
  shim_lock();
  shim_note('X', 0, NULL, text, (size_t)length);
  shim_unlock();
  return found;
}

bool shim_fails(const char *call, const char *path) {
  const struct rule *rule = matching(call, path, false);
  if (rule == NULL) return false;
  errno = number_of(rule->how);
  return true;
}

size_t shim_length(const char *call, const char *path, size_t length) {
  return length > 1 && matching(call, path, true) != NULL ? length / 2 : length;
}

void shim_delay_sync(void) {
  const char *text = getenv("SHIM_FSYNC_DELAY_MS");
  if (text == NULL) return;
  long milliseconds = strtol(text, NULL, 10);
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (nanosleep(&time, &time) != 0 && errno == EINTR) {}
}
