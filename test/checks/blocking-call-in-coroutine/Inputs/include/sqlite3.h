// The few declarations of SQLite that a test needs.
#pragma once
struct sqlite3;
struct sqlite3_stmt;
#define SQLITE_ROW 100
extern "C" {
int sqlite3_exec(sqlite3 *, const char *sql, int (*callback)(void *, int, char **, char **), void *, char **error);
int sqlite3_step(sqlite3_stmt *);
int sqlite3_column_int(sqlite3_stmt *, int column);
}
