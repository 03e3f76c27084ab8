// Arrays with their extent, unions, bit-fields with the memory they share, members of anonymous structs, and the object
// around a member.
// RUN: %tenterhook facts %s -- -std=gnu17 | FileCheck %s
#include <stddef.h>

struct list {
  struct list *next;
};
struct item {
  int value;
  union {
    int small;
    long large;
  };
  unsigned a : 3, b : 4;
  unsigned : 0;
  unsigned c : 1;
  char text[16];
  struct list link;
};
#define container_of(ptr, type, member)                                                                                \
  ({                                                                                                                   \
    const __typeof__(((type *)0)->member) *inner = (ptr);                                                              \
    (type *)((char *)inner - offsetof(type, member));                                                                  \
  })
#define by_hand(ptr, type, member) ((type *)((char *)(ptr) - (size_t)&((type *)0)->member))

int values(struct item *i, struct list *l) {
  i->small = 1;
  i->a = 1;
  i->text[2] = 'x';
  container_of(l, struct item, link)->value = 2;
  by_hand(l, struct item, link)->value = 3;
  return ((struct item *)((char *)l->next - offsetof(struct item, link)))->value;
}
// CHECK-LABEL: function values
// CHECK: write i->(anonymous).small = 1
// CHECK: write i->a = 1
// CHECK: write i->text[2] =
// CHECK: write container(*inner, item::link).value = 2
// CHECK: write container(*l, item::link).value = 3
// CHECK: read container(*l->next, item::link).value

// CHECK: type item::(anonymous union) [union]
// CHECK-NEXT: field item::small : int
// CHECK-NEXT: field item::large : long
// CHECK: type item  @
// CHECK-NEXT: field item::value : int
// CHECK-NEXT: field item::(anonymous) : item::(anonymous union)
// CHECK-NEXT: field item::a : unsigned int bits 3 unit 1
// CHECK-NEXT: field item::b : unsigned int bits 4 unit 1
// CHECK-NEXT: field item::c : unsigned int bits 1 unit 2
// CHECK: type char[16] [array] extent 16
