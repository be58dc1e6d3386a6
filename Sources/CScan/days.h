// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSCAN_DAYS_H
#define INGEST_CSCAN_DAYS_H

#include <stdint.h>

/// The days from 1970-01-01 to the first of March of year 0, and those before each month of a year that starts in March
/// (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
static const uint16_t days_before[13] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
static const uint8_t days_in[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

/// Days since 1970-01-01; 0 where there is no such day in the years 1 to 9999.
static inline int read_day(uint32_t year, uint32_t month, uint32_t day, int32_t *days) {
  if (month - 1 > 11 || year == 0) return 0;
  const uint32_t is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day - 1 >= days_in[month] + (month == 2 ? is_leap : 0)) return 0;
  const uint32_t shifted = year - (month <= 2);
  *days = (int32_t)(365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + days_before[month] + day - 1) - 719468;
  return 1;
}

#endif
