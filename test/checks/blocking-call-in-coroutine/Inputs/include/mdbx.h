// The few declarations of libmdbx that a test needs.
#pragma once
extern "C" {
typedef struct MDBX_env MDBX_env;
typedef struct MDBX_txn MDBX_txn;
enum MDBX_txn_flags_t { MDBX_TXN_READWRITE = 0, MDBX_TXN_RDONLY = 0x20000, MDBX_TXN_TRY = 0x10000000 };
int mdbx_txn_begin(MDBX_env *, MDBX_txn *parent, MDBX_txn_flags_t, MDBX_txn **);
int mdbx_txn_commit(MDBX_txn *);
}
namespace mdbx {
class txn {};
class txn_managed : public txn {
public:
  void commit();
};
class env {
public:
  txn_managed start_read() const;
  txn_managed start_write(txn &parent);
  txn_managed start_write(bool dont_wait = false);
};
} // namespace mdbx
