// The few declarations of MySQL's client that a test needs.
#pragma once
typedef struct st_mysql MYSQL;
extern "C" {
int mysql_query(MYSQL *, const char *);
void *mysql_store_result(MYSQL *);
}
