// The few declarations of MySQL's client that a test needs.
#pragma once
typedef struct st_mysql MYSQL;
extern "C" {
int mysql_query(MYSQL *, const char *);
typedef struct st_mysql_res MYSQL_RES;
void *mysql_store_result(MYSQL *);
MYSQL_RES *mysql_use_result(MYSQL *);
char **mysql_fetch_row(MYSQL_RES *);
}
