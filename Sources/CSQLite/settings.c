// SPDX-License-Identifier: Apache-2.0

#include "CSQLite.h"

#include <sqlite3.h>

int ingest_sqlite_make_defensive(struct sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

int ingest_sqlite_is_defensive(struct sqlite3 *connection) {
  int answer = -1;
  // A negative argument asks without changing anything.
  if (sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, -1, &answer) != SQLITE_OK) return -1;
  return answer;
}

int ingest_sqlite_system_errno(struct sqlite3 *connection) { return sqlite3_system_errno(connection); }
