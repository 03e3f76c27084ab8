// Databases within the program: SQLiteCpp, LMDB, libmdbx, LevelDB, RocksDB.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <SQLiteCpp/SQLiteCpp.h>
#include <leveldb/db.h>
#include <lmdb.h>
#include <mdbx.h>
#include <rocksdb/db.h>

task<> opens() {
  SQLite::Database db("a.db"); // finding: blocking-call-in-coroutine "opens a database"
  co_await tick();
  use(db.getChanges());
}
task<> executes(SQLite::Database &db) {
  db.exec("vacuum"); // finding: blocking-call-in-coroutine "the database's file or its lock"
  co_await tick();
}
task<> steps(SQLite::Statement &query) {
  query.bind(1, 2);
  while (query.executeStep()) // finding: blocking-call-in-coroutine
    use(query.getColumn(0));
  co_await tick();
}
task<> prepares(SQLite::Database &db) {
  SQLite::Statement query(db, "select 1"); // finding: blocking-call-in-coroutine
  SQLite::Statement moved(std::move(query));
  co_await tick();
}
task<> commits(SQLite::Database &db) {
  SQLite::Transaction all(db); // finding: blocking-call-in-coroutine "'SQLite::Transaction::commit'"
  all.commit();
  co_await tick();
}

task<> writes(MDB_env *env, MDB_txn *txn) {
  mdb_txn_begin(env, nullptr, 0, &txn); // finding: blocking-call-in-coroutine "waits for the write transaction of another"
  co_await tick();
}
task<> syncs(MDB_env *env) {
  mdb_env_sync(env, 1); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> reads(MDB_env *env, MDB_txn *txn, MDB_val *key, MDB_val *data) {
  mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
  use(mdb_get(txn, 1, key, data));
  mdb_txn_abort(txn);
  co_await tick();
}
task<> ends(MDB_txn *txn) {
  mdb_txn_commit(txn); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> writes_mdbx(MDBX_env *env, MDBX_txn *txn) {
  mdbx_txn_begin(env, nullptr, MDBX_TXN_RDONLY, &txn);
  mdbx_txn_begin(env, nullptr, MDBX_TXN_TRY, &txn);
  mdbx_txn_begin(env, nullptr, MDBX_TXN_READWRITE, &txn); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> writes_mdbx_cpp(mdbx::env &env, mdbx::txn &parent) {
  auto within = env.start_write(parent);
  auto tried = env.start_write(true);
  auto reading = env.start_read();
  auto writing = env.start_write(); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> gets(leveldb::DB *db, std::string value) {
  db->GetProperty("leveldb.stats", &value);
  db->Get({}, "key", &value); // finding: blocking-call-in-coroutine "reads or writes the database's files"
  co_await tick();
}
task<> walks(leveldb::DB *db) {
  leveldb::Iterator *it = db->NewIterator({});
  for (it->Seek("a"); it->Valid(); it->Next()) // finding: blocking-call-in-coroutine
    use(1);
  co_await tick();
}
task<> opens_a_store(leveldb::DB *db) {
  leveldb::DB::Open({}, "store", &db); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> merges(rocksdb::DB *db) {
  use(static_cast<int>(db->GetLatestSequenceNumber()));
  db->Merge({}, "key", "value"); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> of_a_derived_store(rocksdb::TransactionDB *db, std::string value) {
  db->Get({}, "key", &value); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> ends_a_transaction(rocksdb::Transaction *transaction) {
  transaction->Commit(); // finding: blocking-call-in-coroutine "or its locks"
  co_await tick();
}
