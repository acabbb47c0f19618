// A check of our own logic, on in every build. Never reachable through input: peers, files and users get values.
#pragma once

#include <cstdio>
#include <cstdlib>

#define SOFTLAN_CHECK(condition)                                                                  \
  do {                                                                                            \
    if (!(condition)) [[unlikely]] {                                                              \
      std::fprintf(stderr, "%s:%d: internal check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                               \
    }                                                                                             \
  } while (false)
