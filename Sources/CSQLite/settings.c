// SPDX-License-Identifier: Apache-2.0

#include "CSQLite.h"

#include <sqlite3.h>

int ingest_sqlite_keep_statement_journals(int bytes) {
  return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, bytes);
}

int ingest_sqlite_make_defensive(struct sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

int ingest_sqlite_is_defensive(struct sqlite3 *connection) {
  int answer = -1;
  // A negative argument asks without changing anything.
  if (sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, -1, &answer) != SQLITE_OK) return -1;
  return answer;
}

int ingest_sqlite_last_errno(struct sqlite3 *connection) {
  sqlite3_file *log = 0;
  int number = 0;
  // The connection itself learns no number from a commit that fails; the file of its log keeps it.
  int result = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (result == SQLITE_OK && log != 0 && log->pMethods != 0)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number != 0 ? number : sqlite3_system_errno(connection);
}
