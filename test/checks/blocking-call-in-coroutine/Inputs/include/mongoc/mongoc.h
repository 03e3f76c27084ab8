// The few declarations of mongoc that a test needs.
#pragma once
extern "C" {
typedef struct mongoc_collection_t mongoc_collection_t;
typedef struct mongoc_cursor_t mongoc_cursor_t;
typedef struct bson_t bson_t;
mongoc_cursor_t *mongoc_collection_find_with_opts(mongoc_collection_t *, const bson_t *, const bson_t *, const void *);
bool mongoc_cursor_next(mongoc_cursor_t *, const bson_t **);
bool mongoc_collection_insert_one(mongoc_collection_t *, const bson_t *, const bson_t *, bson_t *, void *);
}
