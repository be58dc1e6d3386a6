// SPDX-License-Identifier: Apache-2.0

// What of SQLite cannot be called from Swift: functions with a variable number of arguments, and what GRDB leaves out.

#pragma once

struct sqlite3;

// Keeps what undoes a savepoint in memory, up to so many bytes of each transaction: beyond, it goes to a file outside the
// store, a page at a time. Before the first connection of the process only. Returns SQLite's result code.
int ingest_sqlite_keep_statement_journals(int bytes);

// Turns SQLITE_DBCONFIG_DEFENSIVE on: no statement can then write the schema, or the pages of the file, as plain data.
// Returns SQLite's result code.
int ingest_sqlite_make_defensive(struct sqlite3 *_Nonnull connection);

// Whether it is on: 1 or 0, or -1 where SQLite does not know the setting.
int ingest_sqlite_is_defensive(struct sqlite3 *_Nonnull connection);

// The errno of the last call of the system that failed for this connection, or for its log; 0 where none did.
int ingest_sqlite_last_errno(struct sqlite3 *_Nonnull connection);
