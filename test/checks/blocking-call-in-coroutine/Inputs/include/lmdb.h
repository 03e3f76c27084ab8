// The few declarations of LMDB that a test needs.
#pragma once
extern "C" {
typedef struct MDB_env MDB_env;
typedef struct MDB_txn MDB_txn;
typedef struct MDB_val MDB_val;
typedef unsigned int MDB_dbi;
#define MDB_RDONLY 0x20000
int mdb_env_open(MDB_env *, const char *path, unsigned int flags, unsigned int mode);
int mdb_env_sync(MDB_env *, int force);
int mdb_txn_begin(MDB_env *, MDB_txn *parent, unsigned int flags, MDB_txn **);
int mdb_txn_commit(MDB_txn *);
void mdb_txn_abort(MDB_txn *);
int mdb_get(MDB_txn *, MDB_dbi, MDB_val *key, MDB_val *data);
}
