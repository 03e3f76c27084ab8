// The few declarations of libuv that a test needs.
#pragma once
extern "C" {
typedef struct uv_loop_s uv_loop_t;
typedef struct uv_fs_s uv_fs_t;
typedef struct uv_getaddrinfo_s uv_getaddrinfo_t;
typedef struct uv_getnameinfo_s uv_getnameinfo_t;
typedef struct uv_work_s uv_work_t;
typedef struct uv_handle_s uv_handle_t;
typedef int uv_file;
typedef struct uv_buf_t {
  char *base;
  unsigned long len;
} uv_buf_t;
struct addrinfo;
struct sockaddr;
typedef void (*uv_fs_cb)(uv_fs_t *req);
typedef void (*uv_getaddrinfo_cb)(uv_getaddrinfo_t *req, int status, struct addrinfo *res);
typedef void (*uv_getnameinfo_cb)(uv_getnameinfo_t *req, int status, const char *hostname, const char *service);
typedef void (*uv_close_cb)(uv_handle_t *handle);
int uv_fs_open(uv_loop_t *, uv_fs_t *, const char *path, int flags, int mode, uv_fs_cb);
int uv_fs_read(uv_loop_t *, uv_fs_t *, uv_file, const uv_buf_t bufs[], unsigned int nbufs, long offset, uv_fs_cb);
int uv_fs_stat(uv_loop_t *, uv_fs_t *, const char *path, uv_fs_cb);
int uv_fs_unlink(uv_loop_t *, uv_fs_t *, const char *path, uv_fs_cb);
int uv_fs_fsync(uv_loop_t *, uv_fs_t *, uv_file, uv_fs_cb);
int uv_fs_close(uv_loop_t *, uv_fs_t *, uv_file, uv_fs_cb);
void uv_fs_req_cleanup(uv_fs_t *);
int uv_getaddrinfo(uv_loop_t *, uv_getaddrinfo_t *, uv_getaddrinfo_cb, const char *node, const char *service,
                   const struct addrinfo *hints);
int uv_getnameinfo(uv_loop_t *, uv_getnameinfo_t *, uv_getnameinfo_cb, const struct sockaddr *, int flags);
void uv_close(uv_handle_t *, uv_close_cb);
}
