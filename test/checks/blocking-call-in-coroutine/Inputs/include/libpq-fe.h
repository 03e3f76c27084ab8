// The few declarations of libpq that a test needs.
#pragma once
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
extern "C" {
PGresult *PQexec(PGconn *, const char *query);
int PQsendQuery(PGconn *, const char *query);
int PQisBusy(PGconn *);
void PQclear(PGresult *);
}
